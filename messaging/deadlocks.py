"""Senders note what they did while people pause and stop journeys: where each holds a row that the other one wants, the
database gives one of them up. Nothing of it was done then, and it is done again."""

from collections.abc import Callable
from typing import TypeVar

from django.db import OperationalError
from psycopg.errors import DeadlockDetected

Answer = TypeVar("Answer")
ATTEMPTS = 5


def again(work: Callable[[], Answer]) -> Answer:
    """`work` must be one statement outside of transactions, or a transaction (or savepoint) of its own."""
    for _attempt in range(ATTEMPTS - 1):
        try:
            return work()
        except OperationalError as error:
            if not isinstance(error.__cause__, DeadlockDetected):
                raise
    return work()
