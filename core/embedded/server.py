"""What the keeper needs to know of a server that it keeps."""

import json
import os
import secrets
import socket
from abc import ABC, abstractmethod
from pathlib import Path

LOOPBACK = "127.0.0.1"


class EmbeddedServerError(RuntimeError):
    """The embedded server cannot run; the message says why and what to do."""


class Server(ABC):
    """One embedded server and its folder `<data>/<name>`.

    Files: `start.lock` (held while starting or stopping), `users.lock` (shared by users), `server.lock` (held by the
    server itself and its children), `address.json` (where it listens), `password`, `log`.
    """

    name: str
    label: str
    setting: str  # the variable that names an external server instead
    socket_name: str

    def __init__(self, data: Path) -> None:
        self.data = data
        self.folder = data / self.name
        self.start_lock = self.folder / "start.lock"
        self.users_lock = self.folder / "users.lock"
        self.keeper_lock = self.folder / "keeper.lock"
        self.server_lock = self.folder / "server.lock"
        self.log = self.folder / "log"
        self.pid_file = self.folder / "pid"

    @abstractmethod
    def prepare(self) -> None:
        """Makes what the server needs, and tidies up after a crash. No server of ours runs then.

        Raises EmbeddedServerError.
        """

    @abstractmethod
    def command(self, port: int | None) -> list[str]:
        """The program and its arguments: a socket in the folder, or 127.0.0.1:port."""

    @abstractmethod
    def is_ready(self, pid: int) -> bool:
        """Whether the server that was started as this process answers."""

    @abstractmethod
    def url(self) -> str:
        """Its address for clients."""

    def left_over_pid(self) -> int | None:
        """The process of a server whose keeper was killed, as it wrote it down itself."""
        try:
            return int(self.pid_file.read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return None

    stop_signal: int

    def before_exec(self) -> None:  # noqa: B027 - most servers need nothing
        """Runs in the new process before the server's program."""

    def environment(self) -> dict[str, str]:
        """Nothing of the caller's: PG… variables and locales would change what is made."""
        return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC", "HOME": str(self.folder)}

    @property
    def socket(self) -> Path:
        return self.folder / self.socket_name

    @property
    def password(self) -> str:
        """Made once; needed only where the socket's path would be too long and the server listens on 127.0.0.1."""
        path = self.folder / "password"
        if not path.exists():
            handle = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
            os.write(handle, secrets.token_urlsafe(24).encode())
            os.close(handle)
        return path.read_text()

    @property
    def port(self) -> int | None:
        """The TCP port on 127.0.0.1, or None when it listens on its socket."""
        port: int | None = json.loads((self.folder / "address.json").read_text())["port"]
        return port

    def choose_port(self) -> int | None:
        """None when a socket can be made in the folder, else a free port. Writes it down for clients."""
        port = None if self._socket_works() else free_port()
        address = self.folder / "address.json"
        address.unlink(missing_ok=True)
        address.touch(mode=0o600)
        address.write_text(json.dumps({"port": port}))
        return port

    def _socket_works(self) -> bool:
        """Paths of sockets have a limit (104 to 108 bytes), and some file systems have no sockets at all.

        A comma separates hosts for PostgreSQL's clients.
        """
        if "," in str(self.folder):
            return False
        self.socket.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.bind(os.fsencode(self.socket))
            except OSError:
                return False
        self.socket.unlink()
        return True


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port
