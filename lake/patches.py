"""What tells which rows of a patched table are no longer there: a Parquet file beside it. No Django here."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

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
