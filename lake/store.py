"""Delta tables in a folder. No Django and no catalog here: names, versions and files only.

A table is written as Parquet, without deletion vectors and column mapping, so that its files can be read as such.
Names are data: any text is a valid table name.
"""

import fcntl
import hashlib
import re
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.compute as pc
from deltalake import ColumnProperties, DeltaTable, WriterProperties, write_deltalake
from deltalake.exceptions import DeltaError, TableNotFoundError
from pyarrow import parquet

from core.text import fold
from lake.pump import pumped

# The unit in which DuckDB spreads a scan over threads, and skips what lies outside. It groups by a text without hashing
# every row where a row group has at most 20,000 different ones: here for three rows per customer and more.
ROW_GROUP_ROWS = 61_440
# Questions are asked far more often than data are written. About the orders of a million customers they take a third
# less time than with ZSTD; the files take more than half as much room again.
COMPRESSION = "LZ4_RAW"
FILE_BYTES = 256 * 1024 * 1024
# A text of which so large a share is different in so many rows and more is stored without a dictionary.
MOSTLY_DIFFERENT, ROWS_THAT_TELL = 0.7, 30_000
RETENTION_HOURS = 24  # readers that pinned a version before it was replaced may still be at work
COMPACT_ABOVE_FILES = 32  # more small files than this make every scan pay for opening them

_PLAIN_NAME = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)*")
# Readers use the statistics in the Parquet files. Kept out of the log, customers' values do not outlive their files.
_CONFIGURATION = {"delta.dataSkippingNumIndexedCols": "0"}

GONE = pa.schema([("file", pa.string()), ("row", pa.int64())])


class Missing(Exception):
    """A table, or the version of it that the catalog names, is not in the folder."""


@dataclass(frozen=True)
class Written:
    """What a write left behind: the Delta version that holds it."""

    version: int
    rows: int
    bytes: int


Arrange = Callable[[pa.RecordBatchReader], pa.RecordBatchReader]


def _as_given(stream: pa.RecordBatchReader) -> pa.RecordBatchReader:
    return stream


def folder_name(table: str) -> str:
    """A safe folder for any table name, the same on file systems that ignore case; different names never share one."""
    if len(table) <= 120 and _PLAIN_NAME.fullmatch(table):
        return table
    readable = re.sub(r"[^a-z0-9_.]+", "-", fold(table)).strip(".-")[:60]
    return f"{readable or 'table'}~{hashlib.blake2b(table.encode(), digest_size=8).hexdigest()}"


def path_of(root: str | Path, table: str) -> Path:
    return Path(root) / folder_name(table)


@contextmanager
def writing(root: str | Path, table: str) -> Iterator[None]:
    """One writer per table at a time, over all processes. The lock goes with the process that holds it."""
    with _locked(root, folder_name(table)):
        yield


@contextmanager
def _locked(root: str | Path, folder: str) -> Iterator[None]:
    path = Path(root) / "_locks" / folder
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def files(root: str | Path, table: str, version: int) -> list[str]:
    """The Parquet files of one version, as absolute paths. Empty when the version has no rows."""
    return [unquote(uri) for uri in sorted(_open(root, table, version).file_uris())]


def gone(root: str | Path, table: str, version: int) -> str | None:
    """A Parquet file of the rows in the files of this version that are no longer there: `file` (its name), `row` (its
    number in the file); None where nothing was patched."""
    path = _gone_path(path_of(root, table), version)
    return str(path) if path.exists() else None


def gone_rows(root: str | Path, table: str, version: int) -> pa.Table:
    """The rows that `gone` names; none where nothing was patched."""
    path = gone(root, table, version)
    return parquet.read_table(path, schema=GONE) if path else GONE.empty_table()


def _gone_path(folder: Path, version: int) -> Path:
    return folder / "_gone" / f"{version}.parquet"


