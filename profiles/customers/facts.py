"""What the page of a person shows: facts with source and age, source records, and how each record joined."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import formats
from lake.queries import Snapshot
from lake.specs import MONEY, Attribute
from lake.words import column_title, table_title
from profiles.config.words import GENDERS, rule_title
from profiles.customers.queries import MEASURES, typed
from profiles.inputs.mapping import key_text
from profiles.models import Profile, Unification
from profiles.tables import LINKS, PROFILES, PROVENANCE
from profiles.unify.run import DECIDED

FAMILIES = ("person", "contact", "address")
PLACES = {"emails": "contact", "phones": "contact"}
HIDDEN = frozenset({"profile_id", "record_count", "sources"})
FACTS_SHOWN, FACTS_FOLDED = 15, 5  # of one group; so many more and they are folded away
KEY_MEASURES = 3  # in the head of the page
RECORDS_SHOWN = 50


@dataclass(frozen=True)
class Origin:
    """One value and the record that it came from. `at`: the time it is of, where known."""

    value: str
    table: str
    record_id: str
    at: datetime.datetime | None
    is_winner: bool


@dataclass(frozen=True)
class Fact:
    """One attribute as shown. `others` counts the differing values that lost."""

    name: str
    label: str
    value: str
    source: str = ""
    at: datetime.datetime | None = None
    others: int = 0


@dataclass(frozen=True)
class FactGroup:
    title: str
    facts: list[Fact]

    @property
    def first(self) -> list[Fact]:
        return self.facts[:FACTS_SHOWN] if self.rest else self.facts

    @property
    def rest(self) -> list[Fact]:
        """What an export of hundreds of columns says as well; folded away, unless it is a few lines."""
        more = self.facts[FACTS_SHOWN:]
        return more if len(more) >= FACTS_FOLDED else []

    @property
    def common(self) -> Fact | None:
        """A fact that stands for all, where all are from one source and of one time: it is said once."""
        told = [fact for fact in self.facts if fact.source]
        return told[0] if told and len({(fact.source, fact.at) for fact in told}) == 1 else None


@dataclass(frozen=True)
class Record:
    """One source record and what joined it to the others ("" for the first)."""

    table: str
    label: str
    record_id: str
    rule: str
    score: float | None
    values: list[tuple[str, str]] = field(default_factory=list)


def shown(value: Any, attribute: Attribute | None) -> str:
    """A stored value for the reader."""
    if value is not None and attribute is not None and attribute.type == MONEY:
        return formats.money(int(value), attribute.currency)
    if attribute is not None and attribute.semantic == "contact.phone" and isinstance(value, str):
        return formats.phone(value)
    if attribute is not None and attribute.semantic == "person.gender" and value in GENDERS:
        return str(GENDERS[value])
    return formats.plain(value)


def age(birth: datetime.date) -> int:
    """Full years."""
    today = timezone.localdate()
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))


def facts(now: Snapshot, profile: Profile) -> list[FactGroup]:
    """By group: person, contact, address, everything else; unknown attributes are left out."""
    attributes = [a for a in now.attributes() if a.table == PROFILES and is_shown(a)]
    values = typed(profile.attributes, {})
    origins = winners(now, profile.pk)
    only = _only_source(now, profile)
    groups: dict[str, list[Fact]] = {name: [] for name in (*FAMILIES, "more")}
    for attribute in attributes:
        if attribute.name not in values or _is_repeated(attribute, values):
            continue
        family = PLACES.get(attribute.name) or attribute.semantic.split(".")[0]
        group = groups[family if family in FAMILIES else "more"]
        group += _facts_of(now, attribute, values[attribute.name], origins.get(attribute.name), only)
    titles = {"person": _("Person"), "contact": _("Contact"), "address": _("Address"), "more": _("More")}
    return [FactGroup(titles[name], found) for name, found in groups.items() if found]


def is_shown(attribute: Attribute) -> bool:
    """Groups of people have a panel of their own."""
    is_group = attribute.semantic.startswith("group.")
    return attribute.name not in HIDDEN and not attribute.name.endswith("_ids") and not is_group


def _is_repeated(attribute: Attribute, values: dict[str, Any]) -> bool:
    """A list of one value says what the value says; a full name what given and family name say."""
    if attribute.semantic == "person.full_name":
        return "first_name" in values and "last_name" in values
    return attribute.name in PLACES and len(values[attribute.name]) < 2


def _facts_of(
    now: Snapshot, attribute: Attribute, value: Any, origin: tuple[Origin, int] | None, only: str
) -> list[Fact]:
    parsed = typed({attribute.name: value}, {attribute.name: attribute}).get(attribute.name)
    text = shown(value if attribute.type == MONEY else parsed, attribute)
    source, at, others = (table_title(now, origin[0].table), origin[0].at, origin[1]) if origin else (only, None, 0)
    found = [Fact(attribute.name, column_title(attribute), text, source, at, others)]
    if attribute.semantic == "person.birth_date" and isinstance(parsed, datetime.date):
        years = ngettext("%(count)d year", "%(count)d years", age(parsed)) % {"count": age(parsed)}
        found.append(Fact("age", _("Age"), years))
    return found


def _only_source(now: Snapshot, profile: Profile) -> str:
    sources = profile.attributes.get("sources", [])
    return table_title(now, sources[0]) if len(sources) == 1 else ""


def winners(now: Snapshot, profile_id: str) -> dict[str, tuple[Origin, int]]:
    """Per attribute the winning value's origin, and how many others there are."""
    found: dict[str, tuple[Origin, int]] = {}
    for name, origin in _provenance(now, profile_id):
        first, others = found.get(name, (origin, -1))
        found[name] = (origin if origin.is_winner else first, others + 1)
    return found


