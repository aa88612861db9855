"""Groups above the person, renewed with every run: they depend on everybody, whoever it was that changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lake.queries import Snapshot
from profiles.merging import configured_groups
from profiles.models import Unification
from profiles.tables import GROUPS
from profiles.unify.groups import Grouped, columns_needed, group_people
from profiles.unify.merge import Merged
from profiles.unify.stated import parse_stated

PROFILES = "unified.profiles"


@dataclass(frozen=True)
class Regrouped:
    """`profiles`: those that were merged, and `others` whose groups alone changed, with the columns of groups, sorted
    by id. `members`, `report`: as in `groups.Grouped`, of everybody."""

    profiles: pa.Table
    others: pa.Array
    members: pa.Table
    report: list[dict[str, Any]]


def regroup(
    now: Snapshot, config: Unification, merged: Merged, redirects: Mapping[str, str], instead_of: pa.Array | None = None
) -> Regrouped:
    """`instead_of` None: `merged` is everybody; else everybody but those who had these ids is as published."""
    rules = [rule for rule in configured_groups(now, config) if rule.active]
    meanings = {attribute.name: attribute.semantic for attribute in merged.attributes}
    before = now.arrow(now.table(GROUPS).select("group", "group_id", "profile_id")) if now.has(GROUPS) else None
    mine, stated = merged.profiles, parse_stated(config.values)
    if instead_of is None or not rules:
        found = group_people(mine, meanings, rules, config.default_country, before, redirects, stated)
        return Regrouped(_with_columns(mine, found), pa.array([], pa.string()), found.members, found.report)
    needed = ["profile_id", *columns_needed(mine.column_names, meanings, rules)]
    published = now.table(PROFILES)
    gone = ibis.memtable(pa.table({"profile_id": instead_of}))
    rest = now.arrow(published.anti_join(gone, "profile_id").select(*needed, *_made(rules)))
    ours = mine.select(needed)
    every = pa.concat_tables([ours, rest.select(needed).cast(ours.schema)])
    found = group_people(every, meanings, rules, config.default_country, before, redirects, stated)
    others = _changed(rest, found, ours.num_rows)
    same = now.table(PROFILES).semi_join(ibis.memtable(pa.table({"profile_id": others})), "profile_id")
    rows = pa.concat_tables([mine, now.arrow(same).select(mine.column_names).cast(mine.schema)])
    place = pc.index_in(
        rows.column("profile_id").combine_chunks(), value_set=every.column("profile_id").combine_chunks()
    )
    columns = {name: column.take(place) for name, column in found.columns.items()}
    whole = _with_columns(rows, Grouped(columns, found.members, found.report))
    return Regrouped(whole.sort_by("profile_id"), others, found.members, found.report)


def _made(rules: list[Any]) -> list[str]:
    return [f"{rule.name}_{part}" for rule in rules for part in ("id", "size")]


def _with_columns(profiles: pa.Table, found: Grouped) -> pa.Table:
    for name, column in found.columns.items():
        profiles = profiles.append_column(name, column)
    return profiles


def _changed(rest: pa.Table, found: Grouped, start: int) -> pa.Array:
    """Who is in another group, or in one of another size, than is published."""
    changed = pa.array(np.zeros(rest.num_rows, bool))
    for name, column in found.columns.items():
        now, was = column.slice(start), rest.column(name).combine_chunks().cast(column.type)
        differs = pc.fill_null(pc.not_equal(now, was), False)
        changed = pc.or_(changed, pc.or_(differs, pc.xor(pc.is_null(now), pc.is_null(was))))
    return rest.column("profile_id").combine_chunks().filter(changed)
