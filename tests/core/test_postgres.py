"""A connection that the server has ended is replaced before anything is asked over it; a good one is not asked."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from core.postgres import base
from core.postgres.base import DatabaseWrapper
from tests.support.processes import wait_for

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def kept() -> Iterator[DatabaseWrapper]:
    """A connection that stays open from request to request."""
    found = connection.copy()
    found.settings_dict["CONN_MAX_AGE"] = 60
    yield found
    found.close()


@pytest.fixture
def first(kept: DatabaseWrapper) -> int:
    """The server's process behind it."""
    return ask(kept)


def ask(kept: DatabaseWrapper) -> int:
    """A request, and the server's process that answers it."""
    kept.close_if_unusable_or_obsolete()
    with kept.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def told(statement: str, of: int) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, [of])
        found: tuple[Any, ...] | None = cursor.fetchone()
        return found


def last_of(process: int) -> Any:
    return told("SELECT query FROM pg_stat_activity WHERE pid = %s", process)


def begin(kept: DatabaseWrapper) -> None:
    """A request that has a cursor and asks nothing yet."""
    kept.close_if_unusable_or_obsolete()
    kept.cursor().close()


def test_a_connection_that_was_ended_is_replaced(kept: DatabaseWrapper, first: int) -> None:
    assert told("SELECT pg_terminate_backend(%s)", first) == (True,)
    wait_for(lambda: last_of(first) is None)
    assert ask(kept) not in {0, first}


def test_a_connection_that_was_just_used_is_not_asked(kept: DatabaseWrapper, first: int) -> None:
    assert ask(kept) == first
    begin(kept)
    assert last_of(first) == ("SELECT pg_backend_pid()",)


def test_a_connection_that_rested_is_asked(kept: DatabaseWrapper, first: int) -> None:
    assert ask(kept) == first
    kept._sure_until -= base.SURE_SECONDS
    begin(kept)
    assert last_of(first) == ("SELECT 1",)
    assert ask(kept) == first
