"""The whole way from source tables to people, with the numbers of every step."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from profiles.unify.config.rules import MatchRule, compared_in_rules
from profiles.unify.judging.questions import questions
from profiles.unify.matching.cluster import Guarded, guarded, obey
from profiles.unify.matching.decisions import Decided, decided, tell
from profiles.unify.matching.graph import Labels, components
from profiles.unify.matching.match import Matches, match
from profiles.unify.matching.suggest import suggest
from profiles.unify.merging import unmatched
from profiles.unify.merging.identify import identify
from profiles.unify.merging.merge import Merged, merge
from profiles.unify.merging.unmatched import of_customers
from profiles.unify.pairs.cost import refuse_too_costly
from profiles.unify.pairs.grouping import Mask
from profiles.unify.reading.compared import PROFILE, as_table
from profiles.unify.reading.hubs import set_hubs_aside
from profiles.unify.reading.keys import keyed, record_names, unkeyed
from profiles.unify.reading.plain import plain_columns
from profiles.unify.reading.records import Records, TableInput, read_records
from profiles.unify.setup import NO_PAST, Past, Setup
from profiles.unify.values.readings import Readings, orders_of
from profiles.unify.weighing.evidence import Evidence
from profiles.unify.weighing.learned import Learned

SAMPLES_PER_RULE = 20
HUBS_SHOWN = 50
# How a record joined that no rule ties to anybody: in place of the rule's name.
DECIDED = "decision"
Progress = Callable[[int, str], None]


def nobody_asks(percent: int, step: str) -> None:
    """Progress that goes nowhere."""


@dataclass(frozen=True, kw_only=True)
class Result:
    """`merged`: people. `links`: one row per record, sorted by profile id. `redirects`: gone ids that lead elsewhere
    than before, `back`: those that live again, `former`: whose the gone ones were. `events`: what happened to ids since
    the last run. `report`: JSON. `compared` (with `profile_id`), `matches` and `clusters` are what a later run can go
    on from."""

    merged: Merged
    links: pa.Table
    redirects: dict[str, str]
    back: list[str]
    former: pa.Table
    events: pa.Table
    report: dict[str, Any]
    compared: pa.Table
    matches: Matches
    clusters: Labels


@dataclass(frozen=True, kw_only=True)
class Unified(Result):
    """Of everything. `questions`: pairs for people to decide. `learned`: for later runs."""

    questions: pa.Table
    learned: Learned


def prepare(tables: Sequence[TableInput], setup: Setup, progress: Progress = nobody_asks) -> Records:
    """Records with comparable values, hubs set aside."""
    return set_hubs_aside(read_all(tables, setup, progress), setup.country, setup.stated)


def read_all(
    tables: Sequence[TableInput],
    setup: Setup,
    progress: Progress = nobody_asks,
    readings: Readings | None = None,
) -> Records:
    """Records with comparable values, before hubs are set aside. Rules name what is compared in their own way.
    `readings`: how columns were read in the last full run, where these are some of the records."""
    by_evidence = setup.rules is None or any(rule.asks_for_evidence for rule in setup.rules)
    wanted = compared_in_rules(setup.rules or ())
    known = {one.feature for one in wanted}
    wanted += [one for one in plain_columns(tables) if by_evidence and one.feature not in known]
    return read_records(tables, setup.country, wanted, lambda name: progress(10, name), setup.stated, readings)


@dataclass(frozen=True, kw_only=True)
class Matched:
    """What rules and evidence make of records, before people's decisions. `table`: as `compared.as_table` has them."""

    table: pa.Table
    records: Records
    evidence: Evidence
    rules: tuple[MatchRule, ...]
    matches: Matches
    people: Guarded
    learned: Learned


def unify(
    tables: Sequence[TableInput],
    setup: Setup,
    changed_at: Callable[[Records], pa.Array],
    past: Past = NO_PAST,
    progress: Progress = nobody_asks,
    learned: Learned | None = None,
) -> Unified:
    """`progress` may raise to cancel. `learned`: the weights and rules of an earlier run, in place of new ones. Raises
    TooManyPairs before anything is compared."""
    return concluded(matched(tables, setup, progress, learned), setup, changed_at, past, progress)


