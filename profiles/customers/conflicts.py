"""Where the records of one person say different things: counted over the lake, and listed person by person."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from core.list_filters import Filter
from lake.functions import without_accents
from lake.queries import Snapshot
from profiles.models import Profile
from profiles.search.finding import find
from profiles.tables import PROVENANCE

EXAMPLES = 3
BATCH = 2_000
# “Smith, John” says what “John Smith” does.
WHOLE_NAME = "full_name"
KEY = ("attribute", "profile_id")


@dataclass(frozen=True)
class Pair:
    """`people` for whom the value shown is from one table, and another one from the other."""

    shown: str
    other: str
    people: int


@dataclass(frozen=True)
class Conflict:
    """One attribute. `people` have differing values, `of` have several records that know it; of `spelling` people the
    values differ only in case, accents and signs, and of whole names in the order of their parts. `pairs`: which tables
    disagree, most often first."""

    attribute: str
    people: int
    of: int
    spelling: int
    pairs: tuple[Pair, ...]
    examples: tuple[tuple[str, ...], ...]

    @property
    def share(self) -> float:
        return self.people / self.of if self.of else 0.0


@lru_cache(maxsize=2)
def by_attribute(now: Snapshot) -> tuple[Conflict, ...]:
    """The attributes that differ for somebody, most people first. Worked out once per snapshot, in some 7 seconds per
    million people."""
    if not now.has(PROVENANCE):
        return ()
    disputed = now.arrow(_people(now))
    people = ibis.memtable(disputed)
    numbers = people.group_by("attribute").agg(
        people=(people.known > 1).sum(),
        spelling=((people.known > 1) & (people.different == 1)).sum(),
        unwon=(~people.is_won).sum(),
    )
    won, pairs, examples = _won(now), _pairs(now), _examples(now, disputed)
    found = [
        Conflict(
            row["attribute"], row["people"], won.get(row["attribute"], 0) + row["unwon"], row["spelling"],
            tuple(pairs.get(row["attribute"], [])), tuple(examples.get(row["attribute"], [])),
        )
        for row in now.arrow(numbers.filter(numbers.people > 0)).to_pylist()
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda conflict: (-conflict.people, conflict.attribute)))


@lru_cache(maxsize=2)
def people_of(now: Snapshot) -> dict[str, int]:
    """As `by_attribute`, the people alone, in a fifth of the time: values themselves are not looked at."""
    if not now.has(PROVENANCE):
        return {}
    rows = now.table(PROVENANCE)
    counted = _disputed(rows).group_by(KEY).agg(known=lambda row: row.count())
    counted = counted.filter(counted.known > 1).group_by("attribute").agg(people=lambda row: row.count())
    return {row["attribute"]: row["people"] for row in now.arrow(counted).to_pylist()}


def _disputed(rows: ir.Table) -> ir.Table:
    """The rows of attributes and people of whom something is said that did not win."""
    return rows.semi_join(rows.filter(~rows.is_winner).select(*KEY), KEY)


def _values(now: Snapshot) -> ir.Table:
    rows = now.table(PROVENANCE)
    text = without_accents(rows.value.lower())
    plain = text.re_replace(r"[^\p{L}\p{N}]", "")
    parts = text.re_replace(r"[^\p{L}\p{N}]+", " ").split(" ").sort().join("")
    is_name = rows.attribute == WHOLE_NAME
    return rows.mutate(origin=rows.source + "." + rows.table, plain=is_name.ifelse(parts, plain))


def _people(now: Snapshot) -> ir.Table:
    """One row per attribute and person of whom something is said that did not win: how many `known` values, how many
    `different` beyond spelling, and whether there `is_won` one. One is won by at most one value."""
    disputed = _disputed(_values(now))
    return disputed.group_by(KEY).agg(
        known=disputed.count(), different=disputed.plain.nunique(), is_won=disputed.is_winner.any()
    )


def _won(now: Snapshot) -> dict[str, int]:
    """Per attribute the people who have a value that won."""
    rows = now.table(PROVENANCE)
    counted = rows.group_by("attribute").agg(people=rows.is_winner.sum())
    return {row["attribute"]: row["people"] for row in now.arrow(counted).to_pylist()}


def _pairs(now: Snapshot) -> dict[str, list[Pair]]:
    rows = _values(now)
    shown = rows.filter(rows.is_winner).select(*KEY, shown=rows.origin)
    other = rows.filter(~rows.is_winner).select(*KEY, other=rows.origin)
    both = shown.inner_join(other, KEY)
    counted = both.group_by("attribute", "shown", "other").agg(people=both.profile_id.nunique())
    found: dict[str, list[Pair]] = {}
    for row in now.arrow(counted.order_by(ibis.desc("people"), "shown", "other")).to_pylist():
        found.setdefault(row.pop("attribute"), []).append(Pair(**row))
    return found


def _examples(now: Snapshot, disputed: pa.Table) -> dict[str, list[tuple[str, ...]]]:
    """Values of a few people per attribute, the one that is shown first; such that differ in more than spelling."""
    people = ibis.memtable(disputed.filter((pc.field("known") > 1) & (pc.field("different") > 1)).select(KEY))
    lists = people.group_by("attribute").agg(profile_id=people.profile_id.collect(order_by="profile_id")[:EXAMPLES])
    first = now.arrow(lists.unnest("profile_id"))
    rows = now.table(PROVENANCE)
    # By the ids alone, the table needs to be read only where they stand.
    rows = rows.filter(rows.profile_id.isin(sorted(set(first.column("profile_id").to_pylist()))))
    rows = rows.semi_join(ibis.memtable(first), KEY).select(*KEY, "value", "is_winner")
    found: dict[str, dict[str, list[str]]] = {}
    for row in now.arrow(rows.order_by(*KEY, ibis.desc("is_winner"), "value")).to_pylist():
        found.setdefault(row["attribute"], {}).setdefault(row["profile_id"], []).append(row["value"])
    return {name: [tuple(values) for values in people.values()] for name, people in found.items()}


@dataclass(frozen=True)
class Disagreement:
    """One person's values of one attribute: (value, table), the one that is shown first."""

    profile_id: str
    name: str
    values: list[tuple[str, str]]

    @property
    def shown(self) -> tuple[str, str]:
        return self.values[0]

    @property
    def others(self) -> list[tuple[str, str]]:
        return self.values[1:]


