"""The work of a trial: unify as it was proposed, set the result beside the live one, and keep what differs."""

from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pyarrow as pa
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.errors import Cancelled
from jobs.registry import Context
from lake.queries import Snapshot, snapshot
from lake.services import Stage, stage
from lake.specs import TableSpec
from profiles.config import checking
from profiles.config.setup import setup_of
from profiles.decisions.services import PAIR, Verdict
from profiles.inputs import state
from profiles.inputs.mapping import changed_at, table_inputs
from profiles.inputs.rekeyed import rekeyed
from profiles.models import Trial, UnificationRun
from profiles.review import queue as review_queue
from profiles.running.publishing import STEPS
from profiles.running.regrouping import regroup
from profiles.running.stage import described, past_of
from profiles.tables import TRIAL_CASES, TRIAL_CHANGES, TRIAL_EXAMPLES, TRIAL_LINKS
from profiles.trials import services as trials
from profiles.trials.values import Changes
from profiles.unify.config.rules import dump_rules
from profiles.unify.judging import quality, whatif
from profiles.unify.judging.partitions import KINDS, SIZES, Partitions, pairs_between
from profiles.unify.judging.quality import Stratum
from profiles.unify.judging.questions import SAMPLE
from profiles.unify.judging.whatif import Ruled, Sides, Weighed
from profiles.unify.matching.decisions import numbers_of
from profiles.unify.pairs.cost import TooManyPairs
from profiles.unify.reading import compared
from profiles.unify.reading.keys import keyed, record_names
from profiles.unify.run import Matched, Unified, concluded, matched

NOBODY = pa.table({name: pa.array([], pa.string()) for name in ("source", "table", "record_id", "profile_id")})


def run(context: Context, pk: int) -> dict[str, Any]:
    """Safe to run again. Whatever happens, the live result stays as it is; a trial that was dropped meanwhile leaves
    nothing. Raises InvalidInput where tables or rules cannot work."""
    trial = Trial.objects.filter(pk=pk).first()
    if trial is None:
        return {}
    now, config = snapshot(), trials.configuration(trial.proposal)
    basis = trials.basis_of(now, config.tables)
    context.progress(0, STEPS, _("Reading"))
    known = rekeyed(now, state.keys_before())
    setup = setup_of(config)
    setup = replace(setup, decisions=known.pairs(setup.decisions))

    def tell(percent: int, step: str) -> None:
        context.progress(percent, STEPS, step)

    try:
        found = matched(table_inputs(now, config.tables), setup, tell)
    except TooManyPairs as error:
        raise checking.cost_in_words(error.cost) from error
    past = past_of(now, known)
    result = concluded(found, setup, changed_at(now, setup.merge.recency), past, tell)
    profiles = regroup(now, config, result.merged, result.redirects).profiles
    context.progress(75, STEPS, _("Comparing"))
    work = stage()
    work.write(TableSpec(TRIAL_LINKS, gettext_noop("Trial: links"), gettext_noop("source record")), result.links)
    report, stayed = _people(now, past.ids, found, result, work, lambda: context.progress(80, STEPS, _("Comparing")))
    context.progress(90, STEPS, _("Comparing values"))
    changes = Changes(now, profiles, described(now, config, result.merged), stayed)
    spec = TableSpec(TRIAL_CHANGES, gettext_noop("Trial: changed values"), gettext_noop("customer and attribute"))
    work.write(spec, changes.reader(context.check_cancelled), sort_by=("profile_id", "attribute"))
    report |= {"changed": changes.report(), "suggested": dump_rules(list(found.rules)) if setup.rules is None else None}
    context.check_cancelled()
    with transaction.atomic():
        kept = Trial.objects.select_for_update().filter(pk=pk)
        if not kept.exists():
            raise Cancelled(_("The trial was dropped."))
        work.publish("trial")
        kept.update(basis=basis, report=report)
    return {name: report["kinds"][name]["cases"] for name in KINDS}


def _people(
    now: Snapshot, ids_now: pa.Table | None, found: Matched, result: Unified, work: Stage, tell: Callable[[], None]
) -> tuple[dict[str, Any], pa.Table]:
    """Who would be whom: numbers, the tables of cases and examples, and who stays one and the same."""
    names, ids = record_names(found.records), result.compared.column(compared.PROFILE).combine_chunks()
    live = NOBODY if ids_now is None else ids_now
    sides = whatif.sides(names, ids, _keyed(live))
    parts = sides.partitions
    pairs = pairs_between(sides.before, sides.after, sides.rows)
    tell()
    weighed = {name: whatif.weigh(found.evidence, some) for name, some in pairs.items()}
    tell()
    ruled = {"gained": _rules_after(found), "lost": _rules_before(now, names)}
    owner = sides.before_of(len(ids))
    today = sides.before_ids.take(pa.array(owner, mask=owner < 0))
    rows = whatif.examples(found.evidence, sides, parts, weighed, ruled, today)
    work.write(TableSpec(TRIAL_EXAMPLES, gettext_noop("Trial: examples"), gettext_noop("case")), rows)
    spec = TableSpec(
        TRIAL_CASES, gettext_noop("Trial: customers who differ"), gettext_noop("customer today and customer then")
    )
    work.write(spec, whatif.cases(sides, parts))
    report = {
        "records": {"both": len(sides.rows), "new": found.records.count - len(sides.rows), "gone": sides.gone},
        "before": whatif.people(live.column("profile_id")),
        "after": whatif.people(pa.chunked_array([ids])) | {"torn": result.report["torn"]},
        "sizes": list(SIZES),
        "kinds": {name: parts.count(name) for name in KINDS},
        "pairs": parts.pairs,
        "rules": _by_rule(sides, ruled),
        "quality": _quality(now, found, parts, weighed, names),
    }
    return report, whatif.stayed(sides, parts)


