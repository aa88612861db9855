"""What a trial would change, read page by page from its tables."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from core import formats
from lake.queries import Snapshot
from lake.specs import Attribute
from profiles.customers.kept_texts import for_reader
from profiles.decisions.services import PAIR, Pair
from profiles.models import Profile
from profiles.review.queue import Details, Question
from profiles.tables import PROFILES, TRIAL_CASES, TRIAL_CHANGES, TRIAL_EXAMPLES
from profiles.unify.judging.partitions import JOINED, RESHUFFLED, SPLIT

CHANGED = "changed"
KINDS = (JOINED, SPLIT, RESHUFFLED, CHANGED)
PAGE = 5
BATCH = 2_000
EXPORTED = ("change", "case", "customer", "name", "customer_then", "records", "attribute", "before", "after")


@dataclass(frozen=True)
class Person:
    """One who is, or would be. `name`: "" for somebody new."""

    profile_id: str
    name: str
    records: int


@dataclass(frozen=True)
class Example:
    """People who exchange records, and the pair of records at which it shows best. `is_gained`: the pair would be one
    person, else it would no longer be. `rule` matched the pair: that of the trial, or the one of today; "" for none."""

    question: Question
    details: Details
    is_gained: bool
    rule: str
    today: list[Person]
    then: list[Person]


@dataclass(frozen=True)
class Change:
    """One person who stays who they are, with other values: (label, before, after)."""

    person: Person
    values: list[tuple[str, str, str]]


@dataclass(frozen=True)
class Page:
    rows: list[Any]
    number: int
    total: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))

    @property
    def before(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def after(self) -> int | None:
        return self.number + 1 if self.number < self.pages else None


def page_of(now: Snapshot, kind: str, number: int) -> Page:
    """Examples of one kind; a page beyond the last is the last. Two or three queries of the lake."""
    if not now.has(TRIAL_EXAMPLES):
        return Page([], 1, 0)
    if kind == CHANGED:
        people = now.table(TRIAL_CHANGES).select("profile_id").distinct()
        total = int(now.scalar(people.count()))
        start = _start(number, total)
        ids = now.arrow(people.order_by("profile_id").limit(PAGE, offset=start)).column("profile_id").to_pylist()
        return Page(_changes(now, ids), start // PAGE + 1, total)
    rows = now.table(TRIAL_EXAMPLES).filter(lambda row: row.kind == kind)
    total = int(now.scalar(rows.count()))
    start = _start(number, total)
    found = now.arrow(rows.order_by("place", "is_gained", "case").limit(PAGE, offset=start)).to_pylist()
    return Page(_examples(now, found), start // PAGE + 1, total)


def _start(number: int, total: int) -> int:
    return max(0, min(number - 1, (total - 1) // PAGE)) * PAGE


def _examples(now: Snapshot, rows: list[dict[str, Any]]) -> list[Example]:
    cases = now.table(TRIAL_CASES)
    wanted = cases.filter(cases.case.isin([row["case"] for row in rows] or [-1]))
    members = now.arrow(wanted).to_pylist()
    names = _names([member["before_id"] for member in members])
    return [_example(row, [m for m in members if m["case"] == row["case"]], names) for row in rows]


def _example(row: dict[str, Any], members: list[dict[str, Any]], names: dict[str, str]) -> Example:
    question = Question(
        number=row["place"],
        pair=Pair(*(row[name] for name in PAIR)),
        left_profile=row["left_profile"],
        right_profile=row["right_profile"],
        reason=row["kind"],
        stratum="",
        probability=row["probability"],
        gain=0.0,
    )
    details = Details(json.loads(row["left_values"]), json.loads(row["right_values"]), json.loads(row["reasons"]))
    sides = [_people(members, side, names) for side in ("before_id", "after_id")]
    return Example(question, details, row["is_gained"], row["rule"], *sides)


def _people(members: list[dict[str, Any]], side: str, names: dict[str, str]) -> list[Person]:
    """Whoever is known first, then the largest."""
    records: dict[str, int] = {}
    for member in members:
        records[member[side]] = records.get(member[side], 0) + member["records"]
    ordered = sorted(records.items(), key=lambda item: (item[0] not in names, -item[1], item[0]))
    return [Person(pk, names.get(pk, ""), count) for pk, count in ordered]


def _names(ids: list[str]) -> dict[str, str]:
    people = Profile.objects.filter(pk__in=set(ids)).defer("attributes", "search", "identifiers")
    return {person.pk: str(person) for person in people}


def _changes(now: Snapshot, ids: list[str]) -> list[Change]:
    rows = now.table(TRIAL_CHANGES)
    few = now.arrow(rows.filter(rows.profile_id.isin(ids or [""])).order_by("profile_id", "attribute")).to_pylist()
    kinds, names = _kinds(now), _names(ids)
    values: dict[str, list[tuple[str, str, str]]] = {pk: [] for pk in ids}
    for row in few:
        values[row["profile_id"]].append(_told(row, kinds))
    return [Change(Person(pk, names.get(pk, pk), 0), found) for pk, found in values.items()]


def _kinds(now: Snapshot) -> dict[str, Attribute]:
    return {a.name: a for a in now.attributes() if a.table == PROFILES}


def _told(row: dict[str, Any], kinds: dict[str, Attribute]) -> tuple[str, str, str]:
    """What the attribute of a changed value is called, the value before, and after."""
    kind = kinds.get(row["attribute"])
    before, after = (formats.plain(for_reader(row[side] or "", kind)) for side in ("before", "after"))
    return (kind.label if kind else row["attribute"]), before, after


def export(now: Snapshot) -> Iterator[list[Any]]:
    """Everybody who differs, a row per two people who share records, then a row per changed value: the columns of
    `EXPORTED`, as texts and numbers. Memory holds a batch."""
    if not now.has(TRIAL_CASES):
        return
    for batch in now.batches(now.table(TRIAL_CASES).order_by("kind", "case", "before_id", "after_id"), BATCH):
        rows = batch.to_pylist()
        names = _names([row["before_id"] for row in rows])
        for row in rows:
            one, other = row["before_id"], row["after_id"]
            yield [row["kind"], row["case"], one, names.get(one, ""), other, row["records"], "", "", ""]
    kinds = _kinds(now)
    for batch in now.batches(now.table(TRIAL_CHANGES).order_by("profile_id", "attribute"), BATCH):
        rows = batch.to_pylist()
        names = _names([row["profile_id"] for row in rows])
        for row in rows:
            pk = row["profile_id"]
            yield [CHANGED, "", pk, names.get(pk, ""), pk, "", *_told(row, kinds)]
