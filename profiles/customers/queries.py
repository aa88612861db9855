"""Named reads of people: search, lists, what messages say about them."""

import datetime
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import ibis
import pyarrow as pa
from django.db import connection
from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from core.errors import Gone
from core.formats import major
from lake.queries import Snapshot, snapshot
from lake.specs import DATE, MONEY, TIMESTAMP, Attribute
from profiles.inputs.state import COMPARED
from profiles.models import ActivityType, Profile, ProfileRedirect
from profiles.search.finding import LISTED, SECONDS, Found, find
from profiles.search.terms import facet
from profiles.search.typed import quoted
from profiles.tables import FORMER

MEASURES = "measures.customer"
SEARCH_LIMIT = 20
# A broad search is ranked among its first so many matches.
RANKED = 300
COUNTED = 10_000
ESTIMATE_FROM = 50_000
_ID = re.compile(r"^p[a-z2-7]{15}$")


@dataclass(frozen=True)
class PersonalData:
    """What is known of one person, by catalog name. Unknown values are left out. Dates and times are Python's, money is
    in major units."""

    attributes: dict[str, Any] = field(default_factory=dict)
    measures: dict[str, Any] = field(default_factory=dict)


def search(text: str, limit: int = SEARCH_LIMIT) -> list[Profile]:
    """People by name (any order, beginnings of words, any script), e-mail, telephone, id or card number, best first.

    Empty text finds nobody. Cost: up to five small queries.
    """
    text = text.replace("\0", "").strip()
    if not text:
        return []
    ids = found(text, most=max(RANKED, limit)).ids[:limit]
    rows = Profile.objects.in_bulk(list(ids))
    return [rows[pk] for pk in ids if pk in rows]


def found(text: str, facets: Iterable[tuple[str, str]] = (), most: int = LISTED, seconds: float = SECONDS) -> Found:
    """As `find`, or the one person of an id, also of an id that they no longer have."""
    if _ID.match(text) and Profile.objects.filter(pk=(pk := current_id(text))).exists():
        return Found([pk])
    return find(text, facets, most, seconds)


def current_id(profile_id: str) -> str:
    """The id under which this person is known today."""
    target = ProfileRedirect.objects.filter(pk=profile_id).values_list("target", flat=True).first()
    return target or profile_id


def person(rows: QuerySet[Profile], profile_id: str) -> Profile:
    """Who of these has this id today, or got the records of this old one. Raises Gone for the id of somebody of whom
    nothing is left, Http404 for one that nobody ever had."""
    current = current_id(profile_id)
    found = rows.filter(pk=current).first()
    if found is None:
        raise _missing(profile_id, current)
    return found


def _missing(profile_id: str, current: str) -> Exception:
    now = snapshot()
    if not _ID.match(profile_id):
        return Http404()
    if now.has(COMPARED) and now.lookup(COMPARED, {"profile_id": current}, limit=1).num_rows:
        text = _("%(id)s is no customer any more: what is left of them is in tables that only add to customers.")
    elif current != profile_id or (now.has(FORMER) and now.lookup(FORMER, {"profile_id": current}, limit=1).num_rows):
        text = _("Customer %(id)s is gone: no source has a record of them any more. They are back when one has.")
    else:
        return Http404()
    return Gone(text % {"id": profile_id}, url=reverse("profiles:list"), action=_("See all customers"))


def with_facets(queryset: QuerySet[Profile], facets: Iterable[tuple[str, str]]) -> QuerySet[Profile]:
    """Those who have these values: ("sources", "shop.customers"), ("tier", "Gold")."""
    for name, value in facets:
        queryset = queryset.filter(search__matches=quoted(facet(name, value)))
    return queryset


def counted(queryset: QuerySet[Profile]) -> int:
    """How many, at most 10,000: counting a million takes longer than anyone waits."""
    return queryset.order_by()[:COUNTED].count()


def total() -> int:
    """How many people there are; beyond 50,000 the database's own estimate."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples::bigint FROM pg_class WHERE oid = 'profiles_profile'::regclass")
        estimate = int(cursor.fetchone()[0])
    return estimate if estimate > ESTIMATE_FROM else Profile.objects.count()


def usual_goal(kinds: Collection[str] | None = None) -> str:
    """The kind of activity that most likely is what messages are for: the first declared one with an amount, of `kinds`
    where they are given; "" where none has an amount."""
    paid = ActivityType.objects.exclude(amount="").order_by("pk").values_list("type", flat=True)
    return next((kind for kind in paid if kinds is None or kind in kinds), "")


def personal(ids: Sequence[str], names: Collection[str] | None = None) -> dict[str, PersonalData]:
    """What messages say about these people: two queries per batch, one where no measure is among `names` (all, when
    None). Ids that nobody has are left out."""
    now = snapshot()
    kinds = {a.name: a for a in now.attributes() if names is None or a.name in names}
    rows = Profile.objects.filter(pk__in=ids).values_list("pk", "attributes")
    measures = _measures(now, ids, kinds)
    found = {}
    for pk, attributes in rows:
        known = attributes if names is None else {name: attributes[name] for name in names if name in attributes}
        found[pk] = PersonalData({"profile_id": pk} | typed(known, kinds), measures.get(pk, {}))
    return found


def _measures(now: Snapshot, ids: Sequence[str], kinds: dict[str, Attribute]) -> dict[str, dict[str, Any]]:
    wanted = [name for name, kind in kinds.items() if kind.table == MEASURES]
    if not wanted or not ids or not now.has(MEASURES):
        return {}
    people = ibis.memtable(pa.table({"profile_id": pa.array(ids, pa.string())}))
    rows = now.arrow(now.table(MEASURES).select("profile_id", *wanted).semi_join(people, "profile_id")).to_pylist()
    return {row.pop("profile_id"): typed(row, kinds) for row in rows}


def kinds() -> dict[str, Attribute]:
    """The catalog's attributes and measures by name."""
    return {attribute.name: attribute for attribute in snapshot().attributes()}


def typed(values: dict[str, Any], kinds: dict[str, Attribute]) -> dict[str, Any]:
    """Stored values as Python's; null and empty ones left out."""
    found = {}
    for name, value in values.items():
        if value is None or value == "" or value == []:
            continue
        found[name] = stored(value, kinds[name]) if name in kinds else value
    return found


def stored(value: Any, kind: Attribute) -> Any:
    """One stored value as Python's."""
    return _PARSERS[kind.type](value, kind) if kind.type in _PARSERS else value


def _date(value: Any, kind: Attribute) -> Any:
    return datetime.date.fromisoformat(value) if isinstance(value, str) else value


def _time(value: Any, kind: Attribute) -> Any:
    return datetime.datetime.fromisoformat(value) if isinstance(value, str) else value


def _money(value: Any, kind: Attribute) -> Decimal:
    return major(int(value), kind.currency)


_PARSERS: dict[str, Callable[[Any, Attribute], Any]] = {DATE: _date, TIMESTAMP: _time, MONEY: _money}
