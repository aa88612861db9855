"""Text columns: trimming, what stands for nothing, and casting only what matches a pattern."""

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

Column = Any  # pa.Array | pa.ChunkedArray: the compute functions take both, their stubs do not

NOTHING = (
    "",
    "-",
    "--",
    "null",
    "nil",
    "none",
    "n/a",
    "#n/a",
    "na",
    "nan",
    "\\n",
    "?",
    "unknown",
    "undefined",
    "#value!",
    "#ref!",
    "#div/0!",
    "#name?",
    # what workbooks of other languages write for errors and for what is missing
    "#nv",
    "#wert!",
    "#bezug!",
    "#n/d",
    "#n/d!",
    "#valeur!",
    "#nom?",
    "#valor!",
    "#¡valor!",
    "#¡ref!",
    "#¡div/0!",
    "#saknas!",
    "#i/t",
    "#н/д",
    "#yok",
    "n.a.",
    "n.d.",
    "n/d",
    "s/d",
    "k.a.",
    "k. a.",
    "keine angabe",
    "(null)",
    "<null>",
    "[null]",
    "<na>",
    "nat",
    "(blank)",
    "(leer)",
    "(vide)",
    "(none)",
    "–",
    "—",
    "---",
    "…",
    "0000-00-00",
    "0000-00-00 00:00:00",
    "0000-00-00 00:00:00.000000",
)
"""What people and programs write into a typed column when there is no value (lower case). Text columns keep it."""


def is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def trimmed(column: Column) -> Column:
    """Without outer white space; empty text is null."""
    column = pc.utf8_trim_whitespace(column)
    if pc.index(column, pa.scalar("", column.type)).as_py() < 0:
        return column
    return pc.if_else(pc.equal(column, ""), pa.scalar(None, column.type), column)


def stands_for_nothing(column: Column) -> Column:
    return pc.is_in(pc.utf8_lower(pc.utf8_trim_whitespace(column)), value_set=pa.array(NOTHING))


def only(column: Column, keep: Column) -> Column:
    """Null where `keep` is not true."""
    return pc.if_else(pc.fill_null(keep, False), column, pa.scalar(None, column.type))


def unread(column: Column, result: Column) -> Column | None:
    """True where there was a value and none could be read; None when everything was read."""
    if result.null_count == column.null_count:
        return None
    failed = pc.and_(pc.is_valid(column), pc.is_null(result))
    failed = pc.and_(failed, pc.invert(pc.fill_null(stands_for_nothing(column), False)))
    return failed if pc.any(failed).as_py() else None


def cast_matching(column: Column, pattern: str, target: pa.DataType) -> Column:
    """Casts the values that match an RE2 pattern, which must admit only what `target` can read; null for the others."""
    return only(column, pc.match_substring_regex(column, pattern)).cast(target)


def bytes_column(values: Sequence[Any]) -> pa.Array:
    """Bytes as text where all of them are, else all as hexadecimal digits: a column is spelled in one way."""
    raw = [None if value is None else bytes(value) for value in values]
    try:
        texts = [None if value is None else value.decode() for value in raw]
        if all(text is None or text.replace("\n", " ").replace("\t", " ").isprintable() for text in texts):
            return pa.array(texts, pa.string())
    except UnicodeDecodeError:
        pass
    return pa.array([None if value is None else value.hex() for value in raw], pa.string())
