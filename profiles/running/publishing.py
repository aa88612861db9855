"""What a run of unification found becomes visible: tables, serving copy and history together, or nothing."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
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
from lake import engine
from lake.queries import Snapshot, snapshot
from lake.services import Stage, stage
from lake.specs import ColumnSpec, TableSpec
from profiles.customers import history
from profiles.decisions import services as decisions
from profiles.inputs import kept, last_customers, state
from profiles.inputs.rekeyed import Rekeyed
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
    matching alone. `questions`: None where there are none. `before`: where a run of changes went on from, `last`: the
    name of what is kept of it. `changed`: how many records changed since weights were learned. `rekeyed`: tables that
    have another key than before."""

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
    last: str = ""
    changed: int = 0
    note: str = ""
    rekeyed: Rekeyed | None = None

    def people(self) -> "People":
        """Everybody, or whose rows are others than before."""
        mine, others = self.grouped.profiles, self.grouped.others
        if self.before is None or self.instead_of is None:
            return People(mine)
        ids = pa.concat_arrays([self.instead_of, others.column(ID).combine_chunks()])
        was = last_customers.with_ids(self.last, ids)
        was = published(self.before, ids) if was is None else was
        was = was.select(mine.column_names).cast(mine.schema)
        return differing(was, pa.concat_tables([mine, with_values(was, others)]))


@dataclass(frozen=True)
class People:
    """Rows of customers, sorted by id, in place of those of the ids `instead_of`: None where they are everybody."""

    rows: pa.Table
    instead_of: pa.Array | None = None


def publish(context: Context, outcome: Outcome, seconds: Callable[[], float]) -> None:
    """`seconds`: how long the run took so far. Raises Cancelled before anything is visible, or not at all."""
    work = stage(outcome.before)
    context.progress(80, STEPS, _("Writing"))
    people, result = outcome.people(), outcome.result
    with _writing(work, outcome, people) as written:
        _send(context, outcome, people)
        if outcome.before is None:  # new tables keep readers out from when they take over
            written.result()
        context.check_cancelled()
        with transaction.atomic():  # nothing may report progress in here: it would hold the job's row
            serving.apply()
            serving.redirect(result.redirects, result.back)
            history.write(result.events)
            if outcome.rekeyed:
                decisions.rekey(outcome.rekeyed)
            name = written.result()
            work.publish("unify")
            UnificationRun.objects.exclude(state={}).update(state={})
            state_ = state.to_keep(outcome.basis, outcome.learned, result.matches, snapshot(), outcome.changed, name)
            UnificationRun.objects.create(seconds=seconds(), report=outcome.report, state=state_)
            latest = UnificationRun.objects.values_list("pk", flat=True)[:RUNS_KEPT]
            UnificationRun.objects.exclude(pk__in=list(latest)).delete()
    kept.forget_all_but(name)


@contextmanager
def _writing(work: Stage, outcome: Outcome, people: People) -> Iterator[Future[str]]:
    """The tables are written by a helper thread while the database takes the serving copy. It asks the database
    nothing, which knows nothing there of what this thread has not committed."""
    language, unwanted = get_language(), Event()

    def write() -> str:
        with override(language):
            return _write(work, outcome, people, unwanted)

    with ThreadPoolExecutor(1, thread_name_prefix="publish") as helper:
        try:
            yield helper.submit(write)
        except BaseException:
            unwanted.set()
            raise


def _write(work: Stage, outcome: Outcome, people: People, unwanted: Event) -> str:
    """The tables; the name of what is kept beside them, "" where it became `unwanted` meanwhile."""
    result = outcome.result
    origins = TableSpec(PROVENANCE, gettext_noop("Origin of values"), gettext_noop("customer, attribute and value"))
    customers = TableSpec(PROFILES, gettext_noop("Customers"), gettext_noop("customer"), (ID,), outcome.columns)
    links = TableSpec(LINKS, gettext_noop("Links"), gettext_noop("source record"))
    former = TableSpec(FORMER, gettext_noop("Former ids"), gettext_noop("source record and id that is gone"))
    groups = TableSpec(GROUPS, gettext_noop("Groups of customers"), gettext_noop("group and customer"))
    asked = TableSpec(REVIEW, gettext_noop("Questions"), gettext_noop("pair of records"), ("number",))
    steps: list[Callable[[], object]] = [
        lambda: state.put(work, customers, people.rows, people.instead_of, (ID,)),
        lambda: state.put(work, links, result.links, outcome.instead_of, (ID,)),
        lambda: state.put(work, origins, result.merged.provenance, outcome.instead_of, (ID,)),
        lambda: work.write(former, result.former),
        lambda: _write_groups(work, groups, outcome.grouped),
    ]
    if (questions := outcome.questions) is not None:
        steps.append(lambda: work.write(asked, questions))
    for step in steps:
        if unwanted.is_set():
            return ""
        step()
    beside = _customers(outcome.last, people)
    if (known := outcome.grouped.known) is not None:
        beside[state.PEOPLE] = known
    return state.write(work, result, outcome.learned, outcome.decisions, beside, outcome.last)


def _customers(last: str, people: People) -> dict[str, pa.Table]:
    """What is kept of them for the next run."""
    if people.instead_of is None:
        return {last_customers.EVERYBODY: people.rows}
    return last_customers.changed(last, people.rows, people.instead_of)


def _write_groups(work: Stage, spec: TableSpec, grouped: Regrouped) -> None:
    order = ("group_id", ID)
    if grouped.left is None:
        work.write(spec, grouped.members, sort_by=order)
    else:
        work.patch(spec, grouped.members, ID, grouped.left, order)


def _send(context: Context, outcome: Outcome, people: People) -> None:
    serving.send(
        people.rows,
        outcome.columns,
        outcome.report["facets"],
        lambda rows: context.progress(90, STEPS, _("Updating the search")),
        people.instead_of,
    )


def published(before: Snapshot, ids: pa.Array) -> pa.Table:
    """The customers who have these ids, in no order."""
    return before.arrow(before.table(PROFILES).semi_join(ibis.memtable(pa.table({ID: ids})), ID))


def with_values(rows: pa.Table, values: pa.Table) -> pa.Table:
    """The rows of those whom `values` are of, with these values in place of theirs."""
    place = pc.index_in(rows.column(ID).combine_chunks(), value_set=values.column(ID).combine_chunks())
    rows, place = rows.filter(place.is_valid()), place.drop_null()
    for name in values.column_names[1:]:
        at = rows.schema.get_field_index(name)
        rows = rows.set_column(at, rows.schema.field(at), values.column(name).take(place).cast(rows.schema.types[at]))
    return rows


def differing(was: pa.Table, now: pa.Table) -> People:
    """Those of `now` who were not the same before."""
    before, after = engine.row_hashes(was, ""), engine.row_hashes(now, "")
    same = now.column(ID).filter(pc.is_in(after, value_set=before)).combine_chunks()
    ids = was.column(ID).combine_chunks()
    rows = now.filter(pc.invert(pc.is_in(now.column(ID), value_set=same))).sort_by(ID)
    return People(rows, ids.filter(pc.invert(pc.is_in(ids, value_set=same))))
