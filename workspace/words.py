"""Differences in words."""

import json
import re
from collections.abc import Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.audit_words import value_words
from core.sections import Change
from core.text import humanize

THINGS: dict[str, Promise] = {
    "activities": gettext_lazy("Activity"),
    "columns": gettext_lazy("Column"),
    "journeys": gettext_lazy("Journey"),
    "measures": gettext_lazy("Measure"),
    "relationships": gettext_lazy("Relationship"),
    "segments": gettext_lazy("Segment"),
    "sources": gettext_lazy("Source"),
    "tables": gettext_lazy("Table"),
    "templates": gettext_lazy("E-mail"),
    "workspace": gettext_lazy("Workspace"),
    "unification": gettext_lazy("Unification"),
}
_PART = re.compile(r"(\w+)(?:\[(.*?)\])?(?:\.|$)")

SIGNS = {"add": "+", "change": "~", "remove": "-"}
SHOWN = 200
"""Characters of a value that are shown."""


def line(change: Change) -> str:
    """One line, the sign first: `~ segments[Loyal customers].rule: {…} → {…}`."""
    text = f"{SIGNS[change.action]} {change.path}"
    if change.action == "change":
        return f"{text}: {short(change.before)} → {short(change.after)}"
    value = change.after if change.action == "add" else change.before
    return text if value is None else f"{text}: {short(value)}"


def short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def place(path: str) -> str:
    """ "segments[Loyal customers].rule" → "Segment Loyal customers: rule"."""
    parts = _PART.findall(path)
    if "".join(match.group() for match in _PART.finditer(path)) != path or not parts:
        return path
    field = parts.pop()[0] if len(parts) > 1 and not parts[-1][1] else ""
    things = " › ".join(f"{THINGS.get(kind, humanize(kind))} {name}".strip() for kind, name in parts)
    return f"{things}: {humanize(field).lower()}" if field else things


def said(change: Change, value: Any) -> str:
    """A value for people: "Loyalty points is more than 1,000"; "" for nothing."""
    field = change.path.rpartition(".")[2]
    return "" if value is None else short(value_words(field, value))


def signed(changes: Sequence[Change]) -> list[str]:
    """What an audit row keeps of changes: the sign, and the place."""
    return [f"{SIGNS[change.action]} {change.path}" for change in changes]


def told(kept: Sequence[str]) -> str:
    """What `signed` kept, in words; rows of older versions have no signs."""
    verbs = {"+": _("%(what)s added"), "~": _("%(what)s changed"), "-": _("%(what)s removed")}
    found = [(verbs.get(text[:1], "%(what)s"), text.lstrip("+~- ")) for text in kept]
    return "; ".join(verb % {"what": place(path)} for verb, path in found)
