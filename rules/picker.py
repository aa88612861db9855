"""What a rule may speak of, as the builder offers it: attributes with meaning, type, fill and examples, by table."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import ibis
import ibis.expr.types as ir
from django.contrib.auth.models import User
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.formats import phone
from core.money import to_major
from lake.queries import Snapshot
from lake.specs import MIRRORED, ColumnInfo, TableInfo
from lake.words import column_title, title
from rules import labels, operators, references
from rules.catalog import ACTIVITIES, ID, MEASURES, MEMBERS, PROFILES, names_of
from rules.words import number

EXAMPLES = 3
SUGGESTIONS = 20
SECONDS = 5.0
_SORTED_TYPES = {"integer", "number", "money", "date", "timestamp"}


def catalog(snapshot: Snapshot, user: User) -> dict[str, Any]:
    """Everything that the builder needs, once per page."""
    return {
        "version": snapshot.version,
        "groups": [_group(snapshot, name, user) for name in (PROFILES, MEASURES) if snapshot.has(name)],
        "related": [_group(snapshot, name, user) for name in related_tables(snapshot)],
        "segments": [
            {"slug": s.slug, "name": s.name, "live": s.is_live, "size": s.size} for s in references.segments()
        ],
        "operators": {family: _operators(kind) for kind, family in operators.FAMILIES.items()},
        "functions": [{"name": name, "label": str(label.short)} for name, label in labels.FUNCTIONS.items()],
        "units": [{"name": name, "label": str(label)} for name, label in labels.UNITS.items()],
    }


def related_tables(snapshot: Snapshot) -> list[str]:
    """Lake tables whose rows belong to customers: linked ones, the activities, and mirrored ones with a profile id."""
    linked = [name for name in snapshot.names() if name.startswith("linked.")]
    others = [
        name
        for name in snapshot.names()
        if name == ACTIVITIES or (name.startswith(f"{MIRRORED}.") and snapshot.info(name).column(ID) is not None)
    ]
    return [name for name in linked + others if name != MEMBERS]


def values(snapshot: Snapshot, user: User, attribute: str, table: str = "", query: str = "") -> list[dict[str, Any]]:
    """The most frequent values of a text column that hold `query`, with how many rows have them; at most 20.

    Nothing for columns that the user may not see. Raises InvalidInput for an unknown attribute or table.
    """
    names = names_of(snapshot)
    about = (
        names.column(names.related(table, "table"), attribute, "attribute")
        if table
        else names.attribute(attribute, "attribute")
    )
    column = snapshot.info(about.table).column(about.column)
    if column is None or (column.sensitive and not user.has_perm("lake.view_sensitive")):
        return []
    if not query and column.stats.top:
        return [{"value": value, "count": count} for value, count in column.stats.top[:SUGGESTIONS]]
    if about.type not in {"string", "list"}:
        return []
    rows = snapshot.arrow(_frequent(snapshot.table(about.table)[about.column], about.type, query), timeout=SECONDS)
    return [dict(row) for row in rows.to_pylist()]


def _frequent(column: ir.Value, kind: str, query: str) -> ir.Table:
    text: Any = column.unnest() if kind == "list" else column
    found = text.name("value").as_table()
    found = found.filter(found.value.notnull())
    if query:
        found = found.filter(found.value.lower().contains(operators.text.fold(query)))
    counted = found.group_by("value").aggregate(count=found.count())
    return counted.order_by([ibis.desc("count"), "value"]).limit(SUGGESTIONS)


def _group(snapshot: Snapshot, name: str, user: User) -> dict[str, Any]:
    info = snapshot.info(name)
    titles = {PROFILES: _("Customer"), MEASURES: _("Measures"), ACTIVITIES: _("Activities")}
    short = "activities" if name == ACTIVITIES else name.removeprefix("linked.")
    columns = [column for column in info.columns if column.name != ID]
    columns.sort(key=lambda column: column.semantic.startswith("id."))  # hardly a rule is about numbers of people
    times = [column.name for column in columns if column.type in {"timestamp", "date"}]
    by_time = [column for column in info.sorted_by[1:2] if column in times]
    return {
        "name": short,
        "table": name,
        "label": titles.get(name, title(info)),
        "rows": info.rows,
        "time": next(iter(by_time + times), None),
        "attributes": [_attribute(info, column, user) for column in columns],
    }


def _attribute(info: TableInfo, column: ColumnInfo, user: User) -> dict[str, Any]:
    fill = 1 - column.stats.missing / info.rows if info.rows else 0.0
    hidden = column.sensitive and not user.has_perm("lake.view_sensitive")
    return {
        "name": column.name,
        "label": column_title(column),
        "type": column.type,
        "typeLabel": str(labels.TYPES[column.type]),
        "family": operators.FAMILIES[column.type],
        "currency": column.currency,
        "fill": round(max(0.0, min(1.0, fill)), 4),
        "examples": "" if hidden else examples(column),
        "semantic": column.semantic,
    }


def examples(column: ColumnInfo) -> str:
    """What the values look like: the range of numbers and times, the most frequent texts."""
    stats = column.stats
    if column.type in _SORTED_TYPES:
        if stats.min is None or stats.max is None:
            return ""
        low, high = _shown(stats.min, column), _shown(stats.max, column)
        return low if low == high else _("%(low)s to %(high)s") % {"low": low, "high": high}
    if stats.top:
        return ", ".join(_shown(value, column) for value, _count in stats.top[:EXAMPLES])
    return _shown(stats.min, column) if stats.min is not None else ""


def _shown(value: Any, column: ColumnInfo) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | float):
        if column.type == "money":
            return f"{number(to_major(round(value), column.currency))} {column.currency}".strip()
        return number(round(value, 2))
    if column.type in {"date", "timestamp"} and isinstance(value, str):
        moment = parse_datetime(value) if len(value) > len("2026-01-01") else date.fromisoformat(value)
        return str(date_format(moment)) if isinstance(moment, date | datetime) else value
    return phone(str(value)) if column.semantic == "contact.phone" else str(value)[:60]


def _operators(kind: str) -> list[dict[str, Any]]:
    return [
        {"name": operator.name, "label": str(labels.of(operator).short), "takes": operator.takes}
        for operator in operators.of_type(kind)
    ]
