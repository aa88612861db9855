"""Rows that were set aside, on their way to the quarantine table. Beyond some thousands they wait on disk."""

import tempfile
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa
import pyarrow.parquet as pq
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sources.reading.batch import Reject

FLUSH_ROWS = 5_000
SCHEMA = pa.schema(
    [
        pa.field("file", pa.string()),
        pa.field("line", pa.int64()),
        pa.field("column", pa.string()),
        pa.field("reason", pa.string()),
        pa.field("code", pa.string()),
        pa.field("raw", pa.string()),
        pa.field("loaded_at", pa.timestamp("us", tz="UTC")),
    ]
)
REASONS: dict[str, str | Promise] = {
    "ragged": _("Wrong number of columns"),
    "open_quote": _("Quote never closed"),
    "encoding": _("Unreadable characters"),
    "json": _("Not valid JSON"),
    "type": _("Value does not fit its column"),
    "total": _("A total below the rows"),
    "missing_key": _("Key is missing"),
    "duplicate_key": _("Key appears twice"),
}


class RejectSink:
    """Collects rejects of one load. Use as a context manager: its file goes with it."""

    def __init__(self) -> None:
        self.by_code: Counter[str] = Counter()
        self._rows: list[Reject] = []
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._writer: pq.ParquetWriter | None = None
        self._at = timezone.now()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._writer is not None:
            self._writer.close()
        if self._folder is not None:
            self._folder.cleanup()

    def add(self, rejects: list[Reject]) -> None:
        self.by_code.update(reject.code for reject in rejects)
        self._rows += rejects
        if len(self._rows) >= FLUSH_ROWS:
            self._flush()

    @property
    def count(self) -> int:
        return self.by_code.total()

    def reader(self) -> pa.RecordBatchReader:
        """Everything that was set aside, in the order in which it was found."""
        if self._writer is None:
            return self._table().to_reader()
        self._flush()
        self._writer.close()
        self._writer = None
        return pa.RecordBatchReader.from_batches(SCHEMA, pq.ParquetFile(self._path).iter_batches(FLUSH_ROWS))

    @property
    def _path(self) -> Path:
        assert self._folder is not None
        return Path(self._folder.name) / "rejects.parquet"

    def _flush(self) -> None:
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="kindred-rejects-")
            self._writer = pq.ParquetWriter(self._path, SCHEMA)
        assert self._writer is not None
        if self._rows:
            self._writer.write_table(self._table())
        self._rows = []

    def _table(self) -> pa.Table:
        rows = self._rows
        columns = {
            "file": [row.file for row in rows],
            "line": [row.line for row in rows],
            "column": [row.column or None for row in rows],
            "reason": [row.reason for row in rows],
            "code": [row.code for row in rows],
            "raw": [row.raw for row in rows],
            "loaded_at": [self._at] * len(rows),
        }
        return pa.table(columns, schema=SCHEMA)
