"""Tags and filters of all templates: `{% load kindred %}`."""

from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from django import template
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from core import formats
from core.hashing import bucket
from core.models import Workspace

register = template.Library()
SPARK_WIDTH, SPARK_HEIGHT, SPARK_LEAST = 100, 30, 3

register.filter("number", formats.number)
register.filter("compact", formats.compact)
register.filter("percent", formats.percent)
register.filter("bytes", formats.size)
register.filter("duration", formats.duration)
register.filter("exact", formats.exact)
register.filter("initials", formats.initials)
register.filter("phone", formats.phone)
register.filter("breakable", formats.breakable)
register.filter("plain", formats.plain)
register.filter("written", formats.written)


@register.filter
def ago(moment: datetime | date | None) -> SafeString:
    return formats.ago(moment or None)  # a template's missing value is ""


@register.simple_tag
def money(minor: int | None, currency: str = "") -> str:
    """`{% money 1050 "EUR" %}`: minor units; without a currency the workspace's own."""
    return formats.money(minor, currency or Workspace.current().currency)


@register.simple_tag
def icon(name: str, css: str = "", label: str = "") -> SafeString:
    """`{% icon "people" %}`: decoration beside words; with a label it speaks for itself."""
    speech = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html('<svg class="icon {}" {}><use href="{}#{}"/></svg>', css, speech, icons_url(), name)


@cache
def icons_url() -> str:
    return static("icons.svg")


@register.simple_tag(takes_context=True)
def qs(context: template.Context, **changes: Any) -> str:
    """This page's query string with some keys replaced; None or "" removes one: `{% qs page=2 q=None %}`."""
    request: HttpRequest = context["request"]
    query = request.GET.copy()
    for key, value in changes.items():
        query.pop(key, None)
        if value not in (None, ""):
            query[key] = str(value)
    for key in [key for key, value in query.items() if value == ""]:
        del query[key]
    return f"?{query.urlencode()}"


@register.simple_tag
def avatar_class(name: str) -> str:
    """One of four colours, always the same for a name."""
    return f"avatar-{bucket('avatar', name, 4) + 1}"


@register.filter
def spark_points(values: list[float | int | None]) -> str:
    """The points of a sparkline in a box of 100 × 30; missing values are left out. It begins at zero, so that its slope
    is the change in proportion, and needs `SPARK_LEAST` values: two are a difference, not a trend."""
    known = [(index, float(value)) for index, value in enumerate(values) if value is not None]
    if len(known) < SPARK_LEAST:
        return ""
    low, high = min(0.0, *(v for _, v in known)), max(0.0, *(v for _, v in known))
    spread, last = (high - low) or 1.0, len(values) - 1
    points = ((i * SPARK_WIDTH / last, SPARK_HEIGHT - 2 - (v - low) / spread * (SPARK_HEIGHT - 4)) for i, v in known)
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """`mapping[key]`, or nothing."""
    return mapping.get(key) if hasattr(mapping, "get") else getattr(mapping, str(key), None)


@register.filter
def share_of(part: int | float | Decimal | None, whole: int | float | Decimal | None) -> float | None:
    """A fraction; nothing when either is missing or the whole is zero."""
    return float(part) / float(whole) if part is not None and whole else None


@register.filter
def diff_lines(text: str) -> list[tuple[str, str]]:
    """(kind, line) of a unified diff; kinds: add, remove, note, same."""
    kinds = {"+": "add", "-": "remove", "@": "note", "#": "note"}
    return [(kinds.get(line[:1], "same"), line) for line in text.splitlines()]
