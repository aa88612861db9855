"""What other settings would change, on a sample of the people who have several records."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import ibis
import pyarrow as pa

from lake.queries import Snapshot
from profiles.config.setup import setup_of
from profiles.inputs import state
from profiles.inputs.mapping import changed_at, input_of, key_text
from profiles.models import Profile, Unification
from profiles.tables import LINKS
from profiles.unify.config.policies import MergeSettings
from profiles.unify.merging.merge import Merged, merge
from profiles.unify.reading.records import Records
from profiles.unify.run import read_all

SAMPLE = 2_000
EXAMPLES = 8


@dataclass(frozen=True)
class Change:
    """One value of one person as it would be shown; None: nothing."""

    profile_id: str
    name: str
    attribute: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Preview:
    """Of `sampled` people, `changed` would show another value; where everybody was looked at, `is_whole`."""

    sampled: int
    changed: int
    is_whole: bool
    examples: list[Change]

    @property
    def share(self) -> float:
        return self.changed / self.sampled if self.sampled else 0.0


def preview(
    now: Snapshot, config: Unification, before: MergeSettings, after: MergeSettings, names: Collection[str]
) -> Preview:
    """Compares these attributes under two settings. Who is who stays as in the last run. About a second."""
    if not now.has(LINKS):
        return Preview(0, 0, True, [])
    links = now.table(LINKS)
    several = links.group_by("profile_id").agg(records=links.count()).filter(lambda row: row.records > 1)
    chosen = several.order_by("profile_id").limit(SAMPLE).select("profile_id")
    rows = now.arrow(links.semi_join(chosen, "profile_id").select("source", "table", "record_id", "profile_id"))
    records, ids = _records(now, config, rows)
    one = merge(records, ids, changed_at(now, before.recency)(records), before)
    other = merge(records, ids, changed_at(now, after.recency)(records), after)
    sampled = one.profiles.num_rows
    return _compared(one, other, sorted(names), sampled < SAMPLE)


def _records(now: Snapshot, config: Unification, links: pa.Table) -> tuple[Records, pa.Array]:
    inputs, owner = [], {}
    for row in links.to_pylist():
        owner[f"{row['source']}.{row['table']}", row["record_id"]] = row["profile_id"]
    for name in [name for name in config.tables if now.has(name)]:
        info, source = now.info(name), now.table(name)
        keys = pa.array([record for table, record in owner if table == name], pa.string())
        wanted = ibis.memtable(pa.table({"kindred_key": keys}))
        found = source.mutate(kindred_key=key_text(source, info.key)).semi_join(wanted, "kindred_key")
        data = now.arrow(found.drop("kindred_key"))
        inputs.append(input_of(info, data))
    records = read_all(inputs, setup_of(config), readings=state.readings(now))
    tables = [table.name for table in records.tables]
    places = zip(records.table_index.tolist(), records.record_ids.to_pylist(), strict=True)
    return records, pa.array([owner[tables[table], record] for table, record in places], pa.string())


def _compared(one: Merged, other: Merged, names: list[str], is_whole: bool) -> Preview:
    found: list[Change] = []
    ids = one.profiles.column("profile_id").to_pylist()
    for name in names:
        sides = [
            side.profiles.column(name).to_pylist() if name in side.profiles.column_names else [None] * len(ids)
            for side in (one, other)
        ]
        found += [Change(pk, "", name, a, b) for pk, a, b in zip(ids, *sides, strict=True) if a != b]
    people = list(dict.fromkeys(change.profile_id for change in found))
    shown = set(people[:EXAMPLES])
    known = Profile.objects.filter(pk__in=shown).defer("attributes", "search", "identifiers").in_bulk()
    examples = [
        Change(c.profile_id, str(known.get(c.profile_id, c.profile_id)), c.attribute, c.before, c.after)
        for c in found
        if c.profile_id in shown
    ]
    return Preview(len(ids), len(people), is_whole, examples)
