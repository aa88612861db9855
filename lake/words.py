"""What tables and their columns are called, in the reader's language."""

from collections.abc import Callable, Mapping
from typing import Protocol

from django.utils.translation import gettext

from lake.specs import OWN_NAMESPACES

# The product names these tables itself. All others are called as their sources call them.
OWN = frozenset(OWN_NAMESPACES) - {"quarantine", "linked"}


class Named(Protocol):
    """A table as the catalog knows it."""

    @property
    def name(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def grain(self) -> str: ...


class NamedColumn(Protocol):
    """A column as the catalog knows it, or an attribute."""

    @property
    def name(self) -> str: ...
    @property
    def label(self) -> str: ...


_own_columns: dict[str, str] = {}


def register_columns(labels: Mapping[str, str]) -> None:
    """What a room calls columns itself, by their names: the catalog keeps it as it is written here."""
    _own_columns.update(labels)


_meaning: list[Callable[[str], str]] = []


def register_meanings(words: Callable[[str], str]) -> None:
    """What the room that knows what columns mean calls a meaning: `person.first_name` → "First name"."""
    _meaning[:] = [words]


def meaning(semantic: str) -> str:
    return _meaning[0](semantic) if _meaning else semantic


def column_title(column: NamedColumn) -> str:
    """All other labels are what sources and people call their columns."""
    return gettext(column.label) if _own_columns.get(column.name) == column.label else column.label


def title(table: Named) -> str:
    return _translated(table, table.label)


def one_row_per(table: Named) -> str:
    return _translated(table, table.grain)


def _translated(table: Named, text: str) -> str:
    """The catalog keeps the original."""
    return gettext(text) if text and table.name.partition(".")[0] in OWN else text
