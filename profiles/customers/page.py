"""The list page of customers."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.lists import Choice, Column, Empty, ListPage
from core.text import humanize
from lake.queries import Snapshot
from lake.specs import INTEGER, MONEY, NUMBER, Attribute
from lake.words import column_title, table_title, title
from profiles.config.words import GENDERS
from profiles.customers.facts import shown
from profiles.customers.queries import stored
from profiles.models import Profile, Unification, UnificationRun
from profiles.search.terms import FEW_VALUES, SOURCES
from profiles.tables import PROFILES

TOP_ATTRIBUTES = 2
OTHERS_HIDDEN = 12


def customers_page(now: Snapshot) -> ListPage:
    """Columns and filters follow from what the catalog knows."""
    report = UnificationRun.latest_report()
    attributes = [a for a in now.attributes() if a.table == PROFILES]
    is_one_source = len({table.partition(".")[0] for table in Unification.current().tables}) == 1
    return ListPage(
        name="customers",
        personal="customer.export",
        columns=[
            Column("name", _("Name"), template="profiles/partials/name_cell.html", sort="sort_name"),
            Column("email", _("E-mail"), sort=False),
            Column("phone", _("Phone"), "phone", sort=False),
            *_attribute_columns(attributes),
            Column("sources", _("Sources"), "tags", value=lambda p: _sources(now, p, tables=is_one_source), sort=False),
            Column("records", _("Records"), "number", value=_records, sort=False, hidden=True),
            Column("id", _("Customer id"), hidden=True, sort=False),
        ],
        search=["name"],
        filters=list(_filters(now, attributes, report.get("facets", []))),
        default_sort="name",
        search_hint=_("Name, e-mail, phone, id or card number"),
        empty=Empty(
            title=_("No customers yet"),
            text=_("Customers appear when the records of your sources are unified."),
            icon="people",
            action=_("Unify customers"),
            url="profiles:unify",
            permission="profiles.change_unification",
        ),
    )


def _attribute_columns(attributes: list[Attribute]) -> Iterable[Column]:
    """City and the attributes that tell people apart at a glance: few values, or a number; more can be chosen."""
    city = [a for a in attributes if a.semantic == "address.city"]
    others = [a for a in attributes if a not in city and a.name not in _OWN and a.type != "list"]
    telling = [a for a in others if not a.semantic and (a.type in _KINDS or 1 < a.stats.distinct <= FEW_VALUES)]
    first = [*city, *telling[:TOP_ATTRIBUTES]]
    for attribute in first:
        yield _column(attribute, hidden=False)
    for attribute in [a for a in others if a not in first][:OTHERS_HIDDEN]:
        yield _column(attribute, hidden=True)


def _records(profile: Profile) -> Any:
    return profile.attributes.get("record_count")


_OWN = {"profile_id", "email", "phone", "record_count"}
_KINDS = {INTEGER: "number", NUMBER: "number", MONEY: "money"}


def _column(attribute: Attribute, hidden: bool) -> Column:
    kind = _KINDS.get(attribute.type, "text")

    def value(profile: Profile) -> Any:
        raw = profile.attributes.get(attribute.name)
        return raw if raw is None or attribute.type in _KINDS else shown(stored(raw, attribute), attribute)

    return Column(
        f"a_{attribute.name}",
        column_title(attribute),
        kind,
        value=value,
        sort=False,
        hidden=hidden,
        currency=attribute.currency,
    )


def _sources(now: Snapshot, profile: Profile, *, tables: bool) -> list[str]:
    """Their names; where all tables are of one source, those of the tables."""
    names = profile.attributes.get("sources", [])
    words = [
        (title(now.info(name)) if now.has(name) else name) if tables else humanize(name.partition(".")[0])
        for name in names
    ]
    return list(dict.fromkeys(words))


def _filters(now: Snapshot, attributes: list[Attribute], facets: list[str]) -> Iterable[Choice]:
    tables = Unification.current().tables
    if len(tables) > 1:
        yield Choice(SOURCES, _("Source"), choices=[(name, table_title(now, name)) for name in tables])
    for attribute in attributes:
        if attribute.name in facets:
            values = sorted(str(value) for value, _count in attribute.stats.top)
            choices = [(v, str(GENDERS.get(v, v)) if attribute.semantic == "person.gender" else v) for v in values]
            yield Choice(attribute.name, column_title(attribute), choices=choices)
