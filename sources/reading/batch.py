"""What a reader hands on: rows with their places, and rows that could not be read."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from sources.values.convert import as_text

LONGEST_NAME = 200  # characters of a column's name that are kept
RAW_LIMIT = 10_000  # characters of a rejected row that are kept; a 1 MB cell must not fill the quarantine


@dataclass(frozen=True)
class Reject:
    """One row that was set aside. `line` is the physical line (or the row of a sheet or result) on which it begins."""

    file: str
    line: int
    column: str
    code: str
    reason: str
    raw: str


@dataclass
class Batch:
    """Some rows of the input, in its order. Columns are text or native Arrow values; `lines` has one entry per row.

    `raw(i)` is the text of row i as it stood in the input. `bytes` counts what was read for this batch.
    """

    data: pa.Table
    file: str
    lines: np.ndarray[Any, Any]
    raw: Callable[[int], str]
    bytes: int = 0
    rejects: list[Reject] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


Batches = Iterator[Batch]


def shortened(text: str) -> str:
    return text if len(text) <= RAW_LIMIT else f"{text[:RAW_LIMIT]}…"


def tidy(name: str) -> str:
    """A column's name as it is kept: on one line, with single spaces, and no longer than a name may be."""
    return " ".join(name.replace("\ufeff", "").split())[:LONGEST_NAME].strip()


def unique_names(names: list[str]) -> tuple[list[str], bool]:
    """Trimmed, never empty and never twice: "", "a", "a" become `column_1`, `a`, `a_2`. True when one was changed."""
    seen: set[str] = set()
    result = []
    for position, name in enumerate(names, 1):
        base = tidy(name) or f"column_{position}"
        unique, number = base, 2
        while unique.casefold() in seen:
            unique, number = f"{base}_{number}", number + 1
        seen.add(unique.casefold())
        result.append(unique)
    return result, any(a.strip() != b for a, b in zip(names, result, strict=True))


def without_unused(data: pa.Table, unnamed: Collection[str]) -> pa.Table:
    """Without columns that nobody named and that hold nothing, as delimiters at the end of all lines make them. Where a
    later batch holds a value in one, it is a column."""
    unused = [name for name in unnamed if data.num_rows and data.column(name).null_count == data.num_rows]
    return data.drop_columns(unused) if unused and len(unused) < data.num_columns else data


def row_text(data: pa.Table, row: int) -> str:
    """A row of native values as readable text, for inputs that have no lines of their own."""
    return shortened(str({name: as_text(data.column(name).slice(row, 1))[0].as_py() for name in data.column_names}))


def texts_of(data: pa.Table) -> Callable[[int], str]:
    """What `Batch.raw` is for inputs of native values."""
    return lambda row: row_text(data, row)
