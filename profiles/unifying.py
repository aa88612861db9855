"""The unify stage: source tables in; links, profiles, provenance and the serving copy out, all or none."""

import time
from typing import Any

import pyarrow as pa
from django.db import transaction
from django.utils.translation import gettext as _

from jobs.registry import Context
from jobs.stages import StageResult
from lake.queries import Snapshot, snapshot
from lake.services import stage
from lake.specs import ColumnSpec, TableSpec
from profiles import serving
from profiles.mapping import changed_at, mapped, profile_columns, table_inputs
from profiles.models import Unification, UnificationRun
from profiles.terms import facets_of
from profiles.unify.rules import MatchRule, parse_rules
from profiles.unify.run import Unified, unify

LINKS, PROFILES, PROVENANCE = "unified.links", "unified.profiles", "unified.provenance"
RUNS_KEPT = 20
# Raised whenever the way of matching or merging changes, so that the stage does not think nothing changed.
VERSION = 2
STEPS = 100


def reads() -> list[str]:
    return list(Unification.current().tables)


def definition() -> dict[str, Any]:
    """What else than rows decides the result. Suggested rules follow from meanings and data."""
    config, now = Unification.current(), snapshot()
    return {
        "version": VERSION,
        "tables": config.tables,
        "country": config.default_country,
        "rules": "suggest" if config.suggest_rules else config.rules,
        "meanings": {name: mapped(now.info(name)) for name in config.tables if now.has(name)},
    }


def writes() -> list[str]:
    return [LINKS, PROFILES, PROVENANCE]


def run(context: Context, full: bool = False) -> StageResult:
    """A failed or cancelled run leaves the old result live. Raises InvalidInput where tables or rules cannot work."""
    started = time.monotonic()
    config, now = Unification.current(), snapshot()
    if not config.tables:
        return StageResult(0, _("No tables are chosen yet."))
    context.progress(0, STEPS, _("Reading"))
    result = unify(
        table_inputs(now, config.tables),
        config.default_country,
        configured_rules(config),
        changed_at(now),
        links_before(now),
        lambda percent, step: context.progress(percent, STEPS, step),
    )
    _publish(context, now, config, result)
    rule_set = result.report.pop("rule_set")
    if config.suggest_rules:
        Unification.objects.filter(pk=config.pk, suggest_rules=True).update(rules=rule_set)
    UnificationRun.objects.create(seconds=time.monotonic() - started, report=result.report)
    kept = UnificationRun.objects.values_list("pk", flat=True)[:RUNS_KEPT]
    UnificationRun.objects.exclude(pk__in=list(kept)).delete()
    return StageResult(result.merged.profiles.num_rows)


def configured_rules(config: Unification) -> list[MatchRule] | None:
    """None where they are to be suggested."""
    return None if config.suggest_rules else parse_rules(config.rules)


def links_before(now: Snapshot) -> pa.Table | None:
    """Who was who in the last run."""
    if not now.has(LINKS):
        return None
    return now.arrow(now.table(LINKS).select("source", "table", "record_id", "profile_id"))


def _publish(context: Context, now: Snapshot, config: Unification, result: Unified) -> None:
    profiles = result.merged.profiles
    columns = _columns(now, config, result)
    work = stage()
    context.progress(80, STEPS, _("Writing"))
    work.write(TableSpec(LINKS, _("Links"), _("source record")), result.links)
    work.write(TableSpec(PROFILES, _("Customers"), _("customer"), ("profile_id",), columns), profiles)
    work.write(
        TableSpec(PROVENANCE, _("Origin of values"), _("customer, attribute and value")), result.merged.provenance
    )
    facets = facets_of(profiles, columns)
    result.report["facets"] = facets
    serving.send(profiles, columns, facets, lambda rows: context.progress(90, STEPS, _("Updating the search")))
    context.check_cancelled()
    with transaction.atomic():  # nothing may report progress in here: it would hold the job's row
        serving.apply()
        serving.redirect(result.redirects)
        work.publish("unify")


def _columns(now: Snapshot, config: Unification, result: Unified) -> list[ColumnSpec]:
    labels = {"emails": _("E-mail addresses"), "phones": _("Phone numbers"), "sources": _("Sources")}
    labels |= {"record_count": _("Records"), "profile_id": _("Customer id")}
    merged = profile_columns(now, config.tables, result.merged.attributes)
    known = {column.name for column in merged}
    others = [name for name in result.merged.profiles.column_names if name not in known]
    return [*merged, *(ColumnSpec(name, label=labels.get(name, "")) for name in others)]
