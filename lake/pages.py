"""What the pages of tables and relationships show."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Case, CharField, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import formats
from core.list_cells import choice_words
from core.lists import BulkAction, Choice, Column, Empty, ListPage
from lake import relationship_actions
from lake.export import MASK, masked
from lake.models import Relationship, TableVersion
from lake.relationships import is_broken
from lake.specs import MIRRORED, MONEY, OWN_NAMESPACES, TIMESTAMP, ColumnInfo, TableInfo
from lake.words import column_of, full_title, meaning, one_row_per, table_title

TYPE_WORDS: dict[str, str | Promise] = {
    "string": _("text"),
    "integer": _("whole number"),
    "number": _("number"),
    "boolean": _("yes or no"),
    "date": _("date"),
    "timestamp": _("date and time"),
    "money": _("money"),
    "list": _("list"),
}
# In the order in which the list shows them.
GROUPS: dict[str, str | Promise] = {
    "unified": _("Unified customers"),
    "source": _("Sources"),
    "linked": _("Linked to customers"),
    "measures": _("Measures"),
    "segments": _("Segments"),
    MIRRORED: _("Messages and consent"),
    "quarantine": _("Rows set aside"),
}
TOP_SHOWN = 3


def group_of(name: str) -> str:
    first = name.split(".")[0]
    return first if first in GROUPS else "source"


def _by_group(rows: QuerySet[Any], group: str) -> QuerySet[Any]:
    if group != "source":
        return rows.filter(name__startswith=f"{group}.")
    derived = Q()
    for name in OWN_NAMESPACES:
        derived |= Q(name__startswith=f"{name}.")
    return rows.exclude(derived)


TABLES = ListPage(
    name="tables",
    columns=[
        Column("label", _("Name"), value=full_title, sort="label", link=True),
        Column("name", _("Table"), hidden=True),
        Column("group", _("Group"), value=lambda row: str(GROUPS[group_of(row.name)]), sort="group_order"),
        Column("rows", _("Rows"), "number"),
        Column("columns", _("Columns"), "number", value=lambda row: len(row.columns), sort=False),
        Column("bytes", _("Size"), "bytes"),
        Column("grain", _("One row per"), value=one_row_per, sort="grain"),
        Column("published_at", _("Renewed"), "ago"),
    ],
    search=["name", "label", "grain"],
    filters=[Choice("group", _("Group"), choices=list(GROUPS.items()), by=_by_group)],
    default_sort="group",
    empty=Empty(
        _("No tables yet"),
        _("Tables appear here as soon as a source is loaded."),
        "table",
        _("Add a source"),
        "/sources/",
        permission="sources.add_source",
    ),
    key=lambda row: str(row.name),
    url=lambda row: reverse("lake:table", args=[row.name]),
)


def _from_page(row: Any) -> str:
    return reverse("lake:table", args=[row.from_table])


def _to_page(row: Any) -> str:
    return reverse("lake:table", args=[row.to_table])


def _origin(row: Any) -> tuple[str, str]:
    if is_broken(row.now, row):
        return gettext("The column is gone"), "bad"
    return capfirst(choice_words(row, "origin")), "accent" if row.is_stated else "info"


RELATIONSHIPS = ListPage(
    name="relationships",
    columns=[
        Column("from_table", _("Rows of"), value=lambda row: table_title(row.now, row.from_table), link=_from_page),
        Column("from_column", _("Column"), value=lambda row: column_of(row.now, row.from_table, row.from_column)),
        Column("to_table", _("Belong to"), value=lambda row: table_title(row.now, row.to_table), link=_to_page),
        Column("origin", _("Origin"), pill=_origin),
        Column("created_at", _("Added"), "ago"),
    ],
    search=["from_table", "from_column", "to_table"],
    filters=[Choice("origin", _("Origin"), choices=Relationship.Origin.choices)],
    bulk=[
        BulkAction(
            "remove",
            _("Remove"),
            relationship_actions.remove_many,
            permission="lake.delete_relationship",
            confirm=_("Orders and other rows will no longer be linked to customers through these relationships."),
            icon="trash",
            danger=True,
        )
    ],
    default_sort="from_table",
    empty=Empty(
        _("No relationships yet"),
        _("A relationship says which rows belong to which customer: an order to the customer who placed it."),
        "diagram-3",
        _("Add a relationship"),
        "lake:relationship_add",
        panel=True,
        permission="lake.add_relationship",
    ),
)


@dataclass(frozen=True)
class ColumnRow:
    """A column as its table's page shows it."""

    info: ColumnInfo
    type: str
    meaning: str
    filled: float | None
    ends: list[str]
    top: list[tuple[str, int]]
    most: int
    hidden: bool

    @property
    def range(self) -> str:
        """From the lowest to the highest value; "" where there is none."""
        return " – ".join(self.ends)


def column_rows(info: TableInfo, user: User) -> list[ColumnRow]:
    hidden = masked(info, user)
    return [_column_row(column, info.rows, column.name in hidden) for column in info.columns]


def _column_row(column: ColumnInfo, rows: int, hidden: bool) -> ColumnRow:
    stats = column.stats
    filled = 1 - stats.missing / rows if rows else None
    words, means = str(TYPE_WORDS.get(column.type, column.type)), meaning(column.semantic)
    if hidden:
        return ColumnRow(column, words, means, filled, [MASK], [], 0, True)
    ends = [shown(value, column) for value in (stats.min, stats.max) if value is not None]
    top = [(shown(value, column), count) for value, count in stats.top[:TOP_SHOWN]]
    most = max((count for _value, count in top), default=0)
    return ColumnRow(column, words, means, filled, list(dict.fromkeys(ends)), top, most, False)


def shown(value: Any, column: ColumnInfo) -> str:
    """A value for people. Money by its currency, times to the minute in the reader's zone, long text cut."""
    if value is None:
        return ""
    if column.type == MONEY and isinstance(value, int):
        return formats.money(value, column.currency or "USD")
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, int | float):
        return formats.number(value)
    if column.type == TIMESTAMP:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
        return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"
    if isinstance(value, list):
        return ", ".join(str(part) for part in value)
    text = str(value)
    return text if len(text) <= 80 else text[:79] + "…"


def current_tables(user: User) -> QuerySet[TableVersion]:
    """By group, those first that people look for, then by name: `group_order`."""
    first = Case(
        *(
            When(name__startswith=f"{group}.", then=Value(place))
            for place, group in enumerate(GROUPS)
            if group != "source"
        ),
        default=Value(list(GROUPS).index("source")),
        output_field=IntegerField(),
    )
    rows = TableVersion.objects.visible_to(user).filter(is_current=True)
    return rows.annotate(group_order=Concat(Cast(first, CharField()), F("name"), output_field=CharField()))
