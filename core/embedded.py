"""Servers of our own, for a checkout without PostgreSQL or Redis. No Django here: settings ask for the addresses."""

import secrets
from pathlib import Path


def secret_key(data: Path) -> str:
    """A key made once and kept in the data folder, readable by its owner only."""
    path = data / "secret_key"
    if not path.exists():
        data.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text().strip()


def database_url(data: Path) -> str:
    """Starts the embedded PostgreSQL of this data folder where it is not running; its address."""
    raise NotImplementedError


def redis_url(data: Path) -> str:
    """Starts the embedded Redis-protocol server of this data folder where it is not running; its address."""
    raise NotImplementedError