@dataclass(frozen=True)
class ConflictRows:
    """Rows of `core.lists`: the people whose records disagree on one attribute."""

    now: Snapshot
    attribute: str
    query: str = ""
    shown: str = ""
    other: str = ""
    beyond_spelling: bool = False

    def narrow(
        self, query: str, search: Sequence[str], filters: Sequence[Filter], values: Mapping[str, Any], order: str
    ) -> "ConflictRows":
        return replace(
            self,
            query=query,
            shown=values.get("shown", ""),
            other=values.get("other", ""),
            beyond_spelling=bool(values.get("beyond_spelling")),
        )

    def count(self) -> int:
        return int(self.now.scalar(self._people().count()))

    def slice(self, start: int, stop: int) -> list[Disagreement]:
        page = self._people().order_by("profile_id").limit(stop - start, offset=start)
        return self._rows(self.now.arrow(page).column("profile_id").to_pylist())

    def all(self) -> Iterator[Disagreement]:
        for batch in self.now.batches(self._people().order_by("profile_id"), BATCH):
            yield from self._rows(batch.column("profile_id").to_pylist())

    def _mine(self) -> ir.Table:
        return _values(self.now).filter(lambda row: row.attribute == self.attribute)

    def _people(self) -> ir.Table:
        rows = self._mine()
        people = rows.group_by("profile_id").agg(known=rows.count(), different=rows.plain.nunique())
        people = people.filter(people.known > 1)
        if self.beyond_spelling:
            people = people.filter(people.different > 1)
        if self.shown:
            people = people.semi_join(rows.filter((rows.origin == self.shown) & rows.is_winner), "profile_id")
        if self.other:
            people = people.semi_join(rows.filter((rows.origin == self.other) & ~rows.is_winner), "profile_id")
        if self.query:
            text = rows.filter(rows.value.lower().contains(self.query.lower())).select("profile_id")
            named = ibis.memtable(pa.table({"profile_id": pa.array(list(find(self.query).ids), pa.string())}))
            people = people.semi_join(text.union(named), "profile_id")
        return people.select("profile_id")

    def _rows(self, ids: list[str]) -> list[Disagreement]:
        wanted = ibis.memtable(pa.table({"profile_id": pa.array(ids, pa.string())}))
        rows = self._mine().semi_join(wanted, "profile_id").order_by("profile_id", ibis.desc("is_winner"), "value")
        values: dict[str, list[tuple[str, str]]] = {}
        for row in self.now.arrow(rows.select("profile_id", "value", "origin")).to_pylist():
            values.setdefault(row["profile_id"], []).append((row["value"], row["origin"]))
        people = Profile.objects.filter(pk__in=ids).defer("attributes", "search", "identifiers").in_bulk()
        return [Disagreement(pk, str(people.get(pk, pk)), values[pk]) for pk in ids]
