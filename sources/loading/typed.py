"""Batches of a connector to typed batches of the lake; what cannot be read goes to the quarantine."""

from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pyarrow as pa
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sources.loading.columns import Corrections, Layout, Settled
from sources.loading.keys import KeyGuard, Mask, as_mask, key_text
from sources.loading.rejects import RejectSink
from sources.models import SourceColumn
from sources.reading.batch import Batch, Reject
from sources.values.beside import currencies_of
from sources.values.convert import as_text, convert, rounded

WIDEN_SHARE = 0.01  # of the rows: with more misfits an inferred type was wrong, and the load starts again with text
WIDEN_FROM = 1_000  # misfits in a load that still goes on, before its share counts
THREADS = 2
SHOWN_VALUE = 60


class StartAgain(Exception):
    """What was inferred does not hold: the load must begin again with these corrections."""

    def __init__(self, corrections: Corrections) -> None:
        super().__init__()
        self.corrections = corrections


class Typing:
    """Types the batches of one load. Use `run` once; the counts are right when it is over."""

    def __init__(self, layout: Layout, stated: set[str], sink: RejectSink) -> None:
        self.layout, self.stated, self.sink = layout, stated, sink
        self.rows_read = 0
        self.rows_kept = 0
        self.bytes_read = 0
        self.notes: list[str] = []
        self.files: set[str] = set()
        self._misfits: Counter[str] = Counter()
        self._rounded: Counter[str] = Counter()
        self._keys = KeyGuard()
        self._names = {column.name for column in layout.columns}

    def run(self, batches: Iterable[Batch]) -> Iterator[pa.Table]:
        """Typed tables with the layout's columns. Raises StartAgain when an inference does not hold."""
        with ThreadPoolExecutor(THREADS) as pool:
            for batch in batches:
                self._count(batch)
                if batch.data.num_rows:
                    yield self._typed(batch, pool)
                    self._judge(final=False)
        self._judge(final=True)
        self.notes += [
            _rounding(column, self._rounded[column.name])
            for column in self.layout.columns
            if self._rounded[column.name]
        ]

    def _count(self, batch: Batch) -> None:
        self.bytes_read += batch.bytes
        self.rows_read += batch.data.num_rows + len(batch.rejects)
        self.notes += batch.notes
        self.files.add(batch.file)
        self.sink.add(batch.rejects)
        if batch.data.num_rows and (new := [name for name in batch.data.column_names if name not in self._names]):
            raise StartAgain(Corrections(later={name: batch.data.column(name) for name in new}))

    def _typed(self, batch: Batch, pool: ThreadPoolExecutor) -> pa.Table:
        data, rows = batch.data, batch.data.num_rows
        results = list(pool.map(lambda column: _convert(column, data), self.layout.columns))
        bad = [
            (column, mask)
            for column, (_values, mask) in zip(self.layout.columns, results, strict=True)
            if mask is not None
        ]
        table = pa.table([values for values, _mask in results], schema=self.layout.schema)
        self._check_currencies(data)
        for column in self.layout.columns:
            if column.plan.type == "money" and column.name in data.column_names:
                self._rounded[column.name] += rounded(data.column(column.name), column.plan)
        keep = np.ones(rows, bool)
        for column, mask in bad:
            self._misfits[column.name] += int(mask.sum())
            fresh = mask & keep
            self.sink.add([self._misfit(batch, row, column) for row in np.flatnonzero(fresh).tolist()])
            keep &= ~mask
        if self.layout.key:
            keep = self._checked_keys(batch, table, keep)
        self.rows_kept += int(keep.sum())
        return table if keep.all() else table.filter(pa.array(keep))

    def _check_currencies(self, data: pa.Table) -> None:
        """Amounts are money by a column of currencies as long as that names the same one."""
        column = self.layout.currencies
        if column is None or not column.only or column.name not in data.column_names:
            return
        now = currencies_of(data.column(column.name))
        if set(now) - {column.only} or (not now and data.column(column.name).null_count < data.num_rows):
            raise StartAgain(Corrections(currencies=column.counts | (now or {"?": 0})))

    def _checked_keys(self, batch: Batch, table: pa.Table, keep: Mask) -> Mask:
        everything = bool(keep.all())
        rows = table if everything else table.filter(pa.array(keep))
        places = np.arange(keep.size) if everything else np.flatnonzero(keep)
        keys = key_text([rows.column(name) for name in self.layout.key])
        missing, repeated = self._keys.check(keys)
        name = self.layout.key[0]
        if missing is not None:
            text = _(
                "This row has no %(key)s, and without its key it cannot be told from others. Fill it in at the source."
            )
            reason = text % {"key": " + ".join(self.layout.key)}
            self._aside(batch, places[missing], keep, name, "missing_key", [reason] * int(missing.sum()))
        if repeated is not None:
            text = _(
                "The key %(value)s is on an earlier row already; the first was kept. Remove one, or choose another key."
            )
            values = [str(value)[:SHOWN_VALUE] for value in keys.filter(pa.array(repeated)).to_pylist()]
            self._aside(
                batch, places[repeated], keep, name, "duplicate_key", [text % {"value": value} for value in values]
            )
        return keep

    def _aside(self, batch: Batch, rows: Mask, keep: Mask, column: str, code: str, reasons: list[str]) -> None:
        keep[rows] = False
        self.sink.add(
            [
                Reject(batch.file, int(batch.lines[row]), column, code, reason, batch.raw(row))
                for row, reason in zip(rows.tolist(), reasons, strict=True)
            ]
        )

    def _misfit(self, batch: Batch, row: int, column: Settled) -> Reject:
        value = str(as_text(batch.data.column(column.name).slice(row, 1))[0].as_py())
        words = {
            "value": value[:SHOWN_VALUE],
            "type": dict(SourceColumn.Type.choices)[column.plan.type],
            "column": column.name,
        }
        if column.name in self.stated:
            reason = _(
                "“%(value)s” cannot be read as %(type)s, as stated for %(column)s. Correct it, or change the type."
            )
        else:
            reason = _(
                "“%(value)s” is not %(type)s like the other values of %(column)s. Correct it, or set the type to text."
            )
        return Reject(batch.file, int(batch.lines[row]), column.name, "type", reason % words, batch.raw(row))

    def _judge(self, *, final: bool) -> None:
        limit = max(self.rows_read * WIDEN_SHARE, 1 if final else WIDEN_FROM)
        wrong = {name for name, count in self._misfits.items() if count > limit and name not in self.stated}
        if wrong:
            raise StartAgain(Corrections(as_string=wrong))
        if self._keys.duplicates > limit and not self.layout.key_is_stated:
            raise StartAgain(Corrections(without_key=True))


def _rounding(column: Settled, count: int) -> str:
    text = ngettext(
        "%(count)d amount of “%(name)s” has more decimals than %(currency)s and was rounded. State the type number to "
        "keep all decimals.",
        "%(count)d amounts of “%(name)s” have more decimals than %(currency)s and were rounded. State the type number "
        "to keep all decimals.",
        count,
    )
    return text % {"count": count, "name": column.name, "currency": column.plan.currency}


def _convert(column: Settled, data: pa.Table) -> tuple[pa.ChunkedArray, Mask | None]:
    if column.name not in data.column_names:
        return pa.chunked_array([pa.nulls(data.num_rows, column.plan.arrow_type)]), None
    values, failed = convert(data.column(column.name), column.plan)
    if not isinstance(values, pa.ChunkedArray):
        values = pa.chunked_array([values])
    return values, None if failed is None else as_mask(failed)
