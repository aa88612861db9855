"""Groups above the person: who lives together, or shares what else is asked for, with ids that stay over runs."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from profiles.unify.config.group_rules import GroupRule, Way
from profiles.unify.config.rules import Compared
from profiles.unify.matching.graph import components
from profiles.unify.merging.identify import identify
from profiles.unify.pairs.grouping import groups, within
from profiles.unify.pairs.score import holds
from profiles.unify.reading import compared
from profiles.unify.reading.records import UNKNOWN, Codes, Feature, Records, TableInput, read_records
from profiles.unify.values.readings import Readings
from profiles.unify.values.sets import distinct
from profiles.unify.values.stated import NOTHING, Stated

Index = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
SEPARATOR = "\x1f"
CROWDS_SHOWN = 20
NAMES = ("person.first_name", "person.last_name", "person.full_name")
NOBODY = pa.array([], pa.string())
PASSED = b"passed"


@dataclass(frozen=True)
class Crowd:
    """What so many people share that it makes no group of them."""

    value: str
    people: int


@dataclass(frozen=True)
class Passed:
    """What a rule passed over: how many groups that were too large, and all crowds, the largest first."""

    too_large: int
    crowds: tuple[Crowd, ...]


@dataclass(frozen=True)
class Gathered:
    """Per person the number of the group (−1: none) and its size (0: not known); what was no group, the largest
    first."""

    label: Index
    size: Index
    crowds: tuple[Crowd, ...]
    too_large: int


@dataclass(frozen=True)
class Grouped:
    """`columns`: per group `<name>_id` and `<name>_size`, null where unknown; someone known to be alone has the size 1
    and no id. `members`: one row per group and person, sorted by group id. `report`: JSON. `known`: what
    `group_changes.after_changes` goes on from, None where values were read in a way that only everybody's tell."""

    columns: dict[str, pa.Array]
    members: pa.Table
    report: list[dict[str, Any]]
    known: pa.Table | None = None


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
    tables = [members_of("", NOBODY, NOBODY, np.array([], np.int64))]
    columns: dict[str, pa.Array] = {}
    report, rest = [], {}
    people = people_as_records(profiles, meanings, rules, country, stated)
    for rule in rules:
        found = gather(people, rule)
        inside = found.label >= 0
        names = people.record_ids.filter(pa.array(inside))
        ids = named(rule, names, found.label[inside], before, redirects or {})
        columns |= columns_of(rule, spread(ids, inside), found.size)
        tables.append(members_of(rule.name, ids, names, found.size[inside]))
        rest[rule.name] = Passed(found.too_large, found.crowds)
        report.append(reported(rule, columns, rest[rule.name]))
    members = pa.concat_tables(tables).sort_by([("group_id", "ascending"), ("profile_id", "ascending")])
    known = None if people.readings.by else as_known(compared_people(people, rules), columns, rest)
    place = pc.index_in(profiles.column("profile_id").combine_chunks(), value_set=people.record_ids)
    return Grouped({name: column.take(place) for name, column in columns.items()}, members, report, known)


def columns_needed(names: Sequence[str], meanings: Mapping[str, str], rules: Sequence[GroupRule]) -> list[str]:
    """Which columns of profiles `group_people` looks at, beside the id."""
    conditions = [c for rule in rules for way in rule.ways for c in (*way.when, *way.unless)]
    wanted = {condition.semantic for condition in conditions if condition.semantic}
    if wanted & {"person.name", *NAMES}:
        wanted |= set(NAMES)
    plain = {condition.column for condition in conditions}
    return [name for name in names if name in plain or meanings.get(name, "") in wanted]


def people_as_records(
    profiles: pa.Table,
    meanings: Mapping[str, str],
    rules: Sequence[GroupRule],
    country: str,
    stated: Stated = NOTHING,
    readings: Readings | None = None,
) -> Records:
    """Each person as one record. The surname is that of the whole name, wherever it stands. `readings` None: this is
    everybody."""
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
    records = read_records([table], country, wanted, stated=stated, readings=readings)
    features = dict(records.features)
    if name := features.get("person.name"):
        family: Codes = np.append(name.parts[1], UNKNOWN)[name.codes].astype(np.int32)
        features[NAMES[1]] = Feature(NAMES[1], (family,), pa.array(name.words.texts, pa.string()))
    return replace(records, features=features)


