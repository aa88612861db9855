"""Records that alone make nobody a customer: of tables that only add to people whom another table knows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from profiles.unify.matching.graph import Labels
from profiles.unify.merging.identify import Identity
from profiles.unify.merging.merge import Merged
from profiles.unify.pairs.grouping import Mask
from profiles.unify.reading.records import TableInput


def of_customers(
    table_index: npt.NDArray[np.int16], tables: Sequence[TableInput], clusters: Labels, only_matched: Collection[str]
) -> Mask:
    """Which records belong to a customer: their cluster has a record of a table that is not in `only_matched`."""
    if not only_matched:
        return np.ones(len(table_index), bool)
    counts = np.array([table.name not in only_matched for table in tables], bool)
    marked = np.zeros(len(clusters), bool)
    marked[clusters[counts[table_index]]] = True
    found: Mask = marked[clusters]
    return found


def without(merged: Merged, ids: pa.Array) -> Merged:
    """Without the people who have these ids."""
    if not len(ids):
        return merged
    kept = [t.filter(pc.invert(pc.is_in(t.column("profile_id"), ids))) for t in (merged.profiles, merged.provenance)]
    return Merged(kept[0], kept[1], merged.attributes)


def told(identity: Identity, unseen_before: pa.Array | None, unseen: pa.Array) -> pa.Table:
    """Events of ids of customers: `unseen_before`, `unseen` are those of nobody."""
    before = set() if unseen_before is None else set(unseen_before.to_pylist())
    if not before and not len(unseen):
        return identity.events
    is_merge = pc.equal(identity.events.column("kind"), "merge")
    other = identity.events.column("other_id")
    never = pa.array(sorted(before), pa.string())
    hidden = pc.if_else(is_merge, pc.is_in(other, never), pc.is_in(other, unseen))
    return identity.events.filter(pc.invert(hidden))


@dataclass(frozen=True)
class Numbers:
    """How many people and records make no customer, and how many records of each table."""

    people: int
    records: int
    per_table: list[int]


def numbers(table_index: npt.NDArray[np.int16], clusters: Labels, customers: Mask, tables: int) -> Numbers:
    per_table = np.bincount(table_index[~customers], minlength=tables).tolist()
    return Numbers(len(np.unique(clusters[~customers])), sum(per_table), per_table)
