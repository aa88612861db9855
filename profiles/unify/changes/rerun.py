"""The way from what changed to people: as a full run goes, for those alone whom a change can concern."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from profiles.unify.changes.incremental import Index, State, Updated, shared, update
from profiles.unify.matching.decisions import tell
from profiles.unify.matching.graph import Labels
from profiles.unify.merging import unmatched
from profiles.unify.merging.identify import identify
from profiles.unify.merging.leading import HOLDERS
from profiles.unify.merging.merge import merge
from profiles.unify.merging.unmatched import of_customers
from profiles.unify.pairs.grouping import Mask
from profiles.unify.reading import compared
from profiles.unify.reading.compared import KEYS, PROFILE
from profiles.unify.reading.keys import keyed, record_names, unkeyed
from profiles.unify.reading.part import with_rows
from profiles.unify.reading.records import Records, TableInput
from profiles.unify.run import Progress, Result, joined_by, links_of, nobody_asks, report
from profiles.unify.setup import Setup


@dataclass(frozen=True, kw_only=True)
class Rerun(Result):
    """Of changes. `merged` and `links` are only of the people whom they concern, whose records are `again`,
    and `gone` the ids that these had before; everybody else is as before. The rest is of all records."""

    gone: pa.Array
    again: Index


def rerun(
    state: State,
    tables: Sequence[TableInput],
    gone: Mask,
    setup: Setup,
    whole_rows: Callable[[pa.Table], Sequence[TableInput]],
    changed_at: Callable[[Records], pa.Array],
    former: pa.Table | None = None,
    progress: Progress = nobody_asks,
) -> Rerun:
    """`tables`: all, each with its new and changed rows alone; `gone`: which records of before are changed or deleted.
    `whole_rows` gives all columns of some records, named by `source`, `table`, `record_id`."""
    found = update(state, tables, setup, gone, lambda percent: progress(percent, ""))
    again = np.flatnonzero(found.again)
    old = state.compared.column(PROFILE).combine_chunks()
    mine = _concerned(state, found, gone)
    concerned, others = old.filter(mine).unique(), old.filter(pc.invert(mine))
    before = keyed(state.compared.select([*KEYS, PROFILE]).filter(mine))
    names = record_names(found.records, again)
    hidden = _unseen(
        old, compared.table_index(state.compared, [table.name for table in tables]), tables, state.clusters, setup
    )
    customers = of_customers(found.records.table_index, tables, found.clusters, setup.only_matched)
    identity = identify(
        names,
        found.clusters[again],
        before,
        keyed(former, "turn"),
        others,
        hidden,
        customers[again],
        lambda keys: _holders(keys, old, found, customers),
    )
    progress(65, "")
    ids = _spread(old, found, again, identity.profile_ids)
    rules, how = state.learned.rules, joined_by(found.records, found.matches, found.clusters)
    records = with_rows(found.part, whole_rows(found.compared.select(KEYS).take(pa.array(again))))
    unseen = _unseen(ids, found.records.table_index, tables, found.clusters, setup)
    events = unmatched.told(identity, hidden, unseen)
    told = report(found.records, found.matches, found.clusters, how, customers)
    return Rerun(
        merged=unmatched.without(merge(records, identity.profile_ids, changed_at(records), setup.merge), unseen),
        gone=concerned,
        again=again,
        links=links_of(found.records, identity.profile_ids, rules, found.matches, how, found.answers, customers, again),
        redirects=identity.redirects,
        back=identity.back,
        former=unkeyed(identity.former),
        events=events,
        report=told | {"decisions": tell(found.answers)},
        compared=found.compared.append_column(PROFILE, ids),
        matches=found.matches,
        clusters=found.clusters,
    )


def _holders(keys: pa.Array, old: pa.Array, found: Updated, customers: Mask) -> pa.Table:
    """Who has these records, which were not looked at again; deleted ones are left out."""
    ids = found.records.record_ids
    alike = np.flatnonzero(pc.is_in(ids, value_set=unkeyed(pa.table([keys], ["key"])).column("record_id")))
    names = record_names(found.records, alike)
    mine = pc.is_in(names, value_set=keys)
    rows = alike[mine.to_numpy(zero_copy_only=False)]
    owners = old.take(pa.array(found.origin[rows]))
    return pa.table([names.filter(mine), owners, pa.array(customers[rows])], schema=HOLDERS)


def _concerned(state: State, found: Updated, gone: Mask) -> pa.Array:
    """Which records of before belonged to people whom the changes concern."""
    chosen = gone.copy()
    chosen[found.origin[found.again & (found.origin >= 0)]] = True
    return pa.array(shared(state.clusters, chosen))


def _unseen(
    ids: pa.Array, table_index: npt.NDArray[np.int16], tables: Sequence[TableInput], clusters: Labels, setup: Setup
) -> pa.Array:
    """The ids of no customer."""
    return ids.filter(pa.array(~of_customers(table_index, tables, clusters, setup.only_matched))).unique()


def _spread(old: pa.Array, found: Updated, again: Index, ids: pa.Array) -> pa.Array:
    """The profile id of every record: a new one for whom was looked at again, that of before for all others."""
    every = pa.concat_arrays([old, ids])
    place = found.origin.copy()
    place[again] = len(old) + np.arange(len(again))
    return every.take(pa.array(place))
