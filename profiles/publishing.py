"""What a run of unification found becomes visible: tables, serving copy and history together, or nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import ibis
import pyarrow as pa
from django.db import transaction
from django.utils.translation import gettext as _

from jobs.registry import Context
from lake import engine
from lake.queries import Snapshot, snapshot
from lake.services import Data, stage
from lake.specs import ColumnSpec, TableSpec
from profiles import history, kept, serving, state
from profiles.models import UnificationRun
from profiles.regrouping import Regrouped
from profiles.tables import FORMER, GROUPS, LINKS, PROFILES, PROVENANCE, REVIEW
from profiles.unify.learned import Learned
from profiles.unify.run import Result

RUNS_KEPT = 20
# Of the progress of a run.
STEPS = 100


@dataclass
class Outcome:
    """What is to be published. `result`: of all people, or of whom changes concern, who had the ids `instead_of`.
    `grouped`: them and whom else their groups concern, with the columns of groups. `report`: with what is not of
    matching alone. `questions`: None where there are none. `before`: where a run of changes went on from. `changed`:
    how many records changed since weights were learned."""

    basis: dict[str, Any]
    columns: list[ColumnSpec]
    result: Result
    grouped: Regrouped
    learned: Learned
    report: dict[str, Any]
    decisions: pa.Table | None
    questions: pa.Table | None = None
    instead_of: pa.Array | None = None
    before: Snapshot | None = None
    changed: int = 0
    note: str = ""

    def all_profiles(self) -> Data:
        if self.instead_of is None:
            return self.grouped.profiles
        return _with(PROFILES, self.grouped.profiles, pa.concat_arrays([self.instead_of, self.grouped.others]))

    def changed_ids(self) -> list[str] | None:
        if self.instead_of is None:
            return None
        return sorted({*self.instead_of.to_pylist(), *self.grouped.profiles.column("profile_id").to_pylist()})


def publish(context: Context, outcome: Outcome, seconds: Callable[[], float]) -> None:
    """`seconds`: how long the run took so far. Raises Cancelled before anything is visible, or not at all."""
    work = stage()
    context.progress(80, STEPS, _("Writing"))
    result = outcome.result
    state.put(work, TableSpec(LINKS, _("Links"), _("source record")), result.links, result)
    origins = TableSpec(PROVENANCE, _("Origin of values"), _("customer, attribute and value"))
    state.put(work, origins, result.merged.provenance, result)
    people = TableSpec(PROFILES, _("Customers"), _("customer"), ("profile_id",), outcome.columns)
    work.write(people, outcome.all_profiles())
    work.write(TableSpec(FORMER, _("Former ids"), _("source record and id that is gone")), result.former)
    if outcome.questions is not None:
        work.write(TableSpec(REVIEW, _("Questions"), _("pair of records"), ("number",)), outcome.questions)
    groups = TableSpec(GROUPS, _("Groups of customers"), _("group and customer"))
    work.write(groups, outcome.grouped.members, sort_by=("group_id", "profile_id"))
    name = state.write(work, result, outcome.learned, outcome.decisions)
    facets = outcome.report["facets"]
    serving.send(
        outcome.grouped.profiles,
        outcome.columns,
        facets,
        lambda rows: context.progress(90, STEPS, _("Updating the search")),
        outcome.changed_ids(),
    )
    context.check_cancelled()
    with transaction.atomic():  # nothing may report progress in here: it would hold the job's row
        serving.apply()
        serving.redirect(result.redirects)
        history.write(result.events)
        work.publish("unify")
        UnificationRun.objects.exclude(state={}).update(state={})
        state_ = state.to_keep(outcome.basis, outcome.learned, result.matches, snapshot(), outcome.changed, name)
        UnificationRun.objects.create(seconds=seconds(), report=outcome.report, state=state_)
        latest = UnificationRun.objects.values_list("pk", flat=True)[:RUNS_KEPT]
        UnificationRun.objects.exclude(pk__in=list(latest)).delete()
    kept.forget_all_but(name)


def _with(name: str, rows: pa.Table, instead_of: pa.Array) -> pa.RecordBatchReader:
    """The published table with these rows in place of those of some people, in the order of ids."""
    now = snapshot()
    before = now.table(name)
    gone = ibis.memtable(pa.table({"profile_id": instead_of}))
    kept = before.anti_join(gone, before.profile_id == gone.profile_id)
    ours = rows.select(before.columns).cast(before.schema().to_pyarrow())
    return engine.batches(kept.union(ibis.memtable(ours)).order_by("profile_id"))
