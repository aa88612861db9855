"""Columns of a table before they are compared: their texts, and what a look at some of them tells."""

import pyarrow as pa
import pyarrow.compute as pc

from profiles.unify.normalisers.registry import UNREAD, Reading

Meant = tuple[pa.Table, dict[str, str]]
"""Rows, and the meanings of those columns that have one."""
# So many rows, and so many values, are looked at.
ROWS, LOOKED_AT = 100_000, 10_000


def texts_of(data: pa.Table) -> list[str]:
    """The names of the columns of text."""
    return [
        field.name for field in data.schema if pa.types.is_string(field.type) or pa.types.is_large_string(field.type)
    ]


def text_of(data: pa.Table, name: str) -> pa.Array:
    return data.column(name).cast(pa.string()).combine_chunks()


def some_of(data: pa.Table, name: str) -> pa.Array:
    """Texts among the first rows, none of them null."""
    return data.column(name).slice(0, ROWS).drop_null().slice(0, LOOKED_AT).cast(pa.string()).combine_chunks()


def share_of(values: pa.Array, pattern: str) -> float:
    """Of texts, none of them null, how many match: 0 to 1, 0 where there are none."""
    return (pc.mean(pc.match_substring_regex(values, pattern).cast(pa.int8())).as_py() or 0.0) if len(values) else 0.0


def if_told(holds: bool) -> Reading:
    """What was read of a column of which only this is asked."""
    return {"told": "yes"} if holds else UNREAD
