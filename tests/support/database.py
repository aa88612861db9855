"""The rows of the test database, written out and put back by COPY: one statement per table."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.db.backends.utils import CursorWrapper
from django.test import TransactionTestCase
from psycopg.errors import DeadlockDetected
from psycopg.sql import SQL, Composed, Identifier
from pytest_django import DjangoDbBlocker

ATTEMPTS = 5
Rows = dict[str, list[bytes]]  # per table, lines as COPY writes them


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """After a test that commits, the database is what migrations made it.

    Django's own way empties all tables and has every app make its first rows again, with some 440 statements. It loses
    what migrations wrote, and gives what it makes new keys.
    """
    with django_db_blocker.unblock():
        first = rows()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: reset(first))
        yield


def address() -> dict[str, Any]:
    """Where this test's database is, for a connection of another process."""
    names = ("dbname", "user", "password", "host", "port")
    return {name: value for name, value in connection.get_connection_params().items() if name in names}


def rows() -> Rows:
    """All rows of all tables that have any."""
    with connection.cursor() as cursor:
        return {table: _read(cursor, table) for table in _filled(cursor, _tables())}


@transaction.atomic
def put(wanted: Rows) -> None:
    """Adds rows, of tables in any order: what they refer to is looked for at the end."""
    with connection.cursor() as cursor:
        for table, lines in wanted.items():
            with cursor.copy(SQL("COPY {} FROM STDIN").format(Identifier(table))) as copy:
                copy.write(b"".join(lines))


def reset(wanted: Rows) -> None:
    """These rows and no others. Waits for whoever still reads or writes; who waits for us in turn is let past."""
    for attempt in range(ATTEMPTS):
        try:
            return _reset(wanted)
        except OperationalError as error:
            if attempt + 1 == ATTEMPTS or not isinstance(error.__cause__, DeadlockDetected):
                raise


@transaction.atomic
def _reset(wanted: Rows) -> None:
    tables = _tables()
    with connection.cursor() as cursor:
        cursor.execute(SQL("LOCK TABLE {}").format(_names(tables)))
        cursor.execute(SQL("TRUNCATE {} CASCADE").format(_names(_filled(cursor, tables))))
    put(wanted)


def _tables() -> list[str]:
    return connection.introspection.django_table_names(only_existing=True, include_views=False)


def _names(tables: list[str]) -> Composed:
    return SQL(", ").join(map(Identifier, tables))


def _filled(cursor: CursorWrapper, tables: list[str]) -> list[str]:
    has_rows = SQL("SELECT {} WHERE EXISTS (SELECT FROM {})")
    cursor.execute(SQL(" UNION ALL ").join(has_rows.format(table, Identifier(table)) for table in tables))
    return [table for (table,) in cursor.fetchall()]


def _read(cursor: CursorWrapper, table: str) -> list[bytes]:
    with cursor.copy(SQL("COPY {} TO STDOUT").format(Identifier(table))) as copy:
        return b"".join(copy).splitlines(keepends=True)
