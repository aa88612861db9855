"""Values of any type that were kept as text: in provenance, in questions, in what a trial changes."""

import json
from datetime import datetime
from typing import Protocol

from core import formats
from lake.specs import BOOLEAN, LIST, MONEY, TIMESTAMP


class Kind(Protocol):
    """What the text was: an attribute, or a column as the catalog knows it."""

    @property
    def type(self) -> str: ...
    @property
    def currency(self) -> str: ...


def for_reader(text: str, kind: Kind | None) -> str:
    """Money in its currency, times in the workspace's zone, yes or no, the items of a list; everything else as it is
    written: of dates, people compare the digits."""
    if not text or kind is None:
        return text
    if kind.type == MONEY and text.lstrip("-").isdigit():
        return formats.money(int(text), kind.currency)
    if kind.type == BOOLEAN:
        return formats.plain(text.lower() == "true")
    if kind.type == LIST and text.startswith("["):
        return _items(text)
    if kind.type == TIMESTAMP:
        return _moment(text)
    return text


def _moment(text: str) -> str:
    try:
        return formats.exact(datetime.fromisoformat(text))
    except ValueError:
        return text


def _items(text: str) -> str:
    """Long ones were cut: they stay as they are."""
    try:
        return formats.plain(json.loads(text))
    except json.JSONDecodeError:
        return text
