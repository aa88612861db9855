"""Rows of a database as Arrow columns."""

import datetime as dt
import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa

from sources.reading.batch import unique_names
from sources.values.text import trimmed

_PLAIN = (int, float, bool, str, Decimal, dt.date, dt.datetime)


def arrow_table(names: list[str], rows: Sequence[Any]) -> pa.Table:
    """Native where a column has values of one kind, else text. Texts are trimmed; empty ones are null."""
    columns = list(zip(*rows, strict=True)) if rows else [() for _name in names]
    return pa.table([native(values) for values in columns], names=unique_names(names)[0])


def native(values: Sequence[Any]) -> pa.Array:
    kinds = {type(value) for value in values if value is not None}
    if len(kinds) == 1 and next(iter(kinds)) in _PLAIN:
        try:
            column = pa.array(values)
            return trimmed(column) if kinds == {str} else column
        except (pa.ArrowInvalid, OverflowError):
            pass
    return trimmed(pa.array([_text(value) for value in values], pa.string()))


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, bytes | memoryview | bytearray):
        raw = bytes(value)
        try:
            return raw.decode()
        except UnicodeDecodeError:
            return raw.hex()
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, uuid.UUID | dt.date | dt.time | Decimal | int):
        return str(value)
    return repr(value) if isinstance(value, float) else str(value)
