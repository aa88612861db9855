"""Servers of our own, for a checkout without PostgreSQL or Redis. No Django here: settings ask for the addresses.

A server runs while anybody uses it. Each user holds a shared lock on `<folder>/users.lock` from the moment it asked for
the address until it ends, however it ends (the system drops the lock with the process). A keeper process starts the
server, restarts it when it dies, and stops it when it can have that lock alone. Everything lives in the data folder.
"""

import secrets
from pathlib import Path

from core.embedded import client
from core.embedded.broker import Broker
from core.embedded.client import EmbeddedServerError
from core.embedded.postgres import Postgres

__all__ = ["EmbeddedServerError", "database_url", "redis_url", "release", "secret_key"]


def secret_key(data: Path) -> str:
    """A key made once and kept in the data folder, readable by its owner only."""
    path = data / "secret_key"
    data.mkdir(parents=True, exist_ok=True)
    with client.starting(data):  # two first starts at once must agree on one key
        if not path.exists() or not path.read_text().strip():
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(50))
        return path.read_text().strip()


def database_url(data: Path) -> str:
    """Starts the embedded PostgreSQL of this data folder where it is not running; its address.

    It stays up until this process and every other user have ended. Raises EmbeddedServerError.
    """
    return client.use(Postgres(data))


def redis_url(data: Path) -> str:
    """Starts the embedded Redis-protocol server of this data folder where it is not running; its address.

    It stays up until this process and every other user have ended. Raises EmbeddedServerError.
    """
    return client.use(Broker(data))


def release(data: Path) -> None:
    """Gives up this process's hold on both servers; returns when they have stopped, or at once if others use them."""
    for server in (Broker(data), Postgres(data)):
        client.release(server)
