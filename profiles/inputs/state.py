"""How the last run of unification ended, kept in the lake, so that the next one need only look at what changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import ibis
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.errors import NotFound
from lake.queries import Snapshot
from lake.services import Stage
from lake.specs import TableSpec
from profiles.inputs import kept, last_customers
from profiles.inputs.mapping import HASH, hashed, input_of, key_text, split_name
from profiles.models import UnificationRun
from profiles.tables import PROFILES
from profiles.unify.changes.incremental import State
from profiles.unify.changes.rerun import Rerun
from profiles.unify.matching.match import Matches, RuleResult
from profiles.unify.pairs.grouping import Mask
from profiles.unify.reading import compared
from profiles.unify.reading.records import Codes, TableInput
from profiles.unify.run import Result
from profiles.unify.values import readings as reading
from profiles.unify.values.readings import Readings
from profiles.unify.values.sets import among
from profiles.unify.weighing import frequencies
from profiles.unify.weighing.learned import Learned, from_json

COMPARED, PAIRS, FREQUENCIES = "unified.compared", "unified.pairs", "unified.frequencies"
DECIDED, READINGS = "unified.decided", "unified.readings"
DECISIONS = pa.schema(
    [(name, pa.string()) for name in ("left_table", "left_id", "right_table", "right_id", "verdict")]
    + [("at", pa.int64())]
)
# What is kept beside the tables: the rows of `compared` with their numbers, whose record each is, pairs of these,
# people's groups, and what is frequent.
RECORDS, CLUSTERS, MATCHES, PEOPLE = "records", "clusters", "matches", "people"
FREQUENT = "frequencies"
RECORD = "record_id"
WAS = "__hash_before"


@dataclass(frozen=True)
class Changes:
    """`tables`: all of them, each with its new and changed rows alone; `gone`: which records of the last run were
    changed or deleted."""

    tables: list[TableInput]
    gone: Mask

    @property
    def rows(self) -> int:
        fresh: int = sum(table.data.num_rows for table in self.tables)
        return max(fresh, int(np.count_nonzero(self.gone)))


def write(
    work: Stage,
    result: Result,
    learned: Learned,
    decisions: pa.Table | None = None,
    beside: Mapping[str, pa.Table] = MappingProxyType({}),
    last: str = "",
) -> str:
    """`decisions`: those that were obeyed; `beside`: what else is kept beside the tables. After a run of changes, which
    went on from what is kept by the name `last`, only rows of whom they concern are written; what was learned is as it
    was. Returns the name of what is kept now."""
    again = result.again if isinstance(result, Rerun) else None
    rows = result.compared if again is None else result.compared.take(pa.array(again))
    whole = TableSpec(COMPARED, gettext_noop("Compared values"), gettext_noop("source record"))
    replaced = result.gone if isinstance(result, Rerun) else None
    put(work, whole, rows, replaced)
    pairs = TableSpec(PAIRS, gettext_noop("Matched pairs"), gettext_noop("pair of source records"))
    put(work, pairs, _pairs(result, learned, again), replaced)
    known = dict(beside)
    if again is None:
        frequent = TableSpec(FREQUENCIES, gettext_noop("Frequent values"), gettext_noop("kind of value and value"))
        known[FREQUENT] = frequencies.as_table(learned.frequencies)
        work.write(frequent, known[FREQUENT])
        read_of = TableSpec(
            READINGS, gettext_noop("Readings of columns"), gettext_noop("column and what was read of it")
        )
        work.write(read_of, reading.as_table(learned.readings))
    obeyed = TableSpec(DECIDED, gettext_noop("Decisions obeyed"), gettext_noop("pair of source records"))
    work.write(obeyed, DECISIONS.empty_table() if decisions is None else decisions.select(DECISIONS.names))
    known |= {RECORDS: result.compared, MATCHES: _as_table(result.matches)}
    known[CLUSTERS] = pa.table({"cluster": pa.array(result.clusters)})
    as_before = [] if again is None else [FREQUENT]
    if last_customers.SINCE in known:  # without what changed since, everybody is not who they are now
        as_before.append(last_customers.EVERYBODY)
    return kept.write(known, as_before, last)


def put(work: Stage, spec: TableSpec, rows: pa.Table, replaced: pa.Array | None, sort_by: Sequence[str] = ()) -> None:
    """A table with `profile_id`: whole, in the order of `rows`, or in place of the rows of the ids `replaced`; then
    `sort_by` tells what that order was."""
    if replaced is None:
        work.write(spec, rows)
    else:
        work.patch(spec, rows, compared.PROFILE, replaced, sort_by)


def written(now: Snapshot) -> dict[str, int | None]:
    """The versions of what `read` goes by."""
    return {name: now.version_of(name) for name in (PROFILES, COMPARED, PAIRS, FREQUENCIES, READINGS, DECIDED)}


def _pairs(result: Result, learned: Learned, again: npt.NDArray[np.int64] | None) -> pa.Table:
    """By the names of the records, with the profile id of the left one. Both ends of a pair are looked at together."""
    matches, table = result.matches, result.compared
    chosen = np.arange(len(matches.left))
    if again is not None:
        marked = np.zeros(table.num_rows, bool)
        marked[again] = True
        chosen = np.flatnonzero(marked[matches.left])
    left, right = (
        table.select([*compared.KEYS, compared.PROFILE]).take(pa.array(side[chosen])) for side in _ends(matches)
    )
    rules = pa.array([rule.name for rule in learned.rules], pa.string())
    return pa.table(
        {
            compared.PROFILE: left.column(compared.PROFILE),
            "left_table": compared.table_names(left),
            "left_id": left.column("record_id"),
            "right_table": compared.table_names(right),
            "right_id": right.column("record_id"),
            "rule": rules.take(pa.array(matches.rule[chosen])),
            "score": pa.array(matches.score[chosen].astype(np.float64)),
        }
    )


def _ends(matches: Matches) -> tuple[Codes, Codes]:
    return matches.left, matches.right


def _as_table(matches: Matches) -> pa.Table:
    return pa.table({name: pa.array(getattr(matches, name)) for name in ("left", "right", "rule", "score")})


def read(now: Snapshot, basis: dict[str, Any]) -> State | None:
    """None where there is nothing to go on from: no run yet, another `basis` (tables, meanings, rules), tables that are
    not those of the last run, or nothing kept beside them."""
    last = _kept()
    if not last or last["basis"] != basis or last["versions"] != written(now) or None in last["versions"].values():
        return None
    known = {name: kept.read(last.get("kept", ""), name) for name in (RECORDS, MATCHES, CLUSTERS, FREQUENT)}
    table, pairs, clusters, frequent = known.values()
    if table is None or pairs is None or clusters is None:
        return None
    frequent = now.arrow(now.table(FREQUENCIES)) if frequent is None else frequent
    learned = from_json(last["learned"], frequent, readings(now))
    decisions = now.arrow(now.table(DECIDED))
    return State(table, _matches(pairs, last["rules"]), clusters.column(0).to_numpy(), learned, decisions)


def kept_by() -> str:
    """The name of what the last run keeps beside the tables."""
    return str(_kept().get("kept", ""))


def people() -> pa.Table | None:
    """What the last run knew of people's groups; None where that is not kept."""
    return kept.read(kept_by(), PEOPLE)