def _keyed(links: pa.Table) -> pa.Table:
    found = keyed(links)
    assert found is not None
    return found


def _rules_after(found: Matched) -> Ruled:
    left, right, rule = (
        side.astype(np.int64) for side in (found.matches.left, found.matches.right, found.matches.rule)
    )
    return Ruled(left, right, rule, tuple(rule.name for rule in found.rules))


def _rules_before(now: Snapshot, names: pa.Array) -> Ruled:
    """What rules matched in the live result, by the numbers of the records of the trial."""
    none = np.array([], np.int64)
    if not now.has(state.PAIRS):
        return Ruled(none, none, none, ())
    pairs = now.arrow(now.table(state.PAIRS).select(*PAIR, "rule"))
    rules = pairs.column("rule").combine_chunks().dictionary_encode()
    left, right = (side.astype(np.int64) for side in numbers_of(pairs, names))
    return Ruled(left, right, rules.indices.to_numpy().astype(np.int64), tuple(rules.dictionary.to_pylist()))


def _by_rule(sides: Sides, ruled: dict[str, Ruled]) -> list[dict[str, Any]]:
    """Matched pairs of records that change sides, in the order of the rules tried; then the rules of today alone."""
    before = sides.before_of(len(sides.every_after))
    gained = ruled["gained"].crossing(sides.every_after, before)
    lost = ruled["lost"].crossing(before, sides.every_after)
    names = dict.fromkeys([*ruled["gained"].names, *ruled["lost"].names])
    found = [{"name": name, "gained": gained.get(name, 0), "lost": lost.get(name, 0)} for name in names]
    return [row for row in found if row["gained"] or row["lost"]]


def _quality(
    now: Snapshot, found: Matched, parts: Partitions, weighed: dict[str, Weighed], names: pa.Array
) -> dict[str, Any]:
    """By the evidence: the share of pairs that are one person, with one yardstick for both sides. By answers: of those
    to the random sample, how many each side's rules follow, and what they say of precision and recall."""
    counts, shares = parts.pairs, {name: some.share for name, some in weighed.items()}
    kept, gained, lost = ((counts[name], shares[name]) for name in ("kept", "gained", "lost"))
    return {
        "shares": shares,
        "before": whatif.expected_precision(kept, lost),
        "after": whatif.expected_precision(kept, gained),
        "answers": _answers(now, found, names, whatif.unasked(weighed["gained"], counts["gained"])),
    }


def _answers(now: Snapshot, found: Matched, names: pa.Array, beyond: int) -> dict[str, Any]:
    every = review_queue.questions(now, SAMPLE)
    strata = [Stratum(**raw) for raw in UnificationRun.latest_report().get("strata", [])]
    if not every:
        return {"count": 0}
    rows = pa.table({name: pa.array([getattr(q.pair, name) for q in every], pa.string()) for name in PAIR})
    left, right = numbers_of(rows, names)
    there = np.flatnonzero((left >= 0) & (right >= 0))
    drawn = [every[n] for n in there.tolist()]
    joined = found.people.labels[left[there]] == found.people.labels[right[there]]
    said = {str(Verdict.JOIN): True, str(Verdict.APART): False}
    answers = [said.get(q.verdict) for q in drawn]
    told = [n for n, answer in enumerate(answers) if answer is not None]
    is_joined = {stratum.name: stratum.joined for stratum in strata}
    after = whatif.strata_after(strata, [q.stratum for q in drawn], joined, answers, beyond)
    live = review_queue.measured(every)
    return {
        "count": len(told),
        "before": {
            "followed": sum(is_joined.get(drawn[n].stratum) == answers[n] for n in told),
            "precision": _share(live.precision),
            "recall": _share(live.recall),
        },
        "after": {
            "followed": sum(bool(joined[n]) == answers[n] for n in told),
            "precision": _share(quality.precision(after)),
            "recall": _share(quality.recall(after)),
        },
    }


def _share(found: quality.Estimate | None) -> dict[str, Any] | None:
    return asdict(found) if found else None
