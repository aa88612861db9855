"""One column to its type."""

import json
import re
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sources.values import numbers, times
from sources.values.counted import DAYS, MICROSECONDS, MILLISECONDS, SECONDS
from sources.values.plan import MINOR, ColumnPlan
from sources.values.scripts import in_ascii
from sources.values.text import Column, bytes_column, is_text, only, trimmed, unread

# Nobody is born tomorrow: 58 in such a column is 1958.
_BIRTHS = re.compile(r"birth|geb|naiss|nacim|nascita|nasc|födel|fødsel|urodz|\bdob\b", re.I)


def convert(column: Column, plan: ColumnPlan) -> tuple[Column, Column | None]:
    """The column as `plan.arrow_type`, and a mask of the values that could not be read (None when all could).

    Values that stand for nothing ("n/a", "NULL") are null in every type but text. Never raises for a value.
    """
    if isinstance(column, pa.DictionaryArray) or pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_null(column.type):
        return column.cast(plan.arrow_type), None
    result = _from_text(column, plan) if is_text(column.type) else _from_native(column, plan)
    if is_text(column.type) and plan.type not in ("string", "list") and result.null_count > column.null_count:
        result = _from_text(in_ascii(column), plan)
    if result.type != plan.arrow_type:
        result = result.cast(plan.arrow_type)
    if plan.type in ("date", "timestamp") and not is_text(column.type):
        result = times.in_calendar(result)
    return result, unread(column if is_text(column.type) else as_text(column), result)


def _from_text(column: Column, plan: ColumnPlan) -> Column:
    match plan.type:
        case "string":
            return trimmed(column)
        case "integer":
            return _quick(column, pa.int64()) if plan.format != "," else numbers.integers(trimmed(column), ",")
        case "number" if plan.format.endswith("%"):
            return numbers.percentages(trimmed(column), plan.format.removesuffix("%") or ".")
        case "number":
            return _quick(column, pa.float64()) if plan.format != "," else numbers.numbers(trimmed(column), ",")
        case "boolean":
            return numbers.booleans(column)
        case "date":
            read = times.dates(column, plan.format, drop_times=plan.is_stated)
            return times.in_the_past(read) if "%y" in plan.format and _BIRTHS.search(plan.name) else read
        case "timestamp":
            return times.timestamps(column, plan.format, plan.zone)
        case "money":
            return numbers.minor_units(_amounts(column, plan), plan.factor)
        case _:
            return pa.array([_list(value) for value in column.to_pylist()], pa.list_(pa.string()))


def _quick(column: Column, target: pa.DataType) -> Column:
    """Arrow's own cast where every value is spelled plainly; the patient way where one is not."""
    try:
        result = column.cast(target)
    except pa.ArrowInvalid:
        text = trimmed(column)
        return numbers.integers(text) if target == pa.int64() else numbers.numbers(text)
    return result if target == pa.int64() else only(result, pc.is_finite(result))


def rounded(column: Column, plan: ColumnPlan) -> int:
    """How many amounts of a column of money lose what is smaller than the currency's smallest unit."""
    if plan.type != "money" or pa.types.is_null(column.type):
        return 0
    if not is_text(column.type):
        is_plain = pa.types.is_floating(column.type) or pa.types.is_decimal(column.type)
        return numbers.finer(column.cast(pa.float64(), safe=False), plan.factor) if is_plain else 0
    return numbers.finer(_amounts(column, plan), plan.factor)


def _amounts(column: Column, plan: ColumnPlan) -> Column:
    if plan.format == MINOR:
        return numbers.whole_amounts(trimmed(column), plan.currency)
    if plan.format != ",":
        try:
            return column.cast(pa.float64())
        except pa.ArrowInvalid:
            pass
    return numbers.amounts(trimmed(in_ascii(column)), plan.currency, plan.format or ".")


def _from_native(column: Column, plan: ColumnPlan) -> Column:
    kind = column.type
    if pa.types.is_timestamp(kind):
        column = (
            times._in_utc(column.cast(pa.timestamp("us")), plan.zone) if kind.tz is None else column.cast(times.UTC)
        )
        if plan.type in ("timestamp", "date"):
            return column.cast(plan.arrow_type, safe=False)
    if plan.type == "timestamp" and pa.types.is_date(kind):
        return times._in_utc(column.cast(pa.timestamp("us")), plan.zone)
    if pa.types.is_decimal(kind) and plan.type == "integer":
        return numbers.integers(as_text(column))
    if pa.types.is_decimal(kind) and plan.type != "string":
        column, kind = column.cast(pa.float64(), safe=False), pa.float64()
    if plan.type == "boolean" and (pa.types.is_integer(kind) or pa.types.is_floating(kind)):
        return numbers.flags(column)
    if plan.type == "number" and pa.types.is_floating(kind):
        return only(column.cast(pa.float64()), pc.is_finite(column))
    if plan.type in ("date", "timestamp") and plan.format in (DAYS, SECONDS, MILLISECONDS, MICROSECONDS):
        return _counted(column, plan)
    if plan.type == "money" and (pa.types.is_integer(kind) or pa.types.is_floating(kind)):
        return numbers.minor_units(column.cast(pa.float64()), plan.factor)
    if plan.type == "list" and pa.types.is_list(kind):
        return column.cast(plan.arrow_type)
    if plan.type in ("integer", "number", "boolean", "date") and kind != pa.string():
        try:
            return column.cast(plan.arrow_type)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            pass
    return _from_text(as_text(column), plan)


def _counted(column: Column, plan: ColumnPlan) -> Column:
    """Dates and times of numbers."""
    if plan.type == "date":
        return times.dates(column, plan.format)
    return times.timestamps(column, plan.format, plan.zone)


def as_text(column: Column) -> Column:
    """Any column as text: times in ISO 8601, nested values as JSON, whole doubles without a fraction."""
    kind = column.type
    if is_text(kind):
        return column
    if pa.types.is_nested(kind):
        return pa.array([_json(value) for value in column.to_pylist()], pa.string())
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        return bytes_column(column.to_pylist())
    text = column.cast(pa.string())
    return pc.replace_substring_regex(text, r"\.0$", "") if pa.types.is_floating(kind) else text


def _json(value: Any) -> str | None:
    return None if value is None else json.dumps(value, default=str, ensure_ascii=False)


def _list(value: str | None) -> Any:
    if value is None:
        return None
    if value.startswith("["):
        try:
            found = json.loads(value)
        except json.JSONDecodeError:
            return None
        return [item if isinstance(item, str) else json.dumps(item) for item in found]
    return [part.strip() for part in value.replace(";", ",").replace("|", ",").split(",") if part.strip()]
