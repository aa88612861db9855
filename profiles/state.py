"""How the last run of unification ended, kept in the lake, so that the next one need only look at what changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.utils.translation import gettext as _

from core.errors import NotFound
from lake.queries import Snapshot
from lake.services import Stage
from lake.specs import ColumnSpec, TableSpec
from profiles.mapping import HASH, hashed, key_text, split_name, table_input
from profiles.models import UnificationRun
from profiles.unify import compared, frequencies
from profiles.unify import readings as reading
from profiles.unify.graph import Labels
from profiles.unify.grouping import Mask
from profiles.unify.incremental import State
from profiles.unify.learned import Learned, from_json
from profiles.unify.match import Matches, RuleResult
from profiles.unify.readings import Readings
from profiles.unify.records import TableInput

COMPARED, PAIRS, FREQUENCIES = "unified.compared", "unified.pairs", "unified.frequencies"
DECIDED, READINGS = "unified.decided", "unified.readings"
DECISIONS = pa.schema(
    [(name, pa.string()) for name in ("left_table", "left_id", "right_table", "right_id", "verdict")]
    + [("at", pa.int64())]
)
NUMBER = "number"


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
    table: pa.Table,
    matches: Matches,
    learned: Learned,
    decisions: pa.Table | None = None,
    before: Snapshot | None = None,
) -> None:
    """`table`: what was compared, with `profile_id`. `decisions`: those that were obeyed. `before`: the tables from
    which a run of changes went on; what was learned is as it was there, and so, nearly, are statistics of columns."""
    numbers = pa.array(np.arange(table.num_rows, dtype=np.int64))
    labels = {COMPARED: _("Compared values"), PAIRS: _("Matched pairs"), FREQUENCIES: _("Frequent values")}
    labels[READINGS] = _("Readings of columns")
    grains = {
        COMPARED: _("source record"),
        PAIRS: _("pair of source records"),
        FREQUENCIES: _("kind of value and value"),
        READINGS: _("column and what was read of it"),
    }
    found = {COMPARED: table.add_column(0, NUMBER, numbers), PAIRS: _pairs(table, matches, learned)}
    if before is None:
        found[FREQUENCIES] = frequencies.as_table(learned.frequencies)
        found[READINGS] = reading.as_table(learned.readings)
    obeyed = TableSpec(DECIDED, _("Decisions obeyed"), _("pair of source records"))
    work.write(obeyed, DECISIONS.empty_table() if decisions is None else decisions.select(DECISIONS.names))
    for name, rows in found.items():
        work.write(TableSpec(name, labels[name], grains[name], columns=statistics_of(name, before)), rows)


def statistics_of(name: str, before: Snapshot | None) -> list[ColumnSpec]:
    """Columns with the statistics that they had: counted again with the next full run."""
    if before is None or not before.has(name):
        return []
    return [ColumnSpec(c.name, c.type, c.label, stats=c.stats) for c in before.info(name).columns]


def written(now: Snapshot) -> dict[str, int | None]:
    """The versions of what `read` needs."""
    return {name: now.version_of(name) for name in (COMPARED, PAIRS, FREQUENCIES, READINGS, DECIDED)}


def _pairs(table: pa.Table, matches: Matches, learned: Learned) -> pa.Table:
    names = pa.array([rule.name for rule in learned.rules], pa.string())
    return pa.table(
        {
            "left": pa.array(matches.left.astype(np.int64)),
            "right": pa.array(matches.right.astype(np.int64)),
            "rule": names.take(pa.array(matches.rule)),
            "score": pa.array(matches.score.astype(np.float64)),
        }
    )


def read(now: Snapshot, basis: dict[str, Any]) -> State | None:
    """None where there is nothing to go on from: no run yet, another `basis` (tables, meanings, rules), or tables that
    are not those of the last run."""
    kept = _kept()
    if not kept or kept["basis"] != basis or kept["versions"] != written(now) or None in kept["versions"].values():
        return None
    table = _in_order(now.arrow(now.table(COMPARED)))
    learned = from_json(kept["learned"], now.arrow(now.table(FREQUENCIES)), readings(now))
    decisions = now.arrow(now.table(DECIDED))
    return State(table, _matches(now, learned, kept["rules"]), _clusters(table), learned, decisions)


def learned(now: Snapshot) -> Learned:
    """The rules and weights of the last run. Raises NotFound before there was one."""
    kept = _kept()
    if not kept or not now.has(FREQUENCIES):
        raise NotFound(_("Nobody is unified yet. Run the unification first."))
    return from_json(kept["learned"], now.arrow(now.table(FREQUENCIES)), readings(now))


def readings(now: Snapshot) -> Readings:
    """How columns were read in the last full run; none before there was one."""
    return reading.from_table(now.arrow(now.table(READINGS))) if now.has(READINGS) else Readings()


def to_keep(basis: dict[str, Any], learned: Learned, matches: Matches, now: Snapshot, changed: int) -> dict[str, Any]:
    """For `UnificationRun.state`. `changed`: records that changed since weights were learned."""
    return {
        "basis": basis,
        "versions": written(now),
        "learned": learned.as_json(),
        "rules": [vars(result) for result in matches.rules],
        "changed": changed,
    }


def changed_since_learned() -> int:
    """Records that changed, up to the last run."""
    return int(_kept().get("changed", 0))


def _kept() -> dict[str, Any]:
    last = UnificationRun.objects.first()
    return last.state if last else {}


def _in_order(table: pa.Table) -> pa.Table:
    """Rows by their numbers. They come in runs of ascending ones."""
    numbers = table.column(NUMBER).to_numpy()
    if not len(numbers):
        return table.drop_columns(NUMBER)
    starts = np.append(0, np.flatnonzero(np.diff(numbers) != 1) + 1)
    ends = np.append(starts[1:], len(numbers))
    parts = [table.slice(int(starts[n]), int(ends[n] - starts[n])) for n in np.argsort(numbers[starts])]
    return pa.concat_tables([table.schema.empty_table(), *parts]).drop_columns(NUMBER)


def _matches(now: Snapshot, learned: Learned, results: Sequence[dict[str, Any]]) -> Matches:
    table = now.arrow(now.table(PAIRS))
    names = pa.array([rule.name for rule in learned.rules], pa.string())
    rule = pc.index_in(table.column("rule"), value_set=names).to_numpy().astype(np.int16)
    left, right = (table.column(side).to_numpy().astype(np.int32) for side in ("left", "right"))
    order = np.lexsort((right, left, rule))
    score = table.column("score").to_numpy().astype(np.float32)
    rules = tuple(RuleResult(**result) for result in results)
    return Matches(left[order], right[order], rule[order], score[order], rules)


def _clusters(table: pa.Table) -> Labels:
    """The first record of each person."""
    codes = table.column(compared.PROFILE).combine_chunks().dictionary_encode().indices.to_numpy()
    first = np.full(int(codes.max(initial=-1)) + 1, len(codes), np.int32)
    np.minimum.at(first, codes, np.arange(len(codes), dtype=np.int32))
    labels: Labels = first[codes]
    return labels


def changes(now: Snapshot, tables: Sequence[str]) -> Changes:
    """What is new, changed or gone in the source tables since the last run. Rows are compared by their hashes alone."""
    before = now.table(COMPARED)
    fresh, gone = [], np.zeros(now.info(COMPARED).rows, bool)
    for name in tables:
        source, table = split_name(name)
        known = before.filter((before.source == source) & (before.table == table))
        rows = hashed(now.table(name))
        fresh.append(table_input(now, name, rows.anti_join(known, rows[HASH] == known[compared.HASH])))
        left = known.anti_join(rows, known[compared.HASH] == rows[HASH]).select(NUMBER)
        gone[now.arrow(left).column(NUMBER).to_numpy()] = True
    return Changes(fresh, gone)


def rows_of(now: Snapshot, tables: Sequence[str], chosen: pa.Table) -> list[TableInput]:
    """The whole rows of some records; `chosen`: columns `source`, `table`, `record_id`."""
    found = []
    for name in tables:
        source, table = split_name(name)
        of_table = pc.and_(pc.equal(chosen.column("source"), source), pc.equal(chosen.column("table"), table))
        wanted = ibis.memtable(chosen.filter(of_table).select(["record_id"]))
        rows = hashed(now.table(name))
        rows = rows.mutate(__id=key_text(rows, now.info(name).key))
        found.append(table_input(now, name, rows.semi_join(wanted, rows["__id"] == wanted.record_id).drop("__id")))
    return found
