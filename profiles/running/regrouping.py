"""Groups above the person, renewed with every run: of everybody, or of whom the changes of a run can concern."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lake.queries import Snapshot
from profiles.config.merging import configured_groups
from profiles.models import Unification
from profiles.tables import GROUPS, PROFILES
from profiles.unify.households.group_changes import after_changes
from profiles.unify.households.groups import Grouped, columns_needed, group_people
from profiles.unify.merging.merge import Merged
from profiles.unify.pairs.grouping import Mask
from profiles.unify.values.stated import parse_stated

ID = "profile_id"


@dataclass(frozen=True)
class Regrouped:
    """`profiles`: those that were merged, with the columns of groups, sorted by id; `others`: id and these columns of
    whose groups alone changed. `members`: of everybody, or in place of those of the people `left`. `report`: as in
    `groups.Grouped`, of everybody. `known`: for the next run."""

    profiles: pa.Table
    others: pa.Table
    members: pa.Table
    report: list[dict[str, Any]]
    known: pa.Table | None = None
    left: pa.Array | None = None


def regroup(
    now: Snapshot,
    config: Unification,
    merged: Merged,
    redirects: Mapping[str, str],
    instead_of: pa.Array | None = None,
    known: pa.Table | None = None,
) -> Regrouped:
    """`instead_of` None: `merged` is everybody; else everybody but those who had these ids is as published. `known`: of
    the last run; without it, everybody is looked at."""
    rules = [rule for rule in configured_groups(now, config) if rule.active]
    meanings = {attribute.name: attribute.semantic for attribute in merged.attributes}
    mine, stated, country = merged.profiles, parse_stated(config.values), config.default_country
    if instead_of is not None and rules and known is not None:
        part = after_changes(known, mine, instead_of, meanings, rules, country, redirects, stated)
        own, others = _apart(mine, part.people, part.columns)
        return Regrouped(own, others, part.members, part.report, part.known, part.left)
    before = now.arrow(now.table(GROUPS).select("group", "group_id", "profile_id")) if now.has(GROUPS) else None
    if instead_of is None or not rules:
        found = group_people(mine, meanings, rules, country, before, redirects, stated)
        own, others = _with_columns(mine, found.columns), pa.table({ID: pa.array([], pa.string())})
        return Regrouped(own, others, found.members, found.report, found.known)
    needed = [ID, *columns_needed(mine.column_names, meanings, rules)]
    gone = ibis.memtable(pa.table({ID: instead_of}))
    rest = now.arrow(now.table(PROFILES).anti_join(gone, ID).select(*needed, *_made(rules)))
    ours = mine.select(needed)
    people = pa.concat_tables([ours, rest.select(needed).cast(ours.schema)])
    found = group_people(people, meanings, rules, country, before, redirects, stated)
    told = pa.array(np.append(np.ones(ours.num_rows, bool), _changed(rest, found, ours.num_rows)))
    columns = {name: column.filter(told) for name, column in found.columns.items()}
    own, others = _apart(mine, people.column(ID).combine_chunks().filter(told), columns)
    return Regrouped(own, others, found.members, found.report, found.known)


def _apart(mine: pa.Table, people: pa.Array, columns: Mapping[str, pa.Array]) -> tuple[pa.Table, pa.Table]:
    """`mine` with the columns of groups, which are of `people`, and what they are of everybody else."""
    place = pc.index_in(mine.column(ID).combine_chunks(), value_set=people)
    others = pa.table({ID: people, **columns}).filter(pc.invert(pc.is_in(people, value_set=mine.column(ID))))
    return _with_columns(mine, {name: column.take(place) for name, column in columns.items()}), others


def _with_columns(profiles: pa.Table, columns: Mapping[str, pa.Array]) -> pa.Table:
    for name, column in columns.items():
        profiles = profiles.append_column(name, column)
    return profiles


def _made(rules: list[Any]) -> list[str]:
    return [f"{rule.name}_{part}" for rule in rules for part in ("id", "size")]


def _changed(rest: pa.Table, found: Grouped, start: int) -> Mask:
    """Who is in another group, or in one of another size, than is published."""
    changed = pa.array(np.zeros(rest.num_rows, bool))
    for name, column in found.columns.items():
        now, was = column.slice(start), rest.column(name).combine_chunks().cast(column.type)
        differs = pc.fill_null(pc.not_equal(now, was), False)
        changed = pc.or_(changed, pc.or_(differs, pc.xor(pc.is_null(now), pc.is_null(was))))
    mask: Mask = changed.to_numpy(zero_copy_only=False)
    return mask
