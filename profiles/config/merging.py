"""What would be merged by which settings, and whether they fit the tables. Reads the catalog, not the rows."""

from collections.abc import Iterable, Sequence

import pyarrow as pa
from django.utils.translation import gettext as _

from core.errors import InvalidInput
from core.text import humanize
from core.usage import InUse
from lake.queries import Snapshot
from lake.specs import DATE, TIMESTAMP, ColumnSpec
from profiles.config.usage import uses_of
from profiles.inputs.mapping import input_of
from profiles.models import Unification
from profiles.unify.config.group_rules import GroupRule, parse_groups, usual_groups
from profiles.unify.config.policies import MergeSettings, parse_settings
from profiles.unify.merging.attributes import Plan, plan
from profiles.unify.reading.records import TableInput

ID_MEANING = "group.id"  # of the column that says to which group a person belongs


def planned(now: Snapshot, tables: Sequence[str], settings: MergeSettings) -> Plan:
    """The attributes that these tables make. Tables that are not loaded are left out."""
    return plan([_without_rows(now, name) for name in tables if now.has(name)], settings)


def _without_rows(now: Snapshot, name: str) -> TableInput:
    info = now.info(name)
    rows = pa.table({column.name: pa.array([], pa.string()) for column in info.columns})
    return input_of(info, rows)


def configured_groups(now: Snapshot, config: Unification) -> Sequence[GroupRule]:
    """Those that are written, else households where the merged attributes make it possible."""
    if config.groups is not None:
        return parse_groups(config.groups)
    made = planned(now, config.tables, parse_settings(config.merge))
    return usual_groups({attribute.semantic for attribute in made.attributes})


def group_columns(groups: Sequence[GroupRule]) -> list[ColumnSpec]:
    """What the catalog says about the columns of groups."""
    found = []
    for group in groups:
        if group.active:
            label = group.label or humanize(group.name)
            found.append(ColumnSpec(f"{group.name}_id", label=label, semantic=ID_MEANING))
            found.append(ColumnSpec(f"{group.name}_size", label=f"{label}: people", semantic="group.size"))
    return found


def columns_of(made: Plan, tables: Sequence[str]) -> set[str]:
    """The columns of the profiles, but those of groups."""
    names = {attribute.name for attribute in made.attributes}
    lists = {attribute.list_name for attribute in made.attributes if attribute.list_name}
    return names | lists | {_ids(table) for table in tables}


def _ids(table: str) -> str:
    return f"{table.replace('.', '_', 1)}_ids"


def check_settings(now: Snapshot, tables: Sequence[str], settings: MergeSettings) -> None:
    """Raises InvalidInput with the place when the settings name what is not there. They may be stated before the first
    load of a table."""
    if not all(now.has(name) for name in tables):
        return
    made = planned(now, tables, settings)
    names = {attribute.name for attribute in (*made.attributes, *made.excluded)}
    for table, column in settings.recency.items():
        place = f"unification.merge.recency[{table}]"
        _check_tables([table], tables, place)
        found = now.info(table).column(column)
        if found is None or found.type not in (DATE, TIMESTAMP):
            message = _("“%(table)s” has no column “%(column)s” with dates or times.")
            raise InvalidInput(message % {"table": table, "column": column}, place=place)
    for item in settings.attributes:
        place = f"unification.merge.attributes[{item.attribute}]"
        _check_tables(item.trust, tables, place)
        _check_columns(now, item.columns, tables, place)
        _check_names([item.attribute], names, place)
    for group in settings.groups or ():
        place = f"unification.merge.groups[{group.name}]"
        _check_tables(group.trust, tables, place)
        _check_names(group.attributes, names, place)
        gone = set(group.attributes) & {attribute.name for attribute in made.excluded}
        if gone:
            raise InvalidInput(
                _("“%(name)s” is excluded: take it out of the group.") % {"name": min(gone)}, place=place
            )
    taken = {_ids(table) for table in tables} | {a.list_name for a in made.attributes if a.list_name}
    if both := taken & {attribute.name for attribute in made.attributes}:
        message = _("There is a column “%(name)s” already. Choose another name.")
        raise InvalidInput(message % {"name": min(both)}, place=f"unification.merge.attributes[{min(both)}]")


def check_groups(made: Plan, tables: Sequence[str], groups: Sequence[GroupRule]) -> None:
    """Raises InvalidInput where a group asks for what profiles do not have, or takes a name that they have."""
    names = {attribute.name for attribute in made.attributes}
    meanings = {attribute.semantic for attribute in made.attributes}
    if meanings & {"person.last_name", "person.full_name"}:
        meanings |= {"person.name", "person.first_name", "person.last_name"}
    for group in groups:
        place = f"unification.groups[{group.name}]"
        for condition in [c for way in group.ways[:1] for c in (*way.when, *way.unless)]:
            if condition.column and condition.column not in names:
                message = _("Profiles have no attribute “%(name)s”.") % {"name": condition.column}
                raise InvalidInput(message, place=place)
            if condition.semantic and condition.semantic not in meanings:
                message = _("Profiles have no attribute that means “%(name)s”.") % {"name": condition.semantic}
                raise InvalidInput(message, place=place)
        if {f"{group.name}_id", f"{group.name}_size"} & columns_of(made, tables):
            message = _("There is a column “%(name)s” already. Choose another name.") % {"name": f"{group.name}_id"}
            raise InvalidInput(message, place=place)


def _check_tables(named: Iterable[str], tables: Sequence[str], place: str) -> None:
    for table in named:
        if table not in tables:
            message = _("“%(table)s” takes no part in the unification.") % {"table": table}
            raise InvalidInput(message, place=place)


def _check_columns(now: Snapshot, columns: Iterable[str], tables: Sequence[str], place: str) -> None:
    known = {f"{table}.{column}" for table in tables for column in _without_rows(now, table).data.column_names}
    for column in columns:
        if column not in known:
            message = _("There is no column “%(name)s”. Write it as source.table.column.") % {"name": column}
            raise InvalidInput(message, place=place)


def _check_names(named: Iterable[str], known: set[str], place: str) -> None:
    for name in named:
        if name not in known:
            message = _("The tables have no attribute “%(name)s”.") % {"name": name}
            raise InvalidInput(message, place=place)


def refuse_if_used(now: Snapshot, gone: Iterable[str], place: str) -> None:
    """Raises Conflict that names who uses what would be gone."""
    labels = {attribute.name: attribute.label for attribute in now.attributes()}
    wanted = {name: label for name in gone for label in (name, labels.get(name, name))}
    uses = uses_of([*wanted, *wanted.values()])
    if uses:
        what = ", ".join(f"“{name}”" for name in sorted({name for _use, names in uses for name in names}))
        words = _("%(what)s is used: %(uses)s. Change those first.")
        raise InUse(words, [use for use, _names in uses], place=place, what=what)
