"""Tables as files, streamed: memory holds one batch at a time."""

import datetime
import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from core.csv_files import csv_pieces
from core.errors import InvalidInput, Unavailable
from core.formats import major
from lake.queries import Snapshot, snapshot
from lake.specs import LIST, MONEY, ColumnInfo, TableInfo

MASK = "•••"
PREVIEW_ROWS = 50
PREVIEW_SECONDS = 10.0
BATCH_ROWS = 20_000


def export_table(name: str, path: Path) -> int:
    """Writes a table as it is stored to a `.parquet` or `.csv` file; the number of rows.

    Money is in minor units; lists are JSON text in CSV. The file appears when it is whole. Raises NotFound,
    InvalidInput for another ending or an impossible name, Unavailable when the file cannot be written.
    """
    now = snapshot()
    now.info(name)
    kind = path.suffix.lower()
    if kind not in (".parquet", ".csv"):
        raise InvalidInput(_("Let the file's name end with .parquet or .csv."), place=str(path))
    if "\0" in str(path):
        raise InvalidInput(_("No file can have this name: it holds the character NUL."), place=str(path))
    partial = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        rows = _write(now, name, partial, kind)
        partial.replace(path)
    except OSError as error:
        raise Unavailable(
            _("The file cannot be written: %(why)s") % {"why": error.strerror}, place=str(path)
        ) from error
    finally:
        with suppress(OSError):  # where its folder is a file, there is none
            partial.unlink(missing_ok=True)
    return rows


def _write(now: Snapshot, name: str, path: Path, kind: str) -> int:
    table = now.table(name)
    stored = table.schema().to_pyarrow()
    schema = stored if kind == ".parquet" else pa.schema([_as_text(field) for field in stored])
    parquet = kind == ".parquet"
    writer = pa.parquet.ParquetWriter(path, schema, compression="zstd") if parquet else pa.csv.CSVWriter(path, schema)
    rows = 0
    with writer:
        for batch in now.batches(table):
            writer.write_batch(batch if parquet else _flat(batch, schema))
            rows += batch.num_rows
    return rows


def _as_text(field: pa.Field) -> pa.Field:
    return pa.field(field.name, pa.string()) if pa.types.is_nested(field.type) else field


def _flat(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    columns = [
        pa.array([None if value is None else _json(value) for value in column.to_pylist()], pa.string())
        if pa.types.is_nested(column.type)
        else column
        for column in batch.columns
    ]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def masked(info: TableInfo, user: User) -> set[str]:
    """The columns whose values this user may not see."""
    if user.has_perm("lake.view_sensitive"):
        return set()
    return {column.name for column in info.columns if column.sensitive}


def preview(now: Snapshot, name: str, user: User, limit: int = PREVIEW_ROWS) -> list[list[Any]]:
    """The first rows, for people: sensitive values masked. Raises Unavailable after ten seconds."""
    info, hidden = now.info(name), masked(now.info(name), user)
    rows = now.arrow(now.table(name), limit=limit, timeout=PREVIEW_SECONDS).to_pylist()
    return [[_shown(row.get(column.name), column, hidden) for column in info.columns] for row in rows]


def csv_lines(now: Snapshot, name: str, user: User) -> Iterator[str]:
    """A table for a spreadsheet, piece by piece: labels on top, money in major units, times as ISO 8601 in UTC, nothing
    that a spreadsheet would run, sensitive values masked."""
    return csv_pieces([column.label for column in now.info(name).columns], _rows(now, name, user))


def _rows(now: Snapshot, name: str, user: User) -> Iterator[list[Any]]:
    info, hidden = now.info(name), masked(now.info(name), user)
    for batch in now.batches(now.table(name), BATCH_ROWS):
        names = batch.schema.names
        for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            values = dict(zip(names, row, strict=True))
            yield [_cell(values.get(column.name), column, hidden) for column in info.columns]


def api_rows(now: Snapshot, name: str, user: User, limit: int) -> list[dict[str, Any]]:
    """The first rows for programs: money in major units, sensitive values null."""
    info, hidden = now.info(name), masked(now.info(name), user)
    columns: Sequence[ColumnInfo] = info.columns
    rows = now.arrow(now.table(name), limit=limit, timeout=PREVIEW_SECONDS).to_pylist()
    return [{c.name: None if c.name in hidden else _plain(row.get(c.name), c) for c in columns} for row in rows]


def _shown(value: Any, column: ColumnInfo, hidden: set[str]) -> Any:
    return MASK if column.name in hidden and value is not None else value


def _plain(value: Any, column: ColumnInfo) -> Any:
    return major(value, column.currency or "USD") if column.type == MONEY and value is not None else value


def _cell(value: Any, column: ColumnInfo, hidden: set[str]) -> Any:
    value = (
        _plain(_shown(value, column, hidden), column) if column.name not in hidden else _shown(value, column, hidden)
    )
    if value is None:
        return ""
    if column.type == LIST and isinstance(value, list):
        return _json(value)
    return value.isoformat() if isinstance(value, datetime.date) else value
