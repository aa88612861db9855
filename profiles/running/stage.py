"""The unify stage: source tables in; links, profiles, provenance and the serving copy out, all or none.

Where little changed since the last run, only that is looked at; the result is that of a full run with the same learned
weights. Weights and suggested rules are learned anew when the configuration changes, when much of the data does, and
when a full run is asked for.
"""

import json
import time
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.utils.translation import gettext as _

from jobs.registry import Context
from jobs.stages import StageResult
from lake.queries import Snapshot, snapshot
from lake.specs import ColumnSpec
from profiles.config import checking
from profiles.config.merging import configured_groups, group_columns
from profiles.config.setup import setup_of
from profiles.decisions import services as decisions
from profiles.inputs import state
from profiles.inputs.mapping import changed_at, mapped, profile_columns, table_inputs
from profiles.inputs.rekeyed import Rekeyed, rekeyed
from profiles.inputs.unmatched import unmatched_records
from profiles.models import Unification, UnificationRun
from profiles.running.publishing import STEPS, Outcome, publish
from profiles.running.regrouping import regroup
from profiles.search.terms import facets_of
from profiles.tables import COLUMN_LABELS, FORMER, LINKS, PROFILES, REVIEW, WRITTEN
from profiles.unify.changes.rerun import rerun
from profiles.unify.config.rules import dump_rules
from profiles.unify.judging.questions import after_changes
from profiles.unify.merging.merge import Merged
from profiles.unify.pairs.cost import TooManyPairs
from profiles.unify.reading import compared
from profiles.unify.run import unify
from profiles.unify.setup import Past

# Raised whenever the way of matching or merging changes, so that the stage does not think nothing changed.
VERSION = 20
# From this share of changed records on, everything is looked at again, and learned again.
MUCH = 0.2


def reads() -> list[str]:
    return list(Unification.current().tables)


def definition() -> dict[str, Any]:
    """What else than rows decides the result. Suggested rules follow from meanings and data."""
    config, now = Unification.current(), snapshot()
    return {
        "version": VERSION,
        "tables": config.tables,
        "only_matched": config.only_matched,
        "country": config.default_country,
        "rules": "suggest" if config.suggest_rules else config.rules,
        "values": config.values,
        "decisions": decisions.state(),
        "merge": config.merge,
        "groups": config.groups,
        "meanings": {name: mapped(now.info(name)) for name in config.tables if now.has(name)},
    }


def writes() -> list[str]:
    return [*WRITTEN, FORMER, REVIEW]


def run(context: Context, full: bool = False) -> StageResult:
    """A failed or cancelled run leaves the old result live. Raises InvalidInput where tables or rules cannot work."""
    started = time.monotonic()
    config, now = Unification.current(), snapshot()
    if not config.tables:
        return StageResult(0, _("No tables are chosen yet."))
    context.progress(0, STEPS, _("Reading"))
    outcome = None if full else _of_changes(context, now, config)
    outcome = outcome or _of_everything(context, now, config)
    publish(context, outcome, lambda: time.monotonic() - started)
    return StageResult(outcome.report["people"], outcome.note)


def _of_everything(context: Context, now: Snapshot, config: Unification) -> Outcome:
    known = rekeyed(now, state.keys_before())
    setup = setup_of(config)
    setup = replace(setup, decisions=known.pairs(setup.decisions))
    checking.check_columns(setup.rules or (), config.tables)
    try:
        result = unify(
            table_inputs(now, config.tables),
            setup,
            changed_at(now, setup.merge.recency),
            past_of(now, known),
            lambda percent, step: context.progress(percent, STEPS, step),
        )
    except TooManyPairs as error:
        raise checking.cost_in_words(error.cost) from error
    if config.suggest_rules:
        rules = dump_rules(list(result.learned.rules))
        Unification.objects.filter(pk=config.pk, suggest_rules=True).update(rules=rules)
    grouped = regroup(now, config, result.merged, result.redirects)
    columns = described(now, config, result.merged)
    return Outcome(
        basis=_basis(now),
        columns=columns,
        result=result,
        grouped=grouped,
        learned=result.learned,
        decisions=setup.decisions,
        questions=result.questions,
        report=result.report | {"facets": facets_of(grouped.profiles, columns), "groups": grouped.report},
        rekeyed=known,
    )


