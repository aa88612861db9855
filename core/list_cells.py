"""One cell of a list: the value of a row under a column, as HTML for people and as text for files."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache, reduce
from typing import Any

from django.db.models import Field, Manager, Model
from django.template.loader import render_to_string
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from core import formats
from core.list_parts import Column

# What has decimals, as many in all rows of a page: the words of a value with at least so many.
_DECIMAL: dict[str, Callable[[Any, int], str]] = {
    "number": lambda value, least: formats.number(value, least=least),
    "percent": formats.percent,
}
_MAKERS: dict[str, Callable[[Any], str]] = {
    "bytes": formats.size,
    "duration": formats.duration,
    "phone": formats.phone,
}


_ONE_LINE = {"date", "ago", "pill", "bool", "phone"}
TAGS_IN_LINE = 3
LETTERS_IN_LINE = 36  # of all tags of a cell: what fits a column beside others


@dataclass(frozen=True)
class Cell:
    html: SafeString
    css: str
    label: Any  # the column's words, which a phone shows beside the value


def raw_value(row: Any, path: str) -> Any:
    """Follows `.` and `__` through attributes and dictionaries; calls plain methods; None where the way ends."""
    if isinstance(row, dict) and path in row:
        return row[path]
    if not isinstance(row, dict) and hasattr(row, path):
        value = getattr(row, path)
        return value() if callable(value) and not isinstance(value, Manager) else value
    return reduce(_step, path.replace("__", ".").split("."), row)


def _step(value: Any, name: str) -> Any:
    if value is None:
        return None
    found = value.get(name) if isinstance(value, dict) else getattr(value, name, None)
    return found() if callable(found) and not isinstance(found, Manager) else found


def choice_words(row: Model, name: str) -> str:
    """As Django's `get_…_display`, which makes a table of all choices for every row; "" for none."""
    value = getattr(row, name)
    return "" if value is None else str(_choices(type(row), name).get(value, value))


@cache
def _choices(model: type[Model], name: str) -> dict[Any, Any]:
    field = model._meta.get_field(name)
    return dict(field.flatchoices) if isinstance(field, Field) else {}


def _value(column: Column, row: Any) -> Any:
    if column.value:
        return column.value(row)
    if column.kind in {"text", "pill"} and hasattr(row, f"get_{column.key}_display"):
        return choice_words(row, column.key)
    return raw_value(row, column.key)


def _currency(column: Column, row: Any) -> str:
    return column.currency(row) if callable(column.currency) else column.currency


def decimals(column: Column, rows: Iterable[Any]) -> int:
    """How many decimals the values of these rows have under a column, so that all are written alike."""
    if column.kind not in _DECIMAL or column.template or column.pill:
        return 0
    values = (_value(column, row) for row in rows)
    known = [value for value in values if isinstance(value, int | float | Decimal)]
    if column.kind == "percent":
        return formats.percent_decimals(float(share) for share in known)
    return formats.decimals(known)


def cell(column: Column, row: Any, address: str, panel: bool = False, least: int = 0) -> Cell:
    """`address`: the row's own; `panel`: a link opens the side panel; `least`: decimals of numbers."""
    value = _value(column, row)
    html = _html(column, row, value, least)
    url = column.link(row) if callable(column.link) else address if column.link else ""
    if url and panel:
        html = format_html('<a href="{0}" hx-get="{0}" hx-target="#panel" data-open>{1}</a>', url, html)
    elif url:
        html = format_html('<a href="{}" data-open>{}</a>', url, html)
    return Cell(html, "num" if column.is_number else "nowrap" if _is_one_line(column, value) else "", column.label)


def _is_one_line(column: Column, value: Any) -> bool:
    return column.one_line or column.kind in _ONE_LINE or (column.kind == "tags" and _are_short(value or ()))


def _are_short(tags: Collection[Any]) -> bool:
    return len(tags) <= TAGS_IN_LINE and sum(len(str(tag)) for tag in tags) <= LETTERS_IN_LINE


def _html(column: Column, row: Any, value: Any, least: int) -> SafeString:
    if column.template:
        return SafeString(render_to_string(column.template, {"row": row, "value": value}))
    if column.pill:
        words, tone = column.pill(row)
        return format_html('<span class="pill pill-{}">{}</span>', tone or "none", words)
    if value is None or value == "" or value == []:
        return format_html('<span class="empty-value">{}</span>', formats.NOTHING)
    if column.kind == "ago":
        return formats.ago(value)
    if column.kind == "pill":
        return format_html('<span class="pill">{}</span>', value)
    if column.kind == "tags":
        return format_html_join(" ", '<span class="pill">{}</span>', ((part,) for part in value))
    if column.kind == "html":
        return conditional_escape(value)
    words = _words(column, row, value, least)
    return formats.breakable(words)


def _words(column: Column, row: Any, value: Any, least: int) -> str:
    if column.kind == "money":
        return formats.money(value, _currency(column, row) or "USD")
    if decimal := _DECIMAL.get(column.kind):
        return decimal(value, least)
    if maker := _MAKERS.get(column.kind):
        return maker(value)
    return formats.plain(value) if not isinstance(value, str) else value


def export_value(column: Column, row: Any) -> Any:
    """For files: money in major units, times in ISO 8601, everything else as it is."""
    if column.pill and not column.value:
        return str(column.pill(row)[0])
    value = _value(column, row)
    if value is None:
        return ""
    if column.kind == "money":
        return formats.major(value, _currency(column, row) or "USD")
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list | tuple | set):
        return "; ".join(str(part) for part in value)
    return value
