"""Groups above the person: who lives together, or shares what else is asked for, with ids that stay over runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from profiles.unify.graph import components
from profiles.unify.group_rules import GroupRule, Way
from profiles.unify.grouping import groups, within
from profiles.unify.identify import identify
from profiles.unify.records import UNKNOWN, Codes, Compared, Feature, Records, TableInput, read_records
from profiles.unify.score import holds
from profiles.unify.sets import distinct
from profiles.unify.stated import NOTHING, Stated

Index = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
SEPARATOR = "\x1f"
CROWDS_SHOWN = 20
NAMES = ("person.first_name", "person.last_name", "person.full_name")


@dataclass(frozen=True)
class Crowd:
    """What so many people share that it makes no group of them."""

    value: str
    people: int


@dataclass(frozen=True)
class Gathered:
    """Per person the number of the group (−1: none) and its size (0: not known); what was no group."""

    label: Index
    size: Index
    crowds: tuple[Crowd, ...]
    too_large: int


@dataclass(frozen=True)
class Grouped:
    """`columns`: per group `<name>_id` and `<name>_size`, null where unknown; someone known to be alone has the size 1
    and no id. `members`: one row per group and person, sorted by group id. `report`: JSON."""

    columns: dict[str, pa.Array]
    members: pa.Table
    report: list[dict[str, Any]]


def group_people(
    profiles: pa.Table,
    meanings: Mapping[str, str],
    rules: Sequence[GroupRule],
    country: str,
    before: pa.Table | None = None,
    redirects: Mapping[str, str] | None = None,
    stated: Stated = NOTHING,
) -> Grouped:
    """`profiles`: everybody, in any order; `meanings`: the semantic type of each column that has one. `before`: columns
    `group, group_id, profile_id` of the last run; `redirects`: where people went since; `stated`: aliases and the like.
    The columns of the result are in the order of `profiles`."""
    rules = [rule for rule in rules if rule.active]
    nobody = pa.array([], pa.string())
    tables = [_members("", nobody, nobody, np.array([], np.int64))]
    columns: dict[str, pa.Array] = {}
    report = []
    people = people_as_records(profiles, meanings, rules, country, stated)
    place = pc.index_in(profiles.column("profile_id").combine_chunks(), value_set=people.record_ids)
    for rule in rules:
        found = gather(people, rule)
        inside = found.label >= 0
        names = people.record_ids.filter(pa.array(inside))
        ids = _named(rule, names, found.label[inside], before, redirects or {})
        columns[f"{rule.name}_id"] = _spread(ids, inside).take(place)
        columns[f"{rule.name}_size"] = pa.array(found.size, mask=found.size == 0).take(place)
        tables.append(_members(rule.name, ids, names, found.size[inside]))
        report.append(_report(rule, found))
    members = pa.concat_tables(tables)
    return Grouped(columns, members.sort_by([("group_id", "ascending"), ("profile_id", "ascending")]), report)


def columns_needed(names: Sequence[str], meanings: Mapping[str, str], rules: Sequence[GroupRule]) -> list[str]:
    """Which columns of profiles `group_people` looks at, beside the id."""
    conditions = [c for rule in rules for way in rule.ways for c in (*way.when, *way.unless)]
    wanted = {condition.semantic for condition in conditions if condition.semantic}
    if wanted & {"person.name", *NAMES}:
        wanted |= set(NAMES)
    plain = {condition.column for condition in conditions}
    return [name for name in names if name in plain or meanings.get(name, "") in wanted]


def people_as_records(
    profiles: pa.Table, meanings: Mapping[str, str], rules: Sequence[GroupRule], country: str, stated: Stated = NOTHING
) -> Records:
    """Each person as one record. The surname is that of the whole name, wherever it stands."""
    names = columns_needed(profiles.column_names, meanings, rules)
    conditions = [c for rule in rules for way in rule.ways for c in (*way.when, *way.unless)]
    special = {c.feature: Compared(c.feature, c.column, c.semantic, c.normalisers) for c in conditions}
    wanted = [one for _name, one in sorted(special.items()) if one.column or one.normalise]
    table = TableInput(
        "unified",
        "profiles",
        ("profile_id",),
        profiles.select(["profile_id", *names]),
        {name: meanings[name] for name in names if meanings.get(name)},
    )
    records = read_records([table], country, wanted, stated=stated)
    features = dict(records.features)
    if name := features.get("person.name"):
        family: Codes = np.append(name.parts[1], UNKNOWN)[name.codes].astype(np.int32)
        features[NAMES[1]] = Feature(NAMES[1], (family,), pa.array(name.words.texts, pa.string()))
    return replace(records, features=features)


def _named(
    rule: GroupRule, people: pa.Array, labels: Index, before: pa.Table | None, redirects: Mapping[str, str]
) -> pa.Array:
    """Ids of groups stay as those of people do; they differ from them in the first letter."""
    old = None
    if before is not None:
        mine = before.filter(pc.equal(before.column("group"), rule.name))
        now = pa.array([redirects.get(pk, pk) for pk in mine.column("profile_id").to_pylist()], pa.string())
        was = pc.replace_substring_regex(mine.column("group_id"), "^h", "p")
        old = pa.table({"key": pc.binary_join_element_wise(rule.name, now, SEPARATOR), "profile_id": was})
    keys = pc.binary_join_element_wise(rule.name, people, SEPARATOR)
    return pc.replace_substring_regex(identify(keys, labels.astype(np.int32), old).profile_ids, "^p", "h")


def gather(people: Records, rule: GroupRule) -> Gathered:
    """Who belongs together. What more people share than a group could have makes none, in whatever way."""
    ways = [way for way in rule.ways if all(name in people.features for name in way.keys)]
    count = people.count
    crowded, known = np.zeros(count, bool), np.zeros(count, bool)
    crowds: list[Crowd] = []
    left, right = [np.array([], np.int64)], [np.array([], np.int64)]
    for number, way in enumerate(ways):
        found = groups([people.features[name] for name in way.keys], count)
        found = found.where(~crowded[found.rows])
        fits = found.sizes <= (rule.crowd or count)
        if not number:
            crowded[found.rows[~fits]] = True
            crowds = _crowds(people, way, found.rows[~fits], found.keys[~fits])
        found = found.where(fits)
        known[found.rows] = True
        one, other = _together(people, way, found.rows, found.keys, count)
        left.append(one)
        right.append(other)
    labels = components(count, np.concatenate(left).astype(np.int32), np.concatenate(right).astype(np.int32))
    size = np.bincount(labels, minlength=count)[labels]
    fits = size <= (rule.most or count)
    return Gathered(
        label=np.where((size > 1) & fits, labels, -1).astype(np.int64),
        size=np.where(known & ~crowded & fits, size, 0),
        crowds=tuple(crowds),
        too_large=len(np.unique(labels[~fits])),
    )


def _together(people: Records, way: Way, rows: Index, keys: Index, count: int) -> tuple[Index, Index]:
    """Pairs that connect whoever belongs together."""
    rest = [condition for condition in way.when if not condition.is_key]
    order = np.lexsort((rows, keys))
    rows, keys = rows[order], keys[order]
    if not rest and not way.unless:
        same = np.flatnonzero(keys[1:] == keys[:-1])
        return rows[same], rows[same + 1]
    pairs = distinct(within(rows, keys, count))
    left, right = pairs // max(1, count), pairs % max(1, count)
    for condition in rest:
        passed = holds(people, condition, left, right)[0]
        left, right = left[passed], right[passed]
    for condition in way.unless:
        passed = ~holds(people, condition, left, right)[0]
        left, right = left[passed], right[passed]
    return left, right


def _crowds(people: Records, way: Way, rows: Index, keys: Index) -> list[Crowd]:
    """The largest first."""
    numbers, first, sizes = np.unique(keys, return_index=True, return_counts=True)
    found = []
    for place in np.lexsort((numbers, -sizes))[:CROWDS_SHOWN].tolist():
        row = int(rows[first[place]])
        texts = [
            feature.values[int(feature.codes[row])].as_py() for feature in (people.features[name] for name in way.keys)
        ]
        found.append(Crowd(", ".join(texts), int(sizes[place])))
    return found


def _spread(ids: pa.Array, inside: Mask) -> pa.Array:
    place = np.cumsum(inside) - 1
    return ids.take(pa.array(place, mask=~inside))


def _members(name: str, ids: pa.Array, people: pa.Array, size: Index) -> pa.Table:
    group = pa.array([name] * len(ids), pa.string())
    return pa.table({"group": group, "group_id": ids, "profile_id": people, "size": pa.array(size)})


def _report(rule: GroupRule, found: Gathered) -> dict[str, Any]:
    inside = found.label >= 0
    return {
        "name": rule.name,
        "label": rule.label,
        "groups": len(np.unique(found.label[inside])),
        "people": int(inside.sum()),
        "alone": int((found.size == 1).sum()),
        "largest": int(found.size.max(initial=0)),
        "too_large": found.too_large,
        "crowds": [{"value": crowd.value, "people": crowd.people} for crowd in found.crowds],
    }
