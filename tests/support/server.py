"""The embedded PostgreSQL as tests want it. No Django here: settings ask."""

import os
import re
from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier

DATABASE = re.compile(r"test_kindred_(\d+)(_\w+)?")  # the first process of the run; a process of it


def database_name(run: str) -> str:
    return f"test_kindred_{run}"


def prepare(at: dict[str, Any]) -> None:
    """Quick rather than safe, as a test's data may be lost in a crash; without databases of runs that were killed."""
    address = {"host": at["HOST"], "port": at["PORT"] or None, "user": at["USER"], "password": at["PASSWORD"]}
    with psycopg.connect(**address, dbname=at["NAME"], autocommit=True) as connection:
        for name in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
            connection.execute(SQL("ALTER SYSTEM SET {} = off").format(Identifier(name)))
        connection.execute("SELECT pg_reload_conf()")
        for (name,) in connection.execute("SELECT datname FROM pg_database").fetchall():
            found = DATABASE.fullmatch(name)
            if found and not _is_alive(int(found[1])):
                connection.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's
        pass
    return True
