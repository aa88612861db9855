"""A stream into a stage of the lake while it is still being read: two things at once, with progress."""

import queue
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pyarrow as pa
from django.db import connection

from lake.services import Stage
from lake.specs import TableInfo, TableSpec

WAITING_TABLES = 3  # typed but not yet written; bounds the memory
POLL_SECONDS = 0.5

Item = Any  # a table, the error that ends the writer, or None at the end


def write_stream(stage: Stage, spec: TableSpec, schema: pa.Schema, tables: Iterable[pa.Table]) -> TableInfo:
    """Writes while `tables` is read in this thread. An error on either side ends both, and nothing is staged."""
    waiting: queue.Queue[Item] = queue.Queue(WAITING_TABLES)

    def pulled() -> Iterator[pa.RecordBatch]:
        while (item := waiting.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield from item.combine_chunks().to_batches()

    def write() -> TableInfo:
        try:
            return stage.write(spec, pa.RecordBatchReader.from_batches(schema, pulled()))
        finally:
            connection.close()

    with ThreadPoolExecutor(1, thread_name_prefix="lake-writer") as pool:
        written = pool.submit(write)
        try:
            for table in tables:
                _put(waiting, table, written)
        except BaseException as error:
            _put(waiting, _Stopped(), written)
            written.exception()
            raise error
        _put(waiting, None, written)
        return written.result()


class _Stopped(Exception):
    """Ends the writer when the reader failed; the reader's own error is what is raised."""


def _put(waiting: "queue.Queue[Item]", item: Item, written: "Future[TableInfo]") -> None:
    """Waits for room, unless the writer is gone."""
    while not written.done():
        try:
            return waiting.put(item, timeout=POLL_SECONDS)
        except queue.Full:
            continue
    written.result()