def _of_changes(context: Context, now: Snapshot, config: Unification) -> Outcome | None:
    """None where the last run is nothing to go on from, or so much changed that everything must be learned anew."""
    basis = _basis(now)
    before = state.read(now, basis) if all(map(now.has, WRITTEN)) else None
    if before is None:
        return None
    changes = state.changes(now, config.tables, before)
    changed = state.changed_since_learned() + changes.rows
    if changed > MUCH * before.learned.records:
        return None
    setup = setup_of(config)
    result = rerun(
        before,
        changes.tables,
        changes.gone,
        setup,
        lambda records: state.rows_of(now, config.tables, records),
        changed_at(now, setup.merge.recency),
        former_before(now),
        lambda percent, step: context.progress(percent, STEPS, step),
    )
    grouped = regroup(now, config, result.merged, result.redirects, result.gone, state.people())
    if grouped.profiles.column_names != list(now.table(PROFILES).columns):
        return None
    columns = described(now, config, result.merged)
    last = UnificationRun.latest_report()
    kept: dict[str, Any] = {name: last[name] for name in ("facets", "strata", "dates") if name in last}
    kept |= _with_placeholders(result.report, last)
    return Outcome(
        basis=basis,
        columns=columns,
        result=result,
        grouped=grouped,
        learned=before.learned,
        decisions=setup.decisions,
        questions=_still_asked(now, setup.decisions, result.compared),
        report={"facets": []} | result.report | kept | {"groups": grouped.report},
        instead_of=result.gone,
        before=now,
        last=state.kept_by(),
        changed=changed,
        note=_("%(count)s changed records were looked at.") % {"count": f"{changes.rows:,}"},
    )


def _with_placeholders(report: dict[str, Any], last: dict[str, Any]) -> dict[str, Any]:
    """Placeholders are told as they were found when all records were last read: they come from columns as a whole."""
    known = [hub for hub in last.get("hubs", []) if hub.get("reason") == "placeholder"]
    hubs = sorted([*report["hubs"], *known], key=lambda hub: -int(hub["records"]))
    return {"hubs": hubs, "hub_count": report["hub_count"] + len(known)}


def _still_asked(now: Snapshot, answers: pa.Table | None, known: pa.Table) -> pa.Table | None:
    """The questions of the last full run, without what was answered since and what follows from that."""
    if not now.has(REVIEW):
        return None
    rows = now.arrow(now.table(REVIEW))
    ids = [table.column(name) for table in (rows, answers) if table is not None for name in ("left_id", "right_id")]
    asked = pa.chunked_array([chunk for column in ids for chunk in column.chunks], pa.string())
    few = known.filter(pc.is_in(known.column("record_id"), value_set=asked))  # names are made of these alone
    return after_changes(rows, answers, compared.names_of(few), few.column(compared.PROFILE).combine_chunks())


def _basis(now: Snapshot) -> dict[str, Any]:
    """What must be as in the last run for the next one to go on from it. Decisions need not be."""
    infos = [now.info(name) for name in reads() if now.has(name)]
    columns = {info.name: [[c.name, c.type] for c in info.columns] for info in infos}
    keys = {info.name: info.key for info in infos}
    found: dict[str, Any] = json.loads(json.dumps(definition() | {"columns": columns, "keys": keys}))
    return {name: value for name, value in found.items() if name != "decisions"}


def past_of(now: Snapshot, known: Rekeyed) -> Past:
    """What ids were given before, by the ids that records have now."""
    return Past(ids=known.rows(ids_before(now)), unseen=unseen_before(now), former=known.rows(former_before(now)))


def ids_before(now: Snapshot) -> pa.Table | None:
    """Who was who in the last run: of every record, whether of a customer or not."""
    name = state.COMPARED if now.has(state.COMPARED) else LINKS
    if not now.has(name):
        return None
    return now.arrow(now.table(name).select("source", "table", "record_id", "profile_id"))


def unseen_before(now: Snapshot) -> pa.Array | None:
    """Ids of the last run that no customer had."""
    rows = unmatched_records(now)
    return None if rows is None else now.arrow(rows.select("profile_id").distinct()).column(0).combine_chunks()


def former_before(now: Snapshot) -> pa.Table | None:
    """Ids that are gone, and whose they were."""
    return now.arrow(now.table(FORMER)) if now.has(FORMER) else None


def described(now: Snapshot, config: Unification, merged: Merged) -> list[ColumnSpec]:
    attributes = profile_columns(now, config.tables, merged.attributes)
    known = {column.name for column in attributes}
    others = [name for name in merged.profiles.column_names if name not in known]
    plain = [ColumnSpec(name, label=COLUMN_LABELS.get(name, "")) for name in others]
    return [*attributes, *plain, *group_columns(configured_groups(now, config))]
