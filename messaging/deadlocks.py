"""Senders note what they did while people pause and stop journeys: where each holds a row that the other one wants, the
database gives one of them up. Nothing of it was done then, and it is done again."""

import time
from collections.abc import Callable
from typing import TypeVar

from django.db import OperationalError
from psycopg.errors import DeadlockDetected

Answer = TypeVar("Answer")
ATTEMPTS = 5
# What was given up lets the other one go first; else it may take back what that waits for, and so for ever.
WAIT_SECONDS = 0.1


def again(work: Callable[[], Answer]) -> Answer:
    """`work` must be one statement outside of transactions, or a transaction (or savepoint) of its own."""
    for attempt in range(1, ATTEMPTS):
        try:
            return work()
        except OperationalError as error:
            if not isinstance(error.__cause__, DeadlockDetected):
                raise
            time.sleep(WAIT_SECONDS * attempt)
    return work()
