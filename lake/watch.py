"""Interrupts queries that take too long, or that nobody waits for any more. No Django here."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

LOOK_EVERY_SECONDS = 0.05
ASK_EVERY_SECONDS = 0.25  # whether an answer is still wanted: asking may cost a round trip to another server

logger = logging.getLogger(__name__)


class QueryTimeout(TimeoutError):
    """A query was stopped because it took longer than its caller allowed."""


class QueryUnwanted(Exception):
    """A query was stopped because its caller says that nobody waits for its answer."""


@dataclass(frozen=True)
class Allowance:
    """How long a query may run: for so many seconds, and only until `unwanted` is true. It is asked before the query
    starts and then again and again, from another thread."""

    seconds: float | None = None
    unwanted: Callable[[], bool] | None = None


@dataclass(eq=False)
class _Query:
    interrupt: Callable[[], object]
    ends_at: float
    unwanted: Callable[[], bool] | None
    asked_at: float = field(default_factory=time.monotonic)
    stopped_by: type[Exception] | None = None


class Watch:
    """One thread that looks after all queries of its process; it starts with the first of them.

    A thread of its own for every query would make each wait until the system has given that thread a turn.
    """

    def __init__(self) -> None:
        self._queries: set[_Query] = set()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    @contextmanager
    def over(
        self, interrupt: Callable[[], object], interrupted: type[Exception], allowance: Allowance
    ) -> Iterator[None]:
        """When the allowance is used up, `interrupt` is called (from another thread) to stop what runs in the block.
        The block then raises `interrupted`; it becomes QueryTimeout or QueryUnwanted. `interrupt` must work until the
        block is left."""
        if allowance.unwanted is not None and allowance.unwanted():
            raise QueryUnwanted
        ends_at = float("inf") if allowance.seconds is None else time.monotonic() + allowance.seconds
        query = _Query(interrupt, ends_at, allowance.unwanted)
        self._add(query)
        try:
            yield
        except interrupted as error:
            if query.stopped_by is None:
                raise
            raise query.stopped_by from error
        finally:
            with self._changed:
                self._queries.discard(query)

    def _add(self, query: _Query) -> None:
        with self._changed:
            self._queries.add(query)
            if self._thread is None:
                self._thread = threading.Thread(target=self._look, name="lake-watch", daemon=True)
                self._thread.start()
            self._changed.notify()

    def _look(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: bool(self._queries))
                running = list(self._queries)
            for query in running:
                self._check(query)
            time.sleep(LOOK_EVERY_SECONDS)

    def _check(self, query: _Query) -> None:
        """Interrupts again and again until the query is over: between two statements it would have no effect."""
        now = time.monotonic()
        if query.stopped_by is None and now >= query.ends_at:
            query.stopped_by = QueryTimeout
        elif query.stopped_by is None and query.unwanted and now - query.asked_at >= ASK_EVERY_SECONDS:
            query.asked_at = now
            if _is_true(query.unwanted):
                query.stopped_by = QueryUnwanted
        with self._changed:
            if query.stopped_by is not None and query in self._queries:
                query.interrupt()


def _is_true(unwanted: Callable[[], bool]) -> bool:
    """Whoever cannot say gets their answer: this thread must look after other queries, too."""
    try:
        return unwanted()
    except Exception:
        logger.exception("Could not find out whether an answer is still wanted.")
        return False
