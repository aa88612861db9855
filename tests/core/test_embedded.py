"""The embedded servers, through their two functions."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import psycopg
import pytest
import redis

from core.embedded import locks
from core.embedded.broker import Broker
from core.embedded.client import CHECKOUT
from core.embedded.postgres import Postgres
from core.embedded.server import Server
from tests.support.processes import wait_for

USER = """
import sys
from pathlib import Path
from core import embedded
data = Path(sys.argv[1])
print(embedded.database_url(data), embedded.redis_url(data), flush=True)
sys.stdin.read()
"""


class User:
    """A process that uses both servers until it is killed."""

    def __init__(self, data: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", USER, str(data)], cwd=CHECKOUT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def addresses(self) -> tuple[str, str]:
        assert self.process.stdout
        assert self.process.stderr
        line = self.process.stdout.readline()
        assert line, self.process.stderr.read()
        database, broker = line.split()
        return database, broker

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "data"
    folder.mkdir()
    yield folder
    for server in (Postgres(folder), Broker(folder)):
        wait_for(lambda server=server: is_stopped(server))  # type: ignore[misc]


def is_stopped(server: Server) -> bool:
    return not server.folder.exists() or (locks.is_free(server.keeper_lock) and locks.is_free(server.server_lock))


def query(database: str) -> str:
    """PostgreSQL's answer to a simple question."""
    head, _, path = database.partition("@/")
    folder, _, name = unquote(path).rpartition("/")
    socket = {"host": folder, "dbname": name, "user": head.rpartition("/")[2]}
    with psycopg.connect(**socket) if path else psycopg.connect(database) as connection:
        return str(connection.execute("SELECT upper('é')").fetchone()[0])  # type: ignore[index]


def test_servers_survive_a_killed_user_and_end_with_the_last(data: Path) -> None:
    first, second = User(data), User(data)
    database, broker = first.addresses()
    assert second.addresses() == (database, broker)

    first.kill()
    assert query(database) == "É"
    assert redis.Redis.from_url(broker).ping()

    second.kill()
    wait_for(lambda: is_stopped(Postgres(data)) and is_stopped(Broker(data)))


def test_data_survives_a_power_cut(data: Path) -> None:
    user = User(data)
    database, _ = user.addresses()
    assert query(database) == "É"
    for server in (Postgres(data), Broker(data)):
        os.kill(int((server.folder / "keeper.json").read_text().split()[-1].strip("}")), signal.SIGKILL)
    os.kill(int((data / "postgres" / "cluster" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    user.kill()

    again = User(data)
    assert query(again.addresses()[0]) == "É"
    again.kill()


def test_a_broker_without_its_keeper_is_ended_by_the_next(data: Path) -> None:
    """Where the system does not end it with its keeper, as on a Mac."""
    left = Broker(data)
    left.folder.mkdir()
    lock = locks.acquire(left.server_lock)
    assert lock is not None
    with subprocess.Popen(left.command(None), cwd=left.folder, pass_fds=[lock], stdout=subprocess.DEVNULL) as server:
        os.close(lock)
        wait_for(lambda: left.left_over_pid() == server.pid)
        user = User(data)
        _database, broker = user.addresses()
        assert redis.Redis.from_url(broker).ping()
        assert server.wait(timeout=30) == 0
        user.kill()


@pytest.mark.parametrize("name", ["with space, comma and ü中", "long" * 40])
def test_any_folder_name_works(tmp_path: Path, name: str) -> None:
    data = tmp_path / name
    data.mkdir()
    user = User(data)
    database, broker = user.addresses()
    assert query(database) == "É"
    assert redis.Redis.from_url(broker).ping()
    user.kill()
    wait_for(lambda: is_stopped(Postgres(data)) and is_stopped(Broker(data)))


def test_a_folder_of_another_version_is_refused_with_the_way_out(data: Path) -> None:
    (data / "postgres" / "cluster").mkdir(parents=True)
    (data / "postgres" / "cluster" / "PG_VERSION").write_text("9\n")
    user = User(data)
    assert user.process.stderr
    assert "was made by PostgreSQL 9" in user.process.stderr.read()
    user.kill()
