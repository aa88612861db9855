"""Rows in Parquet files, in the order in which they are given. No Django here."""

import os
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

# The unit in which DuckDB spreads a scan over threads, and skips what lies outside. It groups by a text without hashing
# every row where a row group has at most 20,000 different ones: here for three rows per customer and more.
ROW_GROUP_ROWS = 61_440
# Questions are asked far more often than data are written. About the orders of a million customers they take a third
# less time than with ZSTD; the files take more than half as much room again.
COMPRESSION = "LZ4_RAW"
FILE_BYTES = 256 * 1024 * 1024
# A text of which so large a share is different in so many rows and more is stored without a dictionary.
MOSTLY_DIFFERENT, ROWS_THAT_TELL = 0.7, 30_000


@dataclass(frozen=True)
class File:
    """One that was written: its name in the folder."""

    name: str
    rows: int
    bytes: int


def write(folder: Path, rows: pa.RecordBatchReader) -> list[File]:
    """New files of at most about `FILE_BYTES`, whose names are in the order of their rows. Memory holds one row group.
    Where it fails, those that were written belong to nobody."""
    name = uuid.uuid4().hex
    found: list[File] = []
    groups = _groups(rows)
    first = next(groups, None)
    while first is not None:
        path = folder / f"part-{len(found):05}-{name}.parquet"
        count, first = _write_file(path, rows.schema, first, groups)
        found.append(File(path.name, count, path.stat().st_size))
    return found


def _write_file(
    path: Path, schema: pa.Schema, first: pa.Table, groups: Iterator[pa.Table]
) -> tuple[int, pa.Table | None]:
    """How many rows it holds, and the row group that the next one begins with."""
    group: pa.Table | None = first
    count, plain = 0, plain_columns(schema, first)
    dictionary = [_leaf(field) for field in schema if field.name not in plain]
    with (
        path.open("xb") as sink,
        parquet.ParquetWriter(sink, schema, compression="lz4", use_dictionary=dictionary) as writer,
    ):
        while group is not None and (not count or sink.tell() < FILE_BYTES):
            writer.write_table(group, ROW_GROUP_ROWS)
            count += group.num_rows
            group = next(groups, None)
        writer.close()
        sink.flush()
        os.fsync(sink.fileno())
    return count, group


def _leaf(field: pa.Field) -> str:
    """What the format calls a column, or the values in its lists."""
    return f"{field.name}.list.element" if pa.types.is_list(field.type) else str(field.name)


def _groups(rows: pa.RecordBatchReader) -> Iterator[pa.Table]:
    """The rows in tables of the size of a row group."""
    waiting, count = [], 0
    for batch in rows:
        waiting.append(batch)
        count += batch.num_rows
        while count >= ROW_GROUP_ROWS:
            whole = pa.Table.from_batches(waiting, rows.schema)
            yield whole.slice(0, ROW_GROUP_ROWS)
            waiting, count = whole.slice(ROW_GROUP_ROWS).to_batches(), count - ROW_GROUP_ROWS
    if count:
        yield pa.Table.from_batches(waiting, rows.schema)


def plain_columns(schema: pa.Schema, rows: pa.Table | None = None) -> list[str]:
    """Those that are stored without a dictionary. Times hardly repeat: they take a quarter less room and are read in
    half the time. So it is with texts that are hardly ever the same in `rows`, of which it would be made in vain."""
    return [field.name for field in schema if pa.types.is_timestamp(field.type) or _differ(rows, field)]


def _differ(rows: pa.Table | None, field: pa.Field) -> bool:
    if rows is None or rows.num_rows < ROWS_THAT_TELL or not pa.types.is_string(field.type):
        return False
    known = rows.column(field.name).drop_null()
    return len(known) >= ROWS_THAT_TELL and pc.count_distinct(known).as_py() > MOSTLY_DIFFERENT * len(known)


def read(paths: Iterable[str], schema: pa.Schema, gone: pa.Table) -> Iterator[pa.RecordBatch]:
    """The rows of files without those that are `gone` (`file`: a name; `row`), in their order, a row group at a time.
    Columns that a file lacks are null; values keep the types of the file."""
    for path in paths:
        of_file = pc.equal(gone.column("file").cast(pa.string()), Path(path).name)
        left_out = gone.column("row").filter(of_file).to_numpy()
        # Fetched ahead at one go, row groups of a file of this machine take longer.
        with parquet.ParquetFile(path, pre_buffer=False) as file:
            names, start = [name for name in schema.names if name in file.schema_arrow.names], 0
            for number in range(file.num_row_groups):
                rows = file.read_row_group(number, names).combine_chunks()
                stays = np.ones(rows.num_rows, bool)
                stays[left_out[(left_out >= start) & (left_out < start + len(stays))] - start] = False
                start += len(stays)
                for field in schema:
                    if field.name not in names:
                        rows = rows.append_column(field, pa.nulls(len(stays), field.type))
                yield from rows.select(schema.names).filter(pa.array(stays)).combine_chunks().to_batches()
