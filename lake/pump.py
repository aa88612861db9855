"""Streams that are pulled in the caller's thread. No Django here.

Delta and DuckDB pull a stream of batches from threads of their own. What makes the batches is often Python code that
uses the caller's database connection or reports progress, and a connection belongs to one thread.
"""

import queue
import threading
from collections.abc import Callable, Iterator
from typing import TypeVar

import pyarrow as pa

T = TypeVar("T")
WAITING_BATCHES = 2  # read ahead by so many: reading and writing overlap, memory stays bounded
_LOOK_SECONDS = 0.5  # how often a side looks whether the other is still there


class _Stopped(Exception):
    """The producing side failed; its own error is the one to show."""


def pumped(source: pa.RecordBatchReader, work: Callable[[pa.RecordBatchReader], T]) -> T:
    """Runs `work` on a copy of the stream in a helper thread, while this thread pulls `source`; what `work` returns.

    An error on either side stops both; that of `source` is raised as it is, whatever the other side made of it.
    """
    batches: queue.Queue[pa.RecordBatch | _Stopped | None] = queue.Queue(WAITING_BATCHES)
    outcome: list[T] = []
    failure: list[BaseException] = []

    def consume() -> None:
        try:
            outcome.append(work(pa.RecordBatchReader.from_batches(source.schema, _arriving(batches))))
        except BaseException as error:
            failure.append(error)

    helper = threading.Thread(target=consume, name="lake-write", daemon=True)
    helper.start()
    try:
        for batch in source:
            if not _hand_over(batches, batch, helper):
                break
        _hand_over(batches, None, helper)
    except BaseException:
        _hand_over(batches, _Stopped(), helper)
        helper.join()
        raise
    helper.join()
    if failure:
        raise failure[0]
    return outcome[0]


def _arriving(batches: "queue.Queue[pa.RecordBatch | _Stopped | None]") -> Iterator[pa.RecordBatch]:
    while (item := batches.get()) is not None:
        if isinstance(item, _Stopped):
            raise item
        yield item


def _hand_over(
    batches: "queue.Queue[pa.RecordBatch | _Stopped | None]",
    item: pa.RecordBatch | _Stopped | None,
    to: threading.Thread,
) -> bool:
    """False when nobody takes it any more."""
    while to.is_alive():
        try:
            batches.put(item, timeout=_LOOK_SECONDS)
        except queue.Full:
            continue
        return True
    return False