def matched(
    tables: Sequence[TableInput], setup: Setup, progress: Progress = nobody_asks, learned: Learned | None = None
) -> Matched:
    """The first half of `unify`."""
    setup = replace(setup, rules=learned.rules) if learned else setup
    plain = read_all(tables, setup, progress, learned.readings if learned else None)
    table, records = as_table(plain), set_hubs_aside(plain, setup.country, setup.stated)
    if learned is None:
        refuse_too_costly(records, setup.rules or ())
    progress(25, "")
    evidence = Evidence(records, learned)
    rules = tuple(suggest(evidence)) if setup.rules is None else setup.rules
    matches = match(records, rules, evidence, lambda rule, done, total: progress(30 + 30 * done // total, rule.name))
    progress(60, "")
    known = evidence.learned(rules)
    people = guarded(records, matches, rules, evidence)
    return Matched(
        table=table, records=records, evidence=evidence, rules=rules, matches=matches, people=people, learned=known
    )


def concluded(
    found: Matched,
    setup: Setup,
    changed_at: Callable[[Records], pa.Array],
    past: Past = NO_PAST,
    progress: Progress = nobody_asks,
) -> Unified:
    """The second half: decisions obeyed, ids given, values merged."""
    records, matches, rules, people = found.records, found.matches, found.rules, found.people
    names = record_names(records)
    answers = decided(setup.decisions, names)
    clusters = obey(people, matches, answers)
    customers = of_customers(records.table_index, records.tables, clusters, setup.only_matched)
    identity = identify(
        names, clusters, keyed(past.ids), keyed(past.former, "turn"), unseen=past.unseen, customers=customers
    )
    unseen = identity.profile_ids.filter(pa.array(~customers)).unique()
    events = unmatched.told(identity, past.unseen, unseen)
    asked = questions(found.evidence, matches, people, clusters, answers, names, identity.profile_ids)
    told: dict[str, Any] = {"torn": torn(records, matches, people), "decisions": tell(answers)}
    told |= {"strata": [asdict(stratum) for stratum in asked.strata], "dates": orders_of(records.readings)}
    progress(65, "")
    merged = merge(records, identity.profile_ids, changed_at(records), setup.merge)
    how = joined_by(records, matches, clusters)
    return Unified(
        links=links_of(records, identity.profile_ids, rules, matches, how, answers, customers),
        merged=unmatched.without(merged, unseen),
        redirects=identity.redirects,
        back=identity.back,
        former=unkeyed(identity.former),
        events=events,
        questions=asked.table,
        report=report(records, matches, clusters, how, customers) | told,
        compared=found.table.append_column(PROFILE, identity.profile_ids),
        matches=matches,
        clusters=clusters,
        learned=found.learned,
    )


def joined_by(records: Records, matches: Matches, clusters: Labels) -> npt.NDArray[np.int64]:
    """Per record its strongest match inside its cluster, −1 for none."""
    inside = np.flatnonzero(clusters[matches.left] == clusters[matches.right])
    order = inside[np.lexsort((-matches.score[inside], matches.rule[inside]))]
    ends = np.stack([matches.left[order], matches.right[order]], axis=1).ravel()
    found = np.full(records.count, -1, np.int64)
    found[ends[::-1]] = np.repeat(order, 2)[::-1]  # the last one that is set stays: the strongest
    return found


def links_of(
    records: Records,
    profile_ids: pa.Array,
    rules: Sequence[MatchRule],
    matches: Matches,
    how: npt.NDArray[np.int64],
    answers: Decided,
    customers: Mask,
    rows: npt.NDArray[np.int64] | None = None,
) -> pa.Table:
    """Of the records of customers, all or those of `rows`, sorted by profile id. `profile_ids` are theirs; `customers`
    is of all records."""
    chosen = np.arange(records.count) if rows is None else rows
    table, how = pa.array(records.table_index[chosen]), how[chosen]
    names = pa.array([rule.name for rule in rules], pa.string())
    alone = how < 0
    rule = pa.array(matches.rule[how] if len(matches.rule) else np.zeros(len(how), np.int16), mask=alone)
    score = matches.score[how] if len(matches.score) else np.zeros(len(how), np.float32)
    links = pa.table(
        {
            "source": pa.array([t.source for t in records.tables], pa.string()).take(table),
            "table": pa.array([t.table for t in records.tables], pa.string()).take(table),
            "record_id": records.record_ids.take(pa.array(chosen)),
            "profile_id": profile_ids,
            "rule": _or_decided(names.take(rule), answers, records.count, chosen),
            "score": pa.array(score.astype(np.float64), mask=alone),
        }
    )
    seen = customers[chosen]
    links = links if seen.all() else links.filter(pa.array(seen))
    return links.take(pc.sort_indices(links, [("profile_id", "ascending")]))


def _or_decided(rules: pa.Array, answers: Decided, count: int, rows: npt.NDArray[np.int64]) -> pa.Array:
    """Who is tied to nobody by a rule, but by a person's decision."""
    joined = np.zeros(count, bool)
    joined[answers.join_left] = joined[answers.join_right] = True
    return pc.if_else(pc.and_(pc.is_null(rules), pa.array(joined[rows])), DECIDED, rules)


def torn(records: Records, matches: Matches, people: Guarded) -> int:
    """Clusters that the guard took apart."""
    chained = components(records.count, matches.left, matches.right)
    return len(np.unique(chained[chained != people.labels]))


def report(
    records: Records,
    matches: Matches,
    clusters: Labels,
    how: npt.NDArray[np.int64],
    customers: Mask,
) -> dict[str, Any]:
    """`people` are customers; `unmatched` tells of everybody else."""
    size = np.bincount(clusters[customers], minlength=records.count)
    alone = unmatched.numbers(records.table_index, clusters, customers, len(records.tables))
    rows_of = np.bincount(records.table_index, minlength=len(records.tables))
    found, spread = [], np.zeros(records.count, np.int64)
    for number in range(len(records.tables)):
        marked = np.zeros(records.count, bool)
        marked[clusters[records.table_index == number]] = True
        found.append(int(np.count_nonzero(marked)))
        spread += marked
    used = matches.rule[how[how >= 0]]
    chained = components(records.count, matches.left, matches.right)
    return {
        "records": records.count,
        "tables": [
            {"table": t.name, "records": int(rows), "people": people, "unmatched": left}
            for t, rows, people, left in zip(records.tables, rows_of, found, alone.per_table, strict=True)
        ],
        "after_deduplication": sum(found),
        "people": int((size > 0).sum()),
        "unmatched": {"people": alone.people, "records": alone.records},
        "people_in_several_tables": int((spread > 1).sum()),
        "people_with_several_records": int((size > 1).sum()),
        "largest": int(size.max(initial=0)),
        "torn": len(np.unique(chained[chained != clusters])),
        "pairs": len(matches.left),
        "rules": [
            asdict(result) | {"records": int((used == n).sum()), "samples": _samples(records, matches, n)}
            for n, result in enumerate(matches.rules)
        ],
        "hubs": [asdict(hub) for hub in records.hubs[:HUBS_SHOWN]],
        "hub_count": len(records.hubs),
    }


def _samples(records: Records, matches: Matches, rule: int) -> list[list[Any]]:
    """Pairs that only this rule found, spread over all of them: [table, record id, table, record id, score]."""
    mine = np.flatnonzero(matches.rule == rule)
    chosen = mine[np.linspace(0, len(mine) - 1, min(SAMPLES_PER_RULE, len(mine))).astype(np.int64)]
    found = []
    for pair in chosen.tolist():
        one, other = int(matches.left[pair]), int(matches.right[pair])
        found.append([*_name(records, one), *_name(records, other), round(float(matches.score[pair]), 3)])
    return found


def _name(records: Records, record: int) -> tuple[str, str]:
    return records.tables[int(records.table_index[record])].name, records.record_ids[record].as_py()
