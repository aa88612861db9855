"""Statistics of columns, in one pass over the stored files. No Django here."""

import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa

from lake import engine
from lake.specs import ColumnStats

TOP_VALUES = 5
TOP_SAMPLE_ROWS = 20_000  # frequent values show in a sample of this size; counts are scaled to the whole
LONGEST_VALUE = 200  # characters of a value kept in the catalog


def column_stats(files: Sequence[str], schema: pa.Schema, rows: int, skip: set[str]) -> dict[str, ColumnStats]:
    """Missing, distinct (approximate, HyperLogLog), smallest, largest and most frequent values of every column that
    is not in `skip`. Times are UTC, as ISO text."""
    fields = [field for field in schema if field.name not in skip]
    if not files or not fields or not rows:
        return {field.name: ColumnStats() for field in fields}
    source = engine.scan(files, schema)
    parts = [part for field in fields for part in _parts(field)]
    values = engine.rows_of(f"SELECT {', '.join(parts)} FROM ({source})")[0]  # noqa: S608
    found = {}
    tops = _tops(source, fields, rows)
    for index, field in enumerate(fields):
        present, distinct, low, high = values[index * 4 : index * 4 + 4]
        found[field.name] = ColumnStats(
            missing=rows - present,
            distinct=min(distinct, present),
            min=_json(low),
            max=_json(high),
            top=tops.get(field.name, []),
        )
    return found


def _parts(field: pa.Field) -> list[str]:
    name = engine.quoted(field.name)
    if pa.types.is_list(field.type):
        return [f"count({name})", "0", "NULL", "NULL"]
    return [f"count({name})", f"approx_count_distinct({name})", f"min({name})", f"max({name})"]


def _tops(source: str, fields: Sequence[pa.Field], rows: int) -> dict[str, list[tuple[Any, int]]]:
    plain = [field for field in fields if not pa.types.is_list(field.type)]
    if not plain:
        return {}
    parts = ", ".join(f"approx_top_k({engine.quoted(field.name)}, {TOP_VALUES})" for field in plain)
    counts = ", ".join(f"histogram({engine.quoted(field.name)})" for field in plain)
    del parts
    sample = engine.rows_of(f"SELECT {counts} FROM (SELECT * FROM ({source}) LIMIT {TOP_SAMPLE_ROWS})")[0]  # noqa: S608
    scale = max(1.0, rows / TOP_SAMPLE_ROWS)
    return {field.name: _top(found or {}, scale) for field, found in zip(plain, sample, strict=True)}


def _top(found: dict[Any, int], scale: float) -> list[tuple[Any, int]]:
    best = sorted(found.items(), key=lambda item: (-item[1], str(item[0])))[:TOP_VALUES]
    return [(_json(value), round(count * scale)) for value, count in best if count > 1]


def _json(value: Any) -> Any:
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).isoformat() if value.tzinfo else value.isoformat()
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return None
    if value is None or isinstance(value, bool | int | float):
        return value
    text = str(value)
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"