def rows(root: str | Path, table: str, version: int) -> Iterator[pa.RecordBatch]:
    """The rows of a version that was written whole, in the order in which they were, a row group at a time."""
    target = schema(root, table, version)
    try:
        for path in files(root, table, version):
            # Fetched ahead at one go, row groups of a file of this machine take longer.
            with parquet.ParquetFile(path, pre_buffer=False) as file:
                for number in range(file.num_row_groups):
                    whole = file.read_row_group(number, target.names).combine_chunks()
                    yield from (cast(batch, target) for batch in whole.to_batches())
    except FileNotFoundError as error:
        raise Missing(table) from error


def schema(root: str | Path, table: str, version: int) -> pa.Schema:
    return canonical_schema(pa.schema(_open(root, table, version).schema().to_arrow()))


def _open(root: str | Path, table: str, version: int | None = None) -> DeltaTable:
    try:
        return DeltaTable(str(path_of(root, table)), version=version)
    except DeltaError as error:
        raise Missing(table) from error


def write(root: str | Path, table: str, data: pa.RecordBatchReader, arrange: Arrange = _as_given) -> Written:
    """Replaces the table's content in one Delta commit, streaming: memory holds a few row groups at a time.

    `data` is pulled in this thread; `arrange` may put the stream in order on its way.
    """
    return _commit(path_of(root, table), data, arrange, overwrite=True)


def append(
    root: str | Path, table: str, data: pa.RecordBatchReader, base: int, without: pa.Table | None = None
) -> Written:
    """Adds rows to version `base`, less the rows `without` (as `gone` tells them; all of them, not the new ones alone).
    Commits after `base` that nobody published are undone first.

    Columns new to the table are null in its old rows. The caller holds `writing(root, table)`.
    """
    current = _open(root, table)
    if current.version() < base:
        raise Missing(table)
    if current.version() != base:
        current.restore(base)
    written = _commit(path_of(root, table), data, _as_given, overwrite=False)
    if without is not None and without.num_rows:
        path = _gone_path(path_of(root, table), written.version)
        path.parent.mkdir(exist_ok=True)
        parquet.write_table(without, path)
    return written


def compact(root: str | Path, table: str) -> int | None:
    """Joins many small files into few when there are too many; the new version, or None when there was no need."""
    current = DeltaTable(str(path_of(root, table)))
    if len(current.file_uris()) <= COMPACT_ABOVE_FILES:
        return None
    schema = canonical_schema(pa.schema(current.schema().to_arrow()))
    current.optimize.compact(target_size=FILE_BYTES, writer_properties=_writer(schema))
    return int(current.version())


def clean(root: str | Path, table: str, keep_versions: Sequence[int], hours: int = RETENTION_HOURS) -> int:
    """Deletes files older than `hours` that no kept version needs; how many. Never less than a day."""
    if hours < RETENTION_HOURS:
        raise ValueError(f"Files must stay at least {RETENTION_HOURS} hours.")
    try:
        current = DeltaTable(str(path_of(root, table)))
    except TableNotFoundError:
        return 0
    if not keep_versions and current.file_uris():
        current.delete()  # a dropped table: its newest files are old files from now on
    # Our retention is shorter than the library's week; its check would refuse it.
    removed = current.vacuum(
        retention_hours=hours,
        dry_run=False,
        enforce_retention_duration=False,
        full=True,
        keep_versions=list(keep_versions),
    )
    return len(removed) + _clean_gone(path_of(root, table), keep_versions, time.time() - hours * 3600)


def _clean_gone(folder: Path, keep_versions: Sequence[int], before: float) -> int:
    kept = {_gone_path(folder, version) for version in keep_versions}
    old = [path for path in folder.glob("_gone/*.parquet") if path not in kept and path.stat().st_mtime < before]
    for path in old:
        path.unlink()
    return len(old)


def remove_unknown(root: str | Path, known: Iterable[str], before: float) -> dict[str, int]:
    """Deletes folders of tables that nobody knows: written and never published, or dropped long ago. Where anything
    changed after `before` (a time stamp) it stays: it may be about to be published. How many files went, by folder."""
    folders = {folder_name(name) for name in known}
    gone = {}
    for path in Path(root).glob("*/_delta_log"):
        folder = path.parent
        if folder.name in folders:
            continue
        with _locked(root, folder.name):
            files_ = [file for file in folder.rglob("*") if file.is_file()]
            if all(file.stat().st_mtime < before for file in files_):
                shutil.rmtree(folder)
                gone[folder.name] = len(files_)
    return gone


