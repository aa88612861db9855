"""What a rule is before anybody reads it: JSON within limits, whoever wrote it."""

from __future__ import annotations

import math
from datetime import date, datetime
from typing import Any

from core.text import is_text
from rules.problems import refuse

MAX_DEPTH = 12  # groups in groups; nobody reads deeper, and recursion stays far from Python's limit
MAX_NESTING = 3 * MAX_DEPTH  # the same in lists and objects of JSON
MAX_ITEMS = 20_000  # everything in one rule together, e.g. pasted customer numbers
MAX_TEXT = 1_000  # characters in one value


def plain(value: Any, place: str) -> Any:
    """The same as JSON (YAML knows dates). Refuses what is too deep, too large or no JSON before anything looks."""
    left = [MAX_ITEMS]

    def copy(item: Any, depth: int) -> Any:
        left[0] -= 1
        if left[0] < 0:
            raise refuse("items", place, limit=MAX_ITEMS)
        if depth > MAX_NESTING:
            raise refuse("depth", place, limit=MAX_DEPTH)
        if isinstance(item, dict):
            if not all(isinstance(key, str) for key in item):
                raise refuse("json", place)
            return {key: copy(child, depth + 1) for key, child in item.items()}
        if isinstance(item, list | tuple):
            return [copy(child, depth + 1) for child in item]
        return _scalar(item, place)

    return copy(value, 0)


def _scalar(item: Any, place: str) -> Any:
    if isinstance(item, str) and len(item) > MAX_TEXT:
        raise refuse("text", place, limit=MAX_TEXT)
    if isinstance(item, str) and not is_text(item):
        raise refuse("characters", place)  # no engine can hold these
    if isinstance(item, float) and not math.isfinite(item):
        raise refuse("number", place)
    if isinstance(item, datetime | date):
        return item.isoformat()
    if item is not None and not isinstance(item, str | int | float | bool):
        raise refuse("json", place)
    return item
