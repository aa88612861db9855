"""Differences in words."""

import json
from typing import Any

from core.sections import Change

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