def compared_people(people: Records, rules: Sequence[GroupRule]) -> pa.Table:
    """`profile_id`, and the values by which people are tied together, as `compared.as_table` has them."""
    wanted = {
        condition.measured_feature for rule in rules for way in rule.ways for condition in (*way.when, *way.unless)
    }
    features = {name: feature for name, feature in people.features.items() if name in wanted}
    table = compared.as_table(replace(people, features=features))
    return table.drop_columns(["source", "table", compared.HASH]).rename_columns({"record_id": "profile_id"})


def as_known(people: pa.Table, columns: Mapping[str, pa.Array], rest: Mapping[str, Passed]) -> pa.Table:
    """`people`, their groups, and what was passed over, which stands in the description of the table."""
    for name, column in columns.items():
        people = people.append_column(name, column)
    return people.replace_schema_metadata({PASSED: json.dumps({name: asdict(one) for name, one in rest.items()})})


def named(
    rule: GroupRule,
    people: pa.Array,
    labels: Index,
    before: pa.Table | None,
    redirects: Mapping[str, str],
    others: pa.Array | None = None,
) -> pa.Array:
    """Ids of groups stay as those of people do; they differ from them in the first letter. `others`: ids of groups of
    people who are not among these."""
    old = None
    if before is not None:
        mine = _redirected(before.filter(pc.equal(before.column("group"), rule.name)), redirects)
        was = pc.binary_replace_slice(mine.column("group_id"), 0, 1, "p")
        key = pc.binary_join_element_wise(rule.name, mine.column("profile_id"), SEPARATOR)
        old = pa.table({"key": key, "profile_id": was})
    keys = pc.binary_join_element_wise(rule.name, people, SEPARATOR)
    taken = None if others is None else pc.binary_replace_slice(others, 0, 1, "p")
    found = identify(keys, labels.astype(np.int32), old, others=taken)
    return pc.replace_substring_regex(found.profile_ids, "^p", "h")


def _redirected(members: pa.Table, redirects: Mapping[str, str]) -> pa.Table:
    """By who they are now. The group that somebody was in goes before those of whom was merged into them."""
    moved = pc.is_in(members.column("profile_id"), value_set=pa.array(list(redirects), pa.string()))
    if not pc.any(moved).as_py():
        return members
    others = members.filter(moved).sort_by([("group_id", "ascending"), ("profile_id", "ascending")])
    now = pa.array([redirects[pk] for pk in others.column("profile_id").to_pylist()], pa.string())
    place = members.schema.get_field_index("profile_id")
    return pa.concat_tables([members.filter(pc.invert(moved)), others.set_column(place, "profile_id", now)])


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
    _numbers, first, sizes = np.unique(keys, return_index=True, return_counts=True)
    found = []
    for row, size in zip(rows[first].tolist(), sizes.tolist(), strict=True):
        features = (people.features[name] for name in way.keys)
        found.append(Crowd(", ".join(feature.values[int(feature.codes[row])].as_py() for feature in features), size))
    return in_order(found)


def in_order(crowds: Iterable[Crowd]) -> list[Crowd]:
    """The largest first."""
    return sorted(crowds, key=lambda crowd: (-crowd.people, crowd.value))


def columns_of(rule: GroupRule, ids: pa.Array, size: Index) -> dict[str, pa.Array]:
    return {f"{rule.name}_id": ids, f"{rule.name}_size": pa.array(size, mask=size == 0)}


def spread(ids: pa.Array, inside: Mask) -> pa.Array:
    place = np.cumsum(inside) - 1
    return ids.take(pa.array(place, mask=~inside))


def members_of(name: str, ids: pa.Array, people: pa.Array, size: Index) -> pa.Table:
    group = pa.array([name] * len(ids), pa.string())
    return pa.table({"group": group, "group_id": ids, "profile_id": people, "size": pa.array(size)})


def reported(rule: GroupRule, columns: Mapping[str, pa.Array], rest: Passed) -> dict[str, Any]:
    """`columns`: of everybody, in any order."""
    ids, size = columns[f"{rule.name}_id"], columns[f"{rule.name}_size"]
    return {
        "name": rule.name,
        "label": rule.label,
        "groups": pc.count_distinct(ids).as_py(),
        "people": len(ids) - ids.null_count,
        "alone": pc.sum(pc.equal(size, 1)).as_py() or 0,
        "largest": pc.max(size).as_py() or 0,
        "too_large": rest.too_large,
        "crowds": [{"value": crowd.value, "people": crowd.people} for crowd in rest.crowds[:CROWDS_SHOWN]],
    }
