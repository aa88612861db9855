"""What the compiler may name: attributes of customers, related tables and their columns. Nothing else."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Protocol

import ibis.expr.types as ir
from django.utils.translation import gettext as _

from core.errors import InvalidInput
from core.text import humanize, label_key
from lake.specs import OWN_NAMESPACES, TableInfo
from lake.words import column_title

PROFILES = "unified.profiles"
MEASURES = "measures.customer"
ACTIVITIES = "unified.activities"
MEMBERS = "segments.members"
ID = "profile_id"
MOST_KEPT = 16  # snapshots of one process whose names are known


class Snapshot(Protocol):
    """The part of `lake.queries.Snapshot` that rules need. Immutable."""

    def __hash__(self) -> int: ...
    def names(self) -> list[str]: ...
    def has(self, name: str) -> bool: ...
    def info(self, name: str) -> TableInfo: ...
    def table(self, name: str) -> ir.Table: ...


@dataclass(frozen=True)
class Attribute:
    """A column that a rule named, found in the catalog."""

    table: str
    column: str
    type: str
    label: str
    currency: str | None = None


@dataclass
class Names:
    """Looks names up in one snapshot: exact names first, then names and labels ignoring case, spaces, `_` and `-`.

    Profiles win over measures where both have a name; `measures.customer.spend` says which is meant.
    """

    snapshot: Snapshot
    _cache: dict[str, dict[str, Attribute]] = field(default_factory=dict)

    def attribute(self, name: str, place: str) -> Attribute:
        for table in (PROFILES, MEASURES):
            short = name.removeprefix(f"{table}.")
            if self.snapshot.has(table) and (found := self._columns(table).get(_key(short))):
                return found
        raise InvalidInput(self._unknown_attribute(name), place=place)

    def column(self, table: str, name: str, place: str) -> Attribute:
        found = self._columns(table).get(_key(name))
        if found is None:
            raise InvalidInput(
                _("“%(table)s” has no column “%(name)s”.") % {"table": self.table_label(table), "name": name},
                place=place,
            )
        return found

    def related(self, name: str, place: str) -> str:
        """The lake table that holds rows of customers under this name."""
        candidates = [f"linked.{name}", ACTIVITIES if name == "activities" else name]
        for candidate in candidates:
            if self.snapshot.has(candidate) and candidate != MEMBERS and self._columns(candidate).get(_key(ID)):
                return candidate
        by_label = {_key(self.table_label(n)): n for n in self.snapshot.names() if n.startswith("linked.")}
        if found := by_label.get(_key(name)):
            return str(found)
        raise InvalidInput(
            _("“%(name)s” is not connected to customers yet. Check the spelling, or add a relationship under Data.")
            % {"name": name},
            place=place,
        )

    def source(self, name: str, place: str) -> str:
        """A table under its own name, whether or not its rows belong to customers."""
        if self.snapshot.has(name) and name != MEMBERS:
            return name
        raise InvalidInput(
            _("There is no table “%(name)s” yet. Check the spelling, or load the data that it comes from.")
            % {"name": name},
            place=place,
        )

    def time(self, table: str, name: str | None, place: str) -> Attribute:
        """The time that a window is about: the named column, else the one that the table is sorted by (the time of its
        activity), else the first timestamp, else the first date.
        """
        if name:
            column = self.column(table, name, place)
            if column.type not in {"date", "timestamp"}:
                raise InvalidInput(_("“%(name)s” holds no time.") % {"name": column.label}, place=place)
            return column
        columns = list(self._columns(table).values())
        by_time = self.snapshot.info(table).sorted_by[1:2]
        columns = [column for column in columns if column.column in by_time] + columns
        for wanted in ("timestamp", "date"):
            if found := next((column for column in columns if column.type == wanted), None):
                return found
        raise InvalidInput(_("“%(table)s” has no time column.") % {"table": self.table_label(table)}, place=place)

    def _unknown_attribute(self, name: str) -> str:
        if meant := self._attribute_of_column(name):
            return _("There is no attribute “%(name)s”. Customers have what this column says as “%(meant)s”.") % {
                "name": name,
                "meant": meant,
            }
        known = {
            key: column.label
            for table in (PROFILES, MEASURES)
            if self.snapshot.has(table)
            for key, column in self._columns(table).items()
        }
        if alike := get_close_matches(_key(name), known, n=1):
            return _("There is no attribute “%(name)s”. Did you mean “%(alike)s”?") % {
                "name": name,
                "alike": known[alike[0]],
            }
        return _("There is no attribute “%(name)s” yet. Check the spelling, or load the data that it comes from.") % {
            "name": name
        }

    def _attribute_of_column(self, name: str) -> str:
        """The attribute into which unification puts a source's column of this name, because of its meaning."""
        meanings = {
            column.semantic
            for table in self.snapshot.names()
            if table.partition(".")[0] not in OWN_NAMESPACES
            for column in self.snapshot.info(table).columns
            if column.semantic and _key(column.name) == _key(name)
        }
        known = self.snapshot.info(PROFILES).columns if self.snapshot.has(PROFILES) else ()
        return next((column.name for column in known if column.semantic in meanings), "")

    def table_label(self, table: str) -> str:
        info = self.snapshot.info(table)
        return str(info.label or humanize(table.rsplit(".", 1)[-1]))

    def _columns(self, table: str) -> dict[str, Attribute]:
        if table not in self._cache:
            found: dict[str, Attribute] = {}
            columns = [
                (c.label, Attribute(table, c.name, str(c.type), column_title(c), c.currency or None))
                for c in self.snapshot.info(table).columns
            ]
            for _label, column in columns:
                found.setdefault(_key(column.column), column)
            for label, column in columns:
                found.setdefault(_key(label), column)
            self._cache[table] = found
        return self._cache[table]


@functools.lru_cache(MOST_KEPT)
def names_of(snapshot: Snapshot) -> Names:
    """The names of a snapshot, which does not change, looked up once."""
    return Names(snapshot)


def _key(name: str) -> str:
    return label_key(name)
