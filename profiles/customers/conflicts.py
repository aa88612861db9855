"""Where the records of one person say different things: counted over the lake, and listed person by person."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from core.list_filters import Filter
from lake.functions import without_accents
from lake.queries import Snapshot
from profiles.models import Profile
from profiles.search.finding import find
from profiles.tables import PROVENANCE

EXAMPLES = 3
BATCH = 2_000
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
    values differ only in case, accents and signs. `pairs`: which tables disagree, most often first."""

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
    """The attributes that differ for somebody, most people first. A second per million people, once per snapshot."""
    if not now.has(PROVENANCE):
        return ()
    people = _people(now)
    numbers = people.group_by("attribute").agg(
        of=people.count(),
        people=(people.known > 1).sum(),
        spelling=((people.known > 1) & (people.different == 1)).sum(),
    )
    pairs, examples = _pairs(now), _examples(now)
    found = [
        Conflict(
            row["attribute"], row["people"], row["of"], row["spelling"],
            tuple(pairs.get(row["attribute"], [])), tuple(examples.get(row["attribute"], [])),
        )
        for row in now.arrow(numbers.filter(numbers.people > 0)).to_pylist()
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda conflict: (-conflict.people, conflict.attribute)))


def _values(now: Snapshot) -> ir.Table:
    rows = now.table(PROVENANCE)
    plain = without_accents(rows.value.lower()).re_replace(r"[^\p{L}\p{N}]", "")
    return rows.mutate(origin=rows.source + "." + rows.table, plain=plain)


def _people(now: Snapshot) -> ir.Table:
    """One row per attribute and person: how many `known` values, and how many `different` beyond spelling."""
    rows = _values(now)
    return rows.group_by(KEY).agg(known=rows.count(), different=rows.plain.nunique())


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


def _examples(now: Snapshot) -> dict[str, list[tuple[str, ...]]]:
    """Values of a few people per attribute, the one that is shown first; such that differ in more than spelling."""
    people = _people(now).filter(lambda row: (row.known > 1) & (row.different > 1))
    place = ibis.row_number().over(group_by="attribute", order_by="profile_id")
    first = people.mutate(place=place).filter(lambda row: row.place < EXAMPLES).select(*KEY)
    rows = now.table(PROVENANCE).semi_join(first, KEY).select(*KEY, "value", "is_winner")
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