def _commit(path: Path, data: pa.RecordBatchReader, arrange: Arrange, *, overwrite: bool) -> Written:
    path.parent.mkdir(parents=True, exist_ok=True)
    counted = _Counted(data)

    def commit(stream: pa.RecordBatchReader) -> None:
        write_deltalake(
            str(path),
            arrange(stream),
            mode="overwrite" if overwrite else "append",
            schema_mode="overwrite" if overwrite else "merge",
            configuration=_CONFIGURATION,
            writer_properties=_writer(counted.target, counted.first),
            target_file_size=FILE_BYTES,
        )

    pumped(counted.reader(), commit)
    table = DeltaTable(str(path))
    sizes = pa.table(table.get_add_actions(flatten=True)).column("size_bytes")
    return Written(version=table.version(), rows=counted.rows, bytes=sum(sizes.to_pylist()))


def _writer(schema: pa.Schema, first: pa.RecordBatch | None = None) -> WriterProperties:
    """Times hardly repeat: without a dictionary they take a quarter less room and are read in half the time. So it is
    with texts that are hardly ever the same in the `first` rows, of which it would be made in vain."""
    plain = ColumnProperties(dictionary_enabled=False)
    alone = {field.name: plain for field in schema if pa.types.is_timestamp(field.type) or _differ(first, field)}
    return WriterProperties(compression=COMPRESSION, max_row_group_size=ROW_GROUP_ROWS, column_properties=alone or None)


def _differ(rows: pa.RecordBatch | None, field: pa.Field) -> bool:
    if rows is None or rows.num_rows < ROWS_THAT_TELL or not pa.types.is_string(field.type):
        return False
    known = rows.column(field.name).drop_null()
    return len(known) >= ROWS_THAT_TELL and pc.count_distinct(known).as_py() > MOSTLY_DIFFERENT * len(known)


class _Counted:
    """Casts batches to the lake's types on their way, and counts rows."""

    def __init__(self, source: pa.RecordBatchReader) -> None:
        self.source, self.target = source, canonical_schema(source.schema)
        self.first = next(iter(source), None)
        self.rows = 0

    def reader(self) -> pa.RecordBatchReader:
        return pa.RecordBatchReader.from_batches(self.target, self._batches())

    def _batches(self) -> Iterator[pa.RecordBatch]:
        for batch in chain([] if self.first is None else [self.first], self.source):
            self.rows += batch.num_rows
            yield cast(batch, self.target)


def cast(batch: pa.RecordBatch, target: pa.Schema) -> pa.RecordBatch:
    """Values that do not fit raise ArrowInvalid; only times lose what is finer than a microsecond."""
    if batch.schema == target:
        return batch
    columns = [
        column.cast(field.type, safe=not pa.types.is_timestamp(field.type))
        for column, field in zip(batch.columns, target, strict=True)
    ]
    return pa.RecordBatch.from_arrays(columns, schema=target)


def canonical_schema(given: pa.Schema) -> pa.Schema:
    """The types that the lake stores. Times become UTC microseconds; a time without zone is taken as UTC."""
    return pa.schema([pa.field(field.name, canonical_type(field.type)) for field in given])


def canonical_type(given: pa.DataType) -> pa.DataType:
    if pa.types.is_dictionary(given):
        return canonical_type(given.value_type)
    if (
        pa.types.is_null(given)
        or pa.types.is_large_string(given)
        or pa.types.is_string_view(given)
        or pa.types.is_time(given)
    ):
        return pa.string()
    if pa.types.is_integer(given):
        return pa.int64()
    if pa.types.is_floating(given) or pa.types.is_decimal(given):
        return pa.float64()
    if pa.types.is_timestamp(given):
        return pa.timestamp("us", tz="UTC")
    if pa.types.is_date(given):
        return pa.date32()
    if pa.types.is_list(given) or pa.types.is_large_list(given) or pa.types.is_list_view(given):
        return pa.list_(canonical_type(given.value_type))
    return given