def last_records(now: Snapshot) -> pa.Table | None:
    """What was compared in the last run, in the order of its records, with `profile_id`. None where nothing is kept of
    it."""
    last = _kept()
    return kept.read(last.get("kept", ""), RECORDS) if last and last["versions"] == written(now) else None


def learned(now: Snapshot) -> Learned:
    """The rules and weights of the last run. Raises NotFound before there was one."""
    last = _kept()
    if not last or not now.has(FREQUENCIES):
        raise NotFound(_("Nobody is unified yet. Run the unification first."))
    return from_json(last["learned"], now.arrow(now.table(FREQUENCIES)), readings(now))


def readings(now: Snapshot) -> Readings:
    """How columns were read in the last full run; none before there was one."""
    return reading.from_table(now.arrow(now.table(READINGS))) if now.has(READINGS) else Readings()


def to_keep(
    basis: dict[str, Any], learned: Learned, matches: Matches, now: Snapshot, changed: int, name: str
) -> dict[str, Any]:
    """For `UnificationRun.state`. `changed`: records that changed since weights were learned; `name`: what `write`
    returned."""
    return {
        "basis": basis,
        "versions": written(now),
        "learned": learned.as_json(),
        "rules": [vars(result) for result in matches.rules],
        "changed": changed,
        "kept": name,
    }


def changed_since_learned() -> int:
    """Records that changed, up to the last run."""
    return int(_kept().get("changed", 0))


def keys_before() -> dict[str, list[str]]:
    """The key of each table in the last run."""
    found: dict[str, list[str]] = _kept().get("basis", {}).get("keys", {})
    return found


def _kept() -> dict[str, Any]:
    last = UnificationRun.objects.first()
    return last.state if last else {}


def _matches(pairs: pa.Table, results: Sequence[dict[str, Any]]) -> Matches:
    left, right, rule, score = (pairs.column(name).to_numpy() for name in ("left", "right", "rule", "score"))
    return Matches(left, right, rule, score, tuple(RuleResult(**result) for result in results))


def changes(now: Snapshot, tables: Sequence[str], before: State) -> Changes:
    """What is new, changed or gone in the source tables since the last run. Rows are compared by their hashes alone."""
    place = compared.table_index(before.compared, tables)
    hashes = before.compared.column(compared.HASH).to_numpy()
    fresh, gone = [], np.ones(len(hashes), bool)
    for number, name in enumerate(tables):
        mine = np.flatnonzero(place == number)
        rows, was = hashed(now.table(name)), ibis.memtable(pa.table({WAS: pa.array(hashes[mine])}))
        both = rows.outer_join(was, rows[HASH] == was[WAS])
        differing = now.arrow(both.filter(both[HASH].isnull() | both[WAS].isnull()))
        fresh.append(input_of(now.info(name), differing.filter(pc.is_valid(differing.column(HASH))).drop_columns(WAS)))
        gone[mine] = among(hashes[mine], differing.column(WAS).drop_null().to_numpy())
    return Changes(fresh, gone)


def rows_of(now: Snapshot, tables: Sequence[str], chosen: pa.Table) -> list[TableInput]:
    """The whole rows of some records; `chosen`: columns `source`, `table`, `record_id`."""
    found = []
    for name in tables:
        info, rows = now.info(name), now.table(name)
        source, table = split_name(name)
        of_table = pc.and_(pc.equal(chosen.column("source"), source), pc.equal(chosen.column("table"), table))
        wanted = ibis.memtable(chosen.filter(of_table).select([RECORD]))
        found.append(input_of(info, now.arrow(rows.semi_join(wanted, key_text(rows, info.key) == wanted[RECORD]))))
    return found
