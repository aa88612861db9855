"""Statistics of columns, in one pass over the stored files. No Django here."""

import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa

from lake import engine
from lake.specs import ColumnStats

TOP_VALUES = 5
EXACT_BELOW_ROWS = 100_000  # an exact count of different values is cheap below it; above it HyperLogLog is ± 10%
MOST_DISTINCT = 2_000  # beyond it no value is frequent enough to be worth a look, and counting gets slow
LONGEST_VALUE = 200  # characters of a value kept in the catalog


def column_stats(
    files: Sequence[str], schema: pa.Schema, rows: int, skip: set[str], unique: str = ""
) -> dict[str, ColumnStats]:
    """Missing, distinct (approximate in large tables), smallest, largest and most frequent values of every column that
    is not in `skip`. `unique` names a column whose values do not repeat. Times are UTC, as ISO text."""
    fields = [field for field in schema if field.name not in skip]
    if not files or not fields or not rows:
        return {field.name: ColumnStats() for field in fields}
    source = engine.scan(files, schema)
    distinct_of = "count(DISTINCT {})" if rows <= EXACT_BELOW_ROWS else "approx_count_distinct({})"
    parts = [part for field in fields for part in _parts(field, distinct_of)]
    values = engine.rows_of(f"SELECT {', '.join(parts)} FROM ({source})")[0]  # noqa: S608
    found = {}
    for index, field in enumerate(fields):
        present, distinct, low, high = values[index * 4 : index * 4 + 4]
        distinct = present if field.name == unique else min(distinct, present)
        repeats = 0 < distinct <= MOST_DISTINCT and distinct * 2 <= present
        top = _top(source, field.name) if repeats else []
        found[field.name] = ColumnStats(
            rows - present, distinct, _json(low), _json(high), top, rows <= EXACT_BELOW_ROWS or field.name == unique
        )
    return found


def _parts(field: pa.Field, distinct_of: str) -> list[str]:
    name = engine.quoted(field.name)
    if pa.types.is_list(field.type):
        return [f"count({name})", "0", "NULL", "NULL"]
    return [f"count({name})", distinct_of.format(name), f"min({name})", f"max({name})"]


def _top(source: str, column: str) -> list[tuple[Any, int]]:
    name = engine.quoted(column)
    statement = (
        f"SELECT {name}, count(*) AS times FROM ({source}) WHERE {name} IS NOT NULL "  # noqa: S608
        f"GROUP BY ALL ORDER BY times DESC, {name} LIMIT {TOP_VALUES}"
    )
    return [(_json(value), times) for value, times in engine.rows_of(statement)]


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
