"""Rows of a database as Arrow columns."""

import datetime as dt
import json
import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa

from sources.reading.batch import unique_names
from sources.reading.plain import plain
from sources.values.text import bytes_column

_PLAIN = (int, float, bool, str, Decimal, dt.date, dt.datetime)
_BYTES = (bytes, bytearray, memoryview)


def arrow_table(names: list[str], rows: Sequence[Any]) -> pa.Table:
    """Native where a column has values of one kind, else text. Texts are trimmed; empty ones are null."""
    columns = list(zip(*rows, strict=True)) if rows else [() for _name in names]
    return plain(pa.table([native(values) for values in columns], names=unique_names(names)[0]))


def native(values: Sequence[Any]) -> pa.Array:
    kinds = {type(value) for value in values if value is not None}
    if len(kinds) == 1 and next(iter(kinds)) in _PLAIN:
        try:
            return pa.array(values)
        except (pa.ArrowInvalid, OverflowError, UnicodeEncodeError):
            pass
    if kinds == {list} and all(isinstance(item, str) for value in values if value for item in value):
        return pa.array(values, pa.list_(pa.string()))
    if kinds and kinds <= set(_BYTES):
        return bytes_column(values)
    return pa.array([_text(value) for value in values], pa.string())


def clock_text(value: dt.timedelta) -> str:
    """Hours, minutes and seconds, as databases and spreadsheets write durations: "-30:05:00"."""
    seconds = abs(value) // dt.timedelta(seconds=1)
    return f"{'-' if value < dt.timedelta() else ''}{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, _BYTES):
        return bytes_column([value])[0].as_py()  # type: ignore[no-any-return]
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, dt.timedelta):
        return clock_text(value)
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, uuid.UUID | dt.date | dt.time | Decimal | int):
        return str(value)
    text = repr(value) if isinstance(value, float) else str(value)
    return text.encode("utf-8", "replace").decode()
