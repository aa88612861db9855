"""A run that looks at what changed, and comes to the result of a full run with the same learned weights.

Two versions of the records stand in one list: those of before, and the changed and new ones of now. Only pairs with a
record that differs are weighed again, and those in a group that was too large to be compared and no longer is, or the
other way round; only connected groups of records in which a pair came or went are clustered again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from profiles.unify.changes.affected import affected
from profiles.unify.changes.stacked import Stacked, taken
from profiles.unify.matching.cluster import cluster
from profiles.unify.matching.decisions import Decided, decided, nothing_decided
from profiles.unify.matching.graph import Labels, components
from profiles.unify.matching.match import Matches, match
from profiles.unify.pairs.block import Blocks
from profiles.unify.pairs.candidates import no_candidates
from profiles.unify.pairs.grouping import Mask
from profiles.unify.pairs.scope import Scope
from profiles.unify.reading import compared, hubs
from profiles.unify.reading.keys import record_names
from profiles.unify.reading.part import part_of
from profiles.unify.reading.records import Codes, Records, TableInput
from profiles.unify.run import read_all
from profiles.unify.setup import Setup
from profiles.unify.weighing.evidence import Evidence
from profiles.unify.weighing.learned import Learned

Index = npt.NDArray[np.int64]
# Who is connected is found by so many looks at all pairs, before a graph is made of them.
LONGEST_WALK = 20


@dataclass(frozen=True)
class State:
    """How the last run ended. `compared`: its records in their order; `matches`, `clusters`: by their numbers there;
    `decisions`: those that it obeyed."""

    compared: pa.Table
    matches: Matches
    clusters: Labels
    learned: Learned
    decisions: pa.Table | None = None


@dataclass(frozen=True)
class Updated:
    """The records of now with hubs set aside, as they are `compared`, with their pairs and clusters. `again`: those
    that may belong to another person than before, or to one with other values; `part`: these alone. `origin`: per
    record its number in the last run, −1 for one that is new or was changed."""

    records: Records
    compared: pa.Table
    matches: Matches
    clusters: Labels
    again: Mask
    part: Records
    origin: Index
    answers: Decided


def update(
    state: State,
    tables: Sequence[TableInput],
    setup: Setup,
    gone: Mask,
    on_step: Callable[[int], None] = lambda percent: None,
) -> Updated:
    """`tables`: all of them in order of trust, each with its new and changed rows alone. `gone`: which records of the
    last run were changed or deleted. Decisions are those of now, rules those that were learned."""
    learned = state.learned
    plain = read_all(tables, replace(setup, rules=learned.rules), readings=learned.readings)
    stacked = Stacked(
        state.compared,
        compared.as_table(plain),
        gone,
        tables,
        lambda records: hubs.crowded(replace(records, readings=learned.readings), setup.country, setup.stated),
    )
    on_step(30)
    scope = affected(stacked.records, learned, stacked.before, stacked.now, state.matches)
    on_step(40)
    order = stacked.order()
    records = taken(stacked.records, order)
    scope = scope.of(order)
    origin = np.where(order < len(gone), order, -1)
    kept, lost = _kept(state.matches, origin, scope, len(gone))
    found = _matched(records, learned, scope)
    on_step(60)
    matches = _together(kept, found)
    left_behind = np.append(shared(state.clusters, gone), False)[origin]
    answers = _decided(setup.decisions, lambda: record_names(records))
    open_ = scope.touched | lost | left_behind | _reopened(state, answers, origin)
    open_[found.left] = open_[found.right] = True
    again = _connected(*_ties(matches, answers), open_)
    part = part_of(records, np.flatnonzero(again))
    clusters = _clusters(state, part, matches, origin, again, answers)
    return Updated(records, stacked.table_of(order, records), matches, clusters, again, part, origin, answers)


def _kept(matches: Matches, origin: Index, scope: Scope, before: int) -> tuple[Matches, Mask]:
    """The pairs that need no second look, by their numbers of now; and the records that lost one."""
    place = _places(origin, before)
    left, right = place[matches.left], place[matches.right]
    usable = (left >= 0) & (right >= 0)
    usable[usable] &= ~scope.pairs(left[usable], right[usable])
    lost = np.zeros(len(origin) + 1, bool)
    lost[left[~usable]] = lost[right[~usable]] = True  # the last place is of those that are gone
    return replace(
        matches, left=left[usable], right=right[usable], rule=matches.rule[usable], score=matches.score[usable]
    ), lost[:-1]


def _together(kept: Matches, found: Matches) -> Matches:
    """In the order of a full run: by rule, then by records. What rules did is told of both runs."""
    left, right = np.concatenate([kept.left, found.left]), np.concatenate([kept.right, found.right])
    rule, score = np.concatenate([kept.rule, found.rule]), np.concatenate([kept.score, found.score])
    order = np.lexsort((left.astype(np.int64) << 32 | right, rule))  # runs in order merge quickly, of one key
    added = np.bincount(rule, minlength=len(found.rules))
    rules = tuple(
        replace(result, added=int(count)) for result, count in zip(kept.rules or found.rules, added, strict=True)
    )
    return Matches(left[order], right[order], rule[order], score[order], rules)


def shared(clusters: Labels, chosen: Mask) -> Mask:
    """Records in a cluster with a chosen one."""
    marked = np.zeros(len(clusters), bool)
    marked[clusters[chosen]] = True
    found: Mask = marked[clusters]
    return found


def _reopened(state: State, answers: Decided, origin: Index) -> Mask:
    """Records of a decision that holds now and did not in the last run, or the other way round."""
    found = np.zeros(len(origin) + 1, bool)
    before = _decided(state.decisions, lambda: compared.names_of(state.compared))
    if not before.count and not answers.count:
        return found[:-1]
    place = _places(origin, len(state.clusters))
    for was, now in (
        ((before.join_left, before.join_right), (answers.join_left, answers.join_right)),
        ((before.apart_left, before.apart_right), (answers.apart_left, answers.apart_right)),
    ):
        left, right = place[was[0]].astype(np.int64), place[was[1]].astype(np.int64)
        vanished = (left < 0) | (right < 0)
        found[left[vanished]] = found[right[vanished]] = True  # the last place is of those that are gone
        kept = np.minimum(left, right)[~vanished] << 32 | np.maximum(left, right)[~vanished]
        differing = np.setxor1d(kept, now[0].astype(np.int64) << 32 | now[1])
        found[differing >> 32] = found[differing & 0xFFFFFFFF] = True
    return found[:-1]


def _places(origin: Index, before: int) -> Codes:
    """Where each record of before stands now, −1 for one that is gone or was changed."""
    place = np.full(before + 1, -1, np.int32)
    place[origin[origin >= 0]] = np.flatnonzero(origin >= 0)
    return place


def _decided(decisions: pa.Table | None, names: Callable[[], pa.Array]) -> Decided:
    """Names are made for those who decided something: they are many."""
    return decided(decisions, names()) if decisions is not None and decisions.num_rows else nothing_decided()


def _matched(records: Records, learned: Learned, scope: Scope) -> Matches:
    """The pairs in the scope. Only records that have anybody to be compared with are compared."""
    evidence = Evidence(records, learned, scope)
    blocks = Blocks(records, evidence.limits, scope)
    asked = any(rule.asks_for_evidence for rule in learned.rules)
    pairs = [evidence.candidates.as_block()] if asked else []
    pairs += [blocks.of(rule) for rule in learned.rules if rule.active and any(c.is_key for c in rule.when)]
    marked = np.zeros(records.count, bool)
    for block in pairs:
        marked[block.left] = marked[block.right] = True
    rows = np.flatnonzero(marked)
    few = part_of(records, rows)
    place = np.full(records.count, -1, np.int64)
    place[rows] = np.arange(len(rows))
    of_few = Evidence(few, learned, scope.of(rows), evidence.candidates.numbered(place) if asked else None)
    found = match(few, learned.rules, of_few, blocks=blocks.numbered(few, place))
    return replace(found, left=rows[found.left].astype(np.int32), right=rows[found.right].astype(np.int32))


def _ties(matches: Matches, answers: Decided) -> tuple[Codes, Codes]:
    """The ends of all that connects records: pairs that match, and decisions to join."""
    return np.concatenate([matches.left, answers.join_left]), np.concatenate([matches.right, answers.join_right])


def _clusters(state: State, part: Records, matches: Matches, origin: Index, again: Mask, answers: Decided) -> Labels:
    """Clusters of all records: built again of those that are `again`, which are in the `part`."""
    rows = np.flatnonzero(again)
    place = np.full(len(again), -1, np.int32)
    place[rows] = np.arange(len(rows), dtype=np.int32)
    mine = again[matches.left]
    pairs = replace(
        matches,
        left=place[matches.left[mine]],
        right=place[matches.right[mine]],
        rule=matches.rule[mine],
        score=matches.score[mine],
    )
    evidence = Evidence(part, state.learned, known=no_candidates())  # of these, few are asked for
    built = cluster(part, pairs, state.learned.rules, evidence, answers.numbered(place))
    clusters: Codes = _places(origin, len(state.clusters))[np.append(state.clusters, -1)[origin]]
    clusters[rows] = rows[built]
    return clusters.astype(np.int32)


def _connected(left: Codes, right: Codes, chosen: Mask) -> Mask:
    """Who is connected with somebody chosen, over any number of pairs: step by step, for most chains are short."""
    found = chosen.copy()
    for _step in range(LONGEST_WALK):
        one, other = found[left], found[right]
        new = one != other
        if not new.any():
            return found
        found[left[new]] = found[right[new]] = True
    connected = components(len(found), left, right)
    marked = np.zeros(len(found), bool)
    marked[connected[found]] = True
    return marked[connected]