def origins(now: Snapshot, profile_id: str, attribute: str) -> list[Origin]:
    """Every differing value of one attribute, the winner first."""
    found = [origin for name, origin in _provenance(now, profile_id) if name == attribute]
    return sorted(found, key=lambda origin: not origin.is_winner)


def _provenance(now: Snapshot, profile_id: str) -> list[tuple[str, Origin]]:
    if not now.has(PROVENANCE):
        return []
    rows = now.lookup(PROVENANCE, {"profile_id": profile_id}).to_pylist()
    return [
        (
            row["attribute"],
            Origin(
                row["value"], f"{row['source']}.{row['table']}", row["record_id"], row["value_at"], row["is_winner"]
            ),
        )
        for row in rows
    ]


def records(now: Snapshot, profile_id: str, with_values: bool = False) -> list[Record]:
    """The source records of a person, the most trusted first."""
    if not now.has(LINKS):
        return []
    rows = now.lookup(LINKS, {"profile_id": profile_id}, limit=RECORDS_SHOWN).to_pylist()
    found = []
    trust = {name: place for place, name in enumerate(Unification.current().tables)}
    for row in rows:
        name = f"{row['source']}.{row['table']}"
        values = record_values(now, name, row["record_id"]) if with_values else []
        rule = _("Decided by a person") if row["rule"] == DECIDED else rule_title(row["rule"] or "")
        found.append(Record(name, table_title(now, name), row["record_id"], rule, row["score"], values))
    return sorted(found, key=lambda record: (trust.get(record.table, len(trust)), record.record_id))


def record_values(now: Snapshot, table: str, record_id: str) -> list[tuple[str, str]]:
    """(label, value) of one source record as it was delivered; empty when it is gone."""
    return [(column_title(column), text) for column, text in _record_values(now, table, record_id)]


def record_texts(now: Snapshot, table: str, record_id: str) -> dict[str, str]:
    """What one source record says, by column; empty when it is gone."""
    return {column.name: text for column, text in _record_values(now, table, record_id) if text != formats.NOTHING}


def _record_values(now: Snapshot, table: str, record_id: str) -> list[tuple[Attribute, str]]:
    if not now.has(table):
        return []
    info = now.info(table)
    rows = now.table(table)
    found = now.arrow(rows.filter(key_text(rows, info.key) == record_id), 1).to_pylist()
    if not found:
        return []
    kinds = {c.name: Attribute(c.name, c.label, c.type, table, c.semantic, c.currency) for c in info.columns}
    return [(kinds[name], shown(value, kinds[name])) for name, value in found[0].items()]


def key_measures(now: Snapshot, profile_id: str) -> list[tuple[str, str]]:
    """(label, value) of all measures that this person has a value of, in the order of the catalog."""
    if not now.has(MEASURES):
        return []
    rows = now.lookup(MEASURES, {"profile_id": profile_id}, limit=1).to_pylist()
    kinds = [a for a in now.attributes() if a.table == MEASURES and a.name != "profile_id"]
    values = rows[0] if rows else {}
    return [(column_title(a), shown(_day(values[a.name]), a)) for a in kinds if values.get(a.name) is not None]


def _day(value: Any) -> Any:
    """A key figure says the day of a moment; its minute is in the timeline."""
    return timezone.localtime(value).date() if isinstance(value, datetime.datetime) else value
