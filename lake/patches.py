"""What tells which rows of a patched table are no longer there: a Parquet file beside it. No Django here."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

Numbers = npt.NDArray[np.int64]

GONE = pa.schema([("file", pa.dictionary(pa.int32(), pa.string())), ("row", pa.int64())])
_WHOLE = b"whole"  # of the file's metadata


@dataclass(frozen=True)
class Patched:
    """How a version of a table came from the last one that was written whole, in the files `whole` (names). `gone`: the
    rows of its files that are no longer there: `file` (its name), `row` (its number in the file)."""

    whole: frozenset[str]
    gone: pa.Table


def write(path: Path, patched: Patched) -> None:
    path.parent.mkdir(exist_ok=True)
    whole = {_WHOLE: "\n".join(sorted(patched.whole)).encode()}
    parquet.write_table(patched.gone.replace_schema_metadata(whole), path)


def read(path: str) -> Patched:
    with parquet.ParquetFile(path, read_dictionary=["file"]) as file:
        return Patched(written_whole(path), file.read(use_threads=False).cast(GONE))


@lru_cache(1000)
def written_whole(path: str) -> frozenset[str]:
    """The names of the files that are no patches. Asked for with every statement; such a file never changes."""
    told = parquet.read_metadata(path).metadata or {}
    return frozenset(told.get(_WHOLE, b"").decode().split("\n"))


def places_of(files: Sequence[str], column: str, values: pa.Array, known: pa.Table) -> pa.Table:
    """The rows of these files in which `column`, a text, has one of the values, without those that are `known`: as
    `GONE`."""
    found = [GONE.empty_table()]
    for path in files:
        name = Path(path).name
        rows = np.concatenate([np.array([], np.int64), *_rows_with(path, column, values)])
        rows = np.setdiff1d(rows, _rows_of(known, name), assume_unique=True)
        file = pa.DictionaryArray.from_arrays(np.zeros(len(rows), np.int32), pa.array([name]))
        found.append(pa.table([file, rows], schema=GONE))
    return pa.concat_tables(found)


def _rows_with(path: str, column: str, values: pa.Array) -> Iterator[Numbers]:
    """Their numbers in the file, row group by row group. A value that a row group has often is looked up there once."""
    told, begin = parquet.read_metadata(path), 0
    coded = [column] if _has_dictionaries(told, column) else []
    with parquet.ParquetFile(path, metadata=told, read_dictionary=coded) as file:
        for group in range(told.num_row_groups):
            for chunk in file.read_row_group(group, columns=[column], use_threads=False).column(0).chunks:
                yield begin + np.flatnonzero(_is_among(chunk, values))
                begin += len(chunk)


def _has_dictionaries(told: parquet.FileMetaData, column: str) -> bool:
    at = [told.schema.column(leaf).path for leaf in range(told.num_columns)].index(column)
    return all(told.row_group(group).column(at).has_dictionary_page for group in range(told.num_row_groups))


def _is_among(texts: pa.Array, values: pa.Array) -> npt.NDArray[np.bool_]:
    if not pa.types.is_dictionary(texts.type):
        found: npt.NDArray[np.bool_] = pc.is_in(texts, value_set=values).to_numpy(zero_copy_only=False)
        return found
    codes = pc.fill_null(texts.indices, len(texts.dictionary)).to_numpy()
    each: npt.NDArray[np.bool_] = np.append(_is_among(texts.dictionary, values), False)[codes]
    return each


def _rows_of(gone: pa.Table, file: str) -> Numbers:
    found = [np.array([], np.int64)]
    for batch in gone.to_batches():
        code = batch.column(0).dictionary.index(file).as_py()
        found.append(batch.column(1).to_numpy()[batch.column(0).indices.to_numpy() == code])
    return np.concatenate(found)
