"""What a run of unification found becomes visible: tables, serving copy and history together, or nothing."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.compute as pc
from django.db import transaction
from django.utils.translation import get_language, gettext_noop, override
from django.utils.translation import gettext as _

from jobs.registry import Context
from lake.queries import Snapshot, snapshot
from lake.services import Stage, stage
from lake.specs import ColumnSpec, TableSpec
from profiles.customers import history
from profiles.inputs import kept, state
from profiles.models import UnificationRun
from profiles.running.regrouping import Regrouped
from profiles.serving import writing as serving
from profiles.tables import FORMER, GROUPS, LINKS, PROFILES, PROVENANCE, REVIEW
from profiles.unify.run import Result
from profiles.unify.weighing.learned import Learned

RUNS_KEPT = 20
ID = "profile_id"
# Of the progress of a run.
STEPS = 100


@dataclass
class Outcome:
    """What is to be published. `result`: of all people, or of whom changes concern, who had the ids `instead_of`.
    `grouped`: them with the columns of groups, and whose groups alone are others. `report`: with what is not of
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

    def people(self) -> pa.Table:
        """Everybody, or whose rows are others than before, sorted by id."""
        mine, others = self.grouped.profiles, self.grouped.others
        if self.before is None or not others.num_rows:
            return mine
        regrouped = rows_with(self.before, others).select(mine.column_names).cast(mine.schema)
        return pa.concat_tables([mine, regrouped]).sort_by(ID)

    def replaced(self) -> pa.Array | None:
        """The ids in whose place `people` are; None where they are everybody."""
        if self.instead_of is None:
            return None
        return pa.concat_arrays([self.instead_of, self.grouped.others.column(ID).combine_chunks()])


def publish(context: Context, outcome: Outcome, seconds: Callable[[], float]) -> None:
    """`seconds`: how long the run took so far. Raises Cancelled before anything is visible, or not at all."""
    work = stage()
    context.progress(80, STEPS, _("Writing"))
    people = outcome.people()
    if outcome.before is None:
        name = _write_and_send(context, work, outcome, people)
    else:
        name = _write(work, outcome, people)
        _send(context, outcome, people)
    context.check_cancelled()
    result = outcome.result
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


def _write_and_send(context: Context, work: Stage, outcome: Outcome, people: pa.Table) -> str:
    """Of everybody: the tables are written by a helper thread while the database takes the serving copy. Patching asks
    the database which version there is, and could not be done there."""
    language, unwanted = get_language(), Event()

    def write() -> str:
        with override(language):
            return _write(work, outcome, people, unwanted)

    with ThreadPoolExecutor(1, thread_name_prefix="publish") as helper:
        written = helper.submit(write)
        try:
            _send(context, outcome, people)
        except BaseException:
            unwanted.set()
            raise
        return written.result()


def _write(work: Stage, outcome: Outcome, people: pa.Table, unwanted: Event | None = None) -> str:
    """The tables; the name of what is kept beside them, "" where it became `unwanted` meanwhile."""
    result = outcome.result
    origins = TableSpec(PROVENANCE, gettext_noop("Origin of values"), gettext_noop("customer, attribute and value"))
    customers = TableSpec(PROFILES, gettext_noop("Customers"), gettext_noop("customer"), (ID,), outcome.columns)
    links = TableSpec(LINKS, gettext_noop("Links"), gettext_noop("source record"))
    former = TableSpec(FORMER, gettext_noop("Former ids"), gettext_noop("source record and id that is gone"))
    groups = TableSpec(GROUPS, gettext_noop("Groups of customers"), gettext_noop("group and customer"))
    asked = TableSpec(REVIEW, gettext_noop("Questions"), gettext_noop("pair of records"), ("number",))
    steps: list[Callable[[], object]] = [
        lambda: state.put(work, customers, people, outcome.replaced()),
        lambda: state.put(work, links, result.links, outcome.instead_of),
        lambda: state.put(work, origins, result.merged.provenance, outcome.instead_of),
        lambda: work.write(former, result.former),
        lambda: _write_groups(work, groups, outcome.grouped),
    ]
    if (questions := outcome.questions) is not None:
        steps.append(lambda: work.write(asked, questions))
    for step in steps:
        if unwanted is not None and unwanted.is_set():
            return ""
        step()
    return state.write(work, result, outcome.learned, outcome.decisions, outcome.grouped.known)


def _write_groups(work: Stage, spec: TableSpec, grouped: Regrouped) -> None:
    order = ("group_id", ID)
    if grouped.left is None:
        work.write(spec, grouped.members, sort_by=order)
    else:
        work.patch(spec, grouped.members, ID, grouped.left, order)


def _send(context: Context, outcome: Outcome, people: pa.Table) -> None:
    serving.send(
        people,
        outcome.columns,
        outcome.report["facets"],
        lambda rows: context.progress(90, STEPS, _("Updating the search")),
        outcome.replaced(),
    )


def rows_with(before: Snapshot, values: pa.Table) -> pa.Table:
    """The customers whom `values` are of, as they are published, with these values in place of theirs."""
    ids = values.select([ID])
    customers = before.table(PROFILES)
    rows = before.arrow(customers.semi_join(ibis.memtable(ids), ID))
    place = pc.index_in(rows.column(ID).combine_chunks(), value_set=values.column(ID).combine_chunks())
    for name in values.column_names[1:]:
        at = rows.schema.get_field_index(name)
        field = rows.schema.field(at)
        rows = rows.set_column(at, field, values.column(name).take(place).cast(field.type))
    return rows
