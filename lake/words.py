"""What tables and their columns are called, in the reader's language."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Protocol

from django.utils.translation import gettext

from core.text import humanize, label_key
from lake.queries import Snapshot
from lake.specs import CUSTOMERS, KEY_JOIN, OWN_NAMESPACES, ColumnInfo, TableSpec

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


class Described(Named, Protocol):
    """With its columns: a row of the catalog, or what was read of it."""

    @property
    def columns(self) -> Any: ...


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


def full_title(table: Named) -> str:
    """ "Shop · Customers"; a table of the product's own alone, and so where both are called the same."""
    place = table.name.split(".")
    if place[0] in OWN or len(place) < 2:
        return title(table)
    source = humanize(place[1] if place[0] in OWN_NAMESPACES else place[0])
    label = title(table)
    return source if label_key(source) == label_key(label) else f"{source} · {label}"


def table_title(now: Snapshot, name: str) -> str:
    """A table by its name, also one that is not there (any more)."""
    if name == CUSTOMERS:
        return gettext("Customers")
    return full_title(now.info(name) if now.has(name) else TableSpec(name, humanize(name.rpartition(".")[2])))


def column_of(now: Snapshot, table: str, column: str) -> str:
    """A column by its name, also one that is not there (any more)."""
    known = {found.name: found for found in now.info(table).columns} if now.has(table) else {}
    return column_title(known[column]) if column in known else humanize(column)


def one_row_per(table: Described) -> str:
    """ "Order ID + Line": the columns of a key by their labels."""
    labels = dict(_labels(table.columns))
    parts = table.grain.split(KEY_JOIN)
    if all(part in labels for part in parts):
        return KEY_JOIN.join(labels[part] for part in parts)
    return _translated(table, table.grain)


def _labels(columns: Iterable[Any]) -> Iterator[tuple[str, str]]:
    """Names and titles: the catalog's rows hold columns as JSON."""
    for column in columns:
        info = ColumnInfo.from_json(column) if isinstance(column, dict) else column
        yield info.name, column_title(info)


def _translated(table: Named, text: str) -> str:
    """The catalog keeps the original."""
    return gettext(text) if text and table.name.partition(".")[0] in OWN else text
