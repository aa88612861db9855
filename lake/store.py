"""Delta tables in a folder. No Django and no catalog here: names, versions and files only.

A table is written as Parquet, without deletion vectors and column mapping, so that its files can be read as such.
Names are data: any text is a valid table name.
"""

import fcntl
import hashlib
import json
import re
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import unquote

import pyarrow as pa
from deltalake import ColumnProperties, DeltaTable, Field, Schema, WriterProperties
from deltalake.exceptions import DeltaError, TableNotFoundError
from deltalake.transaction import AddAction, create_table_with_add_actions

from core.text import fold
from lake import parquet_files, patches
from lake.parquet_files import COMPRESSION, FILE_BYTES, ROW_GROUP_ROWS, plain_columns
from lake.patches import GONE, Patched
from lake.pump import pumped

RETENTION_HOURS = 24  # readers that pinned a version before it was replaced may still be at work
COMPACT_ABOVE_FILES = 32  # more small files than this make every scan pay for opening them

_PLAIN_NAME = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)*")
# Readers use the statistics in the Parquet files. Kept out of the log, customers' values do not outlive their files.
_CONFIGURATION = {"delta.dataSkippingNumIndexedCols": "0"}


class Missing(Exception):
    """A table, or the version of it that the catalog names, is not in the folder."""


@dataclass(frozen=True)
class Written:
    """What a write left behind: the Delta version that holds it, its files and its columns."""

    version: int
    rows: int
    bytes: int
    files: list[str]
    schema: pa.Schema


Arrange = Callable[[pa.RecordBatchReader], pa.RecordBatchReader]


def as_given(stream: pa.RecordBatchReader) -> pa.RecordBatchReader:
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
    return _files(_open(root, table, version))


def _files(table: DeltaTable) -> list[str]:
    return [unquote(uri) for uri in sorted(table.file_uris())]


def gone(root: str | Path, table: str, version: int) -> str | None:
    """A Parquet file of the rows in the files of this version that are no longer there: `file` (its name), `row` (its
    number in the file); None where nothing was patched."""
    path = _gone_path(path_of(root, table), version)
    return str(path) if path.exists() else None


def patched(root: str | Path, table: str, version: int) -> Patched:
    path = gone(root, table, version)
    if path is None:
        return Patched(frozenset(Path(file).name for file in files(root, table, version)), GONE.empty_table())
    return patches.read(path)


def _gone_path(folder: Path, version: int) -> Path:
    return folder / "_gone" / f"{version}.parquet"


def batches(files: Iterable[str], target: pa.Schema, gone: pa.Table) -> Iterator[pa.RecordBatch]:
    """The rows of files without those that are `gone`, in their order, a row group at a time. Columns that a file lacks
    are null."""
    return (cast(batch, target) for batch in parquet_files.read(files, target, gone))


def schema(root: str | Path, table: str, version: int) -> pa.Schema:
    return _schema(_open(root, table, version))


def _schema(table: DeltaTable) -> pa.Schema:
    return canonical_schema(pa.schema(table.schema().to_arrow()))


def _open(root: str | Path, table: str, version: int | None = None) -> DeltaTable:
    try:
        return DeltaTable(str(path_of(root, table)), version=version)
    except DeltaError as error:
        raise Missing(table) from error


def write(root: str | Path, table: str, data: pa.RecordBatchReader, arrange: Arrange = as_given) -> Written:
    """Replaces the table's content in one Delta commit, streaming: memory holds a few row groups at a time.

    `data` is pulled in this thread; `arrange` may put the stream in order on its way.
    """
    return _commit(path_of(root, table), data, arrange, overwrite=True)


def append(
    root: str | Path, table: str, data: pa.RecordBatchReader, base: int, patched: Patched | None = None
) -> Written:
    """Adds rows to version `base`. `patched`: what is gone then, all of it, where they are a patch of the table.
    Commits after `base` that nobody published are undone first.

    Columns new to the table are null in its old rows. The caller holds `writing(root, table)`.
    """
    current = _open(root, table)
    if current.version() < base:
        raise Missing(table)
    if current.version() != base:
        current.restore(base)
    written = _commit(path_of(root, table), data, as_given, overwrite=False)
    if patched is not None:
        patches.write(_gone_path(path_of(root, table), written.version), patched)
    return written


def compact(root: str | Path, table: str, written: Written) -> Written:
    """Joins many small files into few when there are too many."""
    if len(written.files) <= COMPACT_ABOVE_FILES:
        return written
    current = DeltaTable(str(path_of(root, table)))
    plain = {name: ColumnProperties(dictionary_enabled=False) for name in plain_columns(written.schema)}
    how = WriterProperties(compression=COMPRESSION, max_row_group_size=ROW_GROUP_ROWS, column_properties=plain or None)
    current.optimize.compact(target_size=FILE_BYTES, writer_properties=how)
    return replace(written, version=int(current.version()), files=_files(current))


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
    """The rows stay in their order, which the library's own writer does not keep: it goes by several threads."""
    path.mkdir(parents=True, exist_ok=True)
    target = canonical_schema(data.schema)
    typed = pa.RecordBatchReader.from_batches(target, (cast(batch, target) for batch in data))
    added = pumped(typed, lambda stream: parquet_files.write(path, arrange(stream)))
    now = int(time.time() * 1000)
    actions = [AddAction(f.name, f.bytes, {}, now, True, json.dumps({"numRecords": f.rows})) for f in added]
    if not DeltaTable.is_deltatable(str(path)):
        columns = Schema.from_arrow(target)
        create_table_with_add_actions(str(path), columns, actions, mode="append", configuration=_CONFIGURATION)
    else:
        _add(DeltaTable(str(path)), target, actions, overwrite=overwrite)
    table = DeltaTable(str(path))
    sizes = pa.table(table.get_add_actions(flatten=True)).column("size_bytes")
    return Written(table.version(), sum(f.rows for f in added), sum(sizes.to_pylist()), _files(table), _schema(table))


def _add(table: DeltaTable, target: pa.Schema, actions: list[AddAction], *, overwrite: bool) -> None:
    if overwrite:
        table.create_write_transaction(actions, "overwrite", Schema.from_arrow(target))
        return
    known = pa.schema(table.schema().to_arrow())
    new = [Field.from_arrow(field) for field in target if field.name not in known.names]
    if new:
        table.alter.add_columns(new)
    table.create_write_transaction(actions, "append", Schema.from_arrow(pa.unify_schemas([known, target])))


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
