"""Groups above the person after some people changed: only who can be in another group is looked at again.

Tied are people with equal values in all that some way of a rule asks for exactly, and whoever these are tied to, over
any number of others: nobody else can meet them, or count where they do. The result is that of looking at everybody.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from profiles.unify.config.group_rules import GroupRule
from profiles.unify.households.groups import (  # fmt: skip
    NOBODY,
    PASSED,
    Crowd,
    Passed,
    as_known,
    columns_of,
    compared_people,
    gather,
    in_order,
    members_of,
    named,
    people_as_records,
    reported,
    spread,
)
from profiles.unify.pairs.grouping import Mask, Touched, sharing
from profiles.unify.reading import compared
from profiles.unify.reading.part import part_of
from profiles.unify.reading.records import Feature, Records
from profiles.unify.values.readings import Readings
from profiles.unify.values.stated import NOTHING, Stated

Index = npt.NDArray[np.int64]
ID = compared.PROFILE


@dataclass(frozen=True)
class Changed:
    """`people`: new ones, and those whose groups are others than before; `columns`: theirs. `members`: the rows in
    place of those of the people `left`. `report`, `known`: of everybody, as in `groups.Grouped`."""

    people: pa.Array
    columns: dict[str, pa.Array]
    left: pa.Array
    members: pa.Table
    report: list[dict[str, Any]]
    known: pa.Table


def after_changes(
    known: pa.Table,
    profiles: pa.Table,
    gone: pa.Array,
    meanings: Mapping[str, str],
    rules: Sequence[GroupRule],
    country: str,
    redirects: Mapping[str, str],
    stated: Stated = NOTHING,
) -> Changed:
    """`known`: of the last run, with the same active rules; `profiles`: those that are new, in place of the ones whose
    ids are `gone`. All else is as for `groups.group_people`."""
    fresh = compared_people(people_as_records(profiles, meanings, rules, country, stated, Readings()), rules)
    both = _Both(known, fresh, gone, rules)
    passed = json.loads(known.schema.metadata[PASSED])
    columns: dict[str, pa.Array] = {}
    rest: dict[str, Passed] = {}
    for rule in rules:
        was, now = gather(both.people(both.old), rule), gather(both.people(both.new), rule)
        inside = now.label >= 0
        names = both.ids.take(pa.array(both.new[inside]))
        ids = named(rule, names, now.label[inside], both.members(rule), redirects, both.others(rule))
        columns |= columns_of(rule, spread(ids, inside), now.size)
        too_large = passed[rule.name]["too_large"] + now.too_large - was.too_large
        before = Counter(Crowd(**crowd) for crowd in passed[rule.name]["crowds"])
        crowds = (before - Counter(was.crowds) + Counter(now.crowds)).elements()
        rest[rule.name] = Passed(too_large, tuple(in_order(crowds)))
    every = {name: both.everybody(name, column) for name, column in columns.items()}
    told = both.differing(columns)
    mine = {name: column.filter(pa.array(told)) for name, column in columns.items()}
    people = both.ids.take(pa.array(both.new[told]))
    members = [members_of("", NOBODY, NOBODY, np.array([], np.int64))]
    for rule in rules:
        ids, size = mine[f"{rule.name}_id"], mine[f"{rule.name}_size"]
        inside = ids.is_valid()
        members.append(members_of(rule.name, ids.filter(inside), people.filter(inside), size.filter(inside)))
    return Changed(
        people,
        mine,
        pa.concat_arrays([gone.cast(pa.string()), people]).unique(),
        pa.concat_tables(members).sort_by([("group_id", "ascending"), (ID, "ascending")]),
        [reported(rule, every, rest[rule.name]) for rule in rules],
        as_known(both.compared.rows(np.flatnonzero(both.now)), every, rest),
    )


class _Both:
    """People of before and of now in one list. `old`, `new`: the rows of before and of now that are looked at."""

    def __init__(self, known: pa.Table, fresh: pa.Table, gone: pa.Array, rules: Sequence[GroupRule]) -> None:
        self._known = known
        self.compared = compared.together(known, fresh)
        self.ids = self.compared.others[ID]
        features = self.compared.features()
        self._records = Records((), np.zeros(self.compared.count, np.int16), self.ids, features)
        before = np.arange(self.compared.count) < known.num_rows
        self.now = ~before
        self.now[: known.num_rows] = ~pc.is_in(known.column(ID), value_set=gone).to_numpy()
        wanted = {tuple(way.keys) for rule in rules for way in rule.ways}
        ties = [[features[name] for name in keys] for keys in wanted if all(name in features for name in keys)]
        part = _tied(ties, before ^ self.now)
        self.old, self.new = np.flatnonzero(part & before), np.flatnonzero(part & self.now)

    def people(self, rows: Index) -> Records:
        return part_of(self._records, rows)

    def members(self, rule: GroupRule) -> pa.Table:
        """Of the groups of before, those who are looked at."""
        rows = self._known.select([f"{rule.name}_id", ID]).take(pa.array(self.old)).rename_columns(["group_id", ID])
        rows = rows.filter(pc.is_valid(rows.column("group_id")))
        return rows.add_column(0, "group", pa.array([rule.name] * rows.num_rows, pa.string()))

    def others(self, rule: GroupRule) -> pa.Array:
        """The ids of all other groups of before."""
        chosen = np.ones(self._known.num_rows, bool)
        chosen[self.old] = False
        return self._known.column(f"{rule.name}_id").combine_chunks().filter(pa.array(chosen)).drop_null().unique()

    def differing(self, columns: Mapping[str, pa.Array]) -> Mask:
        """Which of `new` are new, or in other groups than before."""
        found: Mask = self.new >= self._known.num_rows
        place = pa.array(self.new, mask=found)
        for name, column in columns.items():
            was = self._known.column(name).combine_chunks().take(place)
            same = pc.or_(pc.fill_null(pc.equal(was, column), False), pc.and_(pc.is_null(was), pc.is_null(column)))
            found = found | ~same.to_numpy(zero_copy_only=False)
        return found

    def everybody(self, name: str, column: pa.Array) -> pa.Array:
        """Of all people of now; `column` is of `new`."""
        place = np.arange(self.compared.count)
        place[self.new] = self._known.num_rows + np.arange(len(self.new))
        every = pa.concat_arrays([*self._known.column(name).chunks, column])
        return every.take(pa.array(place[self.now]))


def _tied(ties: Sequence[Sequence[Feature]], chosen: Mask) -> Mask:
    """Who is tied to a chosen one, over any number of others."""
    found, added = chosen.copy(), chosen
    while added.any():
        reached, touched = np.zeros(len(found), bool), Touched(added)
        for features in ties:
            reached[sharing(features, touched)] = True
        added = reached & ~found
        found |= added
    return found
