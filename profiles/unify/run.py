"""The whole way from source tables to people, with the numbers of every step."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from profiles.unify.cluster import Labels, cluster, components
from profiles.unify.compared import PROFILE, as_table
from profiles.unify.evidence import Evidence
from profiles.unify.hubs import set_hubs_aside
from profiles.unify.identify import identify
from profiles.unify.learned import Learned
from profiles.unify.match import Matches, match
from profiles.unify.merge import Merged, merge
from profiles.unify.records import Records, TableInput, read_records
from profiles.unify.rules import MatchRule, compared_in_rules
from profiles.unify.stated import NOTHING, Stated
from profiles.unify.suggest import suggest

SAMPLES_PER_RULE = 20
HUBS_SHOWN = 50
# Separates a table's name from the record id in the text that names a record; neither can hold it.
SEPARATOR = "\x1f"
Progress = Callable[[int, str], None]


@dataclass(frozen=True)
class Unified:
    """`links`: one row per record, sorted by profile id. `redirects`: gone ids. `report`: JSON. `compared` (with
    `profile_id`), `matches` and `learned` are what a later run can go on from."""

    links: pa.Table
    merged: Merged
    redirects: dict[str, str]
    report: dict[str, Any]
    compared: pa.Table
    matches: Matches
    learned: Learned


def prepare(
    tables: Sequence[TableInput],
    country: str,
    rules: Sequence[MatchRule] | None,
    progress: Progress,
    stated: Stated = NOTHING,
) -> Records:
    """Records with comparable values, hubs set aside. `rules` name what is compared in their own way."""
    return set_hubs_aside(read_all(tables, country, rules, progress, stated), country, stated)


def read_all(
    tables: Sequence[TableInput],
    country: str,
    rules: Sequence[MatchRule] | None,
    progress: Progress,
    stated: Stated = NOTHING,
) -> Records:
    """Records with comparable values, before hubs are set aside."""
    return read_records(tables, country, compared_in_rules(rules or ()), lambda name: progress(10, name), stated)


def unify(
    tables: Sequence[TableInput],
    country: str,
    rules: Sequence[MatchRule] | None,
    changed_at: Callable[[Records], pa.Array],
    before: pa.Table | None = None,
    progress: Progress = lambda percent, step: None,
    learned: Learned | None = None,
    stated: Stated = NOTHING,
) -> Unified:
    """`rules` None: suggested from the data. `before`: the links of the last run. `progress` may raise to cancel.
    `learned`: the weights and rules of an earlier run, in place of new ones.
    `stated`: aliases, ignored and trusted values."""
    rules = learned.rules if learned else rules
    plain = read_all(tables, country, rules, progress, stated)
    table, records = as_table(plain), set_hubs_aside(plain, country, stated)
    progress(25, "")
    evidence = Evidence(records, learned)
    rules = suggest(evidence) if rules is None else rules
    matches = match(records, rules, evidence, lambda rule, done, total: progress(30 + 30 * done // total, rule.name))
    progress(60, "")
    clusters = cluster(records, matches, rules, evidence)
    identity = identify(record_names(records), clusters, _names_before(before))
    progress(65, "")
    merged = merge(records, identity.profile_ids, changed_at(records))
    how = joined_by(records, matches, clusters)
    return Unified(
        links=links_of(records, identity.profile_ids, rules, matches, how),
        merged=merged,
        redirects=identity.redirects,
        report=report(records, rules, matches, clusters, how),
        compared=table.append_column(PROFILE, identity.profile_ids),
        matches=matches,
        learned=evidence.learned(rules),
    )


def record_names(records: Records, rows: npt.NDArray[np.int64] | None = None) -> pa.Array:
    """Table and record id, of all records or of some: unique over all tables."""
    chosen = np.arange(records.count) if rows is None else rows
    names = pa.array([table.name for table in records.tables], pa.string())
    table = names.take(pa.array(records.table_index[chosen]))
    return pc.binary_join_element_wise(table, records.record_ids.take(pa.array(chosen)), SEPARATOR)


def _names_before(links: pa.Table | None) -> pa.Table | None:
    if links is None:
        return None
    table = pc.binary_join_element_wise(links.column("source"), links.column("table"), ".")
    key = pc.binary_join_element_wise(table, links.column("record_id"), SEPARATOR)
    return pa.table({"key": key, "profile_id": links.column("profile_id")})


def joined_by(records: Records, matches: Matches, clusters: Labels) -> npt.NDArray[np.int64]:
    """Per record its strongest match inside its cluster, −1 for none."""
    inside = np.flatnonzero(clusters[matches.left] == clusters[matches.right])
    order = inside[np.lexsort((-matches.score[inside], matches.rule[inside]))]
    ends = np.stack([matches.left[order], matches.right[order]], axis=1).ravel()
    found = np.full(records.count, -1, np.int64)
    touched, first = np.unique(ends, return_index=True)
    found[touched] = order[first // 2]
    return found


def links_of(
    records: Records, profile_ids: pa.Array, rules: Sequence[MatchRule], matches: Matches, how: npt.NDArray[np.int64]
) -> pa.Table:
    table = pa.array(records.table_index)
    names = pa.array([rule.name for rule in rules], pa.string())
    alone = how < 0
    rule = pa.array(matches.rule[how] if len(matches.rule) else np.zeros(len(how), np.int16), mask=alone)
    score = matches.score[how] if len(matches.score) else np.zeros(len(how), np.float32)
    links = pa.table(
        {
            "source": pa.array([t.source for t in records.tables], pa.string()).take(table),
            "table": pa.array([t.table for t in records.tables], pa.string()).take(table),
            "record_id": records.record_ids,
            "profile_id": profile_ids,
            "rule": names.take(rule),
            "score": pa.array(score.astype(np.float64), mask=alone),
        }
    )
    return links.take(pc.sort_indices(links, [("profile_id", "ascending")]))


def report(
    records: Records,
    rules: Sequence[MatchRule],
    matches: Matches,
    clusters: Labels,
    how: npt.NDArray[np.int64],
) -> dict[str, Any]:
    size = np.bincount(clusters, minlength=records.count)
    rows_of = np.bincount(records.table_index, minlength=len(records.tables))
    tables = [np.unique(clusters[records.table_index == n]) for n in range(len(records.tables))]
    spread = np.bincount(np.concatenate([np.array([], np.int64), *tables]), minlength=records.count)
    used = matches.rule[how[how >= 0]]
    chained = components(records.count, matches.left, matches.right)
    return {
        "records": records.count,
        "tables": [
            {"table": t.name, "records": int(rows), "people": len(found)}
            for t, rows, found in zip(records.tables, rows_of, tables, strict=True)
        ],
        "after_deduplication": sum(map(len, tables)),
        "people": int((size > 0).sum()),
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
