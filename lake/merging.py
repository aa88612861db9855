"""A patched table put in order: two streams of rows that are sorted by a column, as one. No Django here."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lake import engine, store
from lake.patches import GONE, Patched


def in_order(written: store.Written, patched: Patched, by: Sequence[str]) -> pa.RecordBatchReader | None:
    """All rows of a patched table, sorted by a column. Only those of the patches are sorted: None where there are more
    columns than one, or what was last written whole is not in their order."""
    if len(by) != 1:
        return None
    (column,) = by
    whole = [file for file in written.files if Path(file).name in patched.whole]
    alone = pa.schema([written.schema.field(column)])
    if not is_sorted(store.batches(whole, alone, GONE.empty_table()), column):
        return None
    patches = [file for file in written.files if file not in whole]
    later = pa.RecordBatchReader.from_batches(written.schema, store.batches(patches, written.schema, patched.gone))
    others = (store.cast(batch, written.schema) for batch in engine.ordered(later, by))
    rows = merged(store.batches(whole, written.schema, patched.gone), others, column)
    return pa.RecordBatchReader.from_batches(written.schema, rows)


def is_sorted(batches: Iterable[pa.RecordBatch], column: str) -> bool:
    """Whether the rows are in the order of a column in which no value is missing."""
    last: pa.Scalar | None = None
    for batch in batches:
        values = batch.column(column)
        if values.null_count or (len(values) and last is not None and pc.less(values[0], last).as_py()):
            return False
        if pc.any(pc.less(values.slice(1), values.slice(0, max(len(values) - 1, 0)))).as_py():
            return False
        last = values[-1] if len(values) else last
    return True


def merged(rows: Iterable[pa.RecordBatch], others: Iterable[pa.RecordBatch], column: str) -> Iterator[pa.RecordBatch]:
    """Both have the same columns; memory holds a few batches of each."""
    waiting = _Waiting(others, column)
    for batch in rows:
        if batch.num_rows:
            yield from _together(batch, waiting.up_to(batch.column(column)[-1]), column)
    yield from waiting.rest()


class _Waiting:
    """The rows of a stream that have not had their turn."""

    def __init__(self, batches: Iterable[pa.RecordBatch], column: str) -> None:
        self._coming = (batch for batch in batches if batch.num_rows)
        self._column = column
        self._next = next(self._coming, None)

    def up_to(self, value: pa.Scalar) -> list[pa.RecordBatch]:
        found = []
        while self._next is not None:
            end = pc.search_sorted(self._next.column(self._column), value, side="right").as_py()
            found.append(self._next.slice(0, end))
            if end < self._next.num_rows:
                self._next = self._next.slice(end)
                break
            self._next = next(self._coming, None)
        return [batch for batch in found if batch.num_rows]

    def rest(self) -> Iterator[pa.RecordBatch]:
        if self._next is not None:
            yield self._next
        yield from self._coming


def _together(batch: pa.RecordBatch, others: list[pa.RecordBatch], column: str) -> list[pa.RecordBatch]:
    if not others:
        return [batch]
    every = pa.Table.from_batches([batch, *others]).combine_chunks()
    count, size = batch.num_rows, every.num_rows
    place = pc.search_sorted(batch.column(column), every.column(column).slice(count).combine_chunks(), side="right")
    order = np.insert(np.arange(count), place.to_numpy().astype(np.int64), np.arange(count, size))
    found: list[pa.RecordBatch] = every.take(pa.array(order)).to_batches()
    return found
