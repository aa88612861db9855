"""What a run of unification found becomes visible: tables, serving copy and history together, or nothing."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from threading import Event
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db import transaction
from django.utils.translation import get_language, gettext_noop, override
from django.utils.translation import gettext as _

from jobs.registry import Context
from lake.queries import Snapshot, snapshot
from lake.services import Data, Stage, stage
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
class Passed:
    """Rows that pass by while profiles are written anew after changes: `others`, of whom groups alone changed, as they
    are now, and `replaced`, as they were before."""

    others: list[pa.Table] = field(default_factory=list)
    replaced: list[pa.Table] = field(default_factory=list)


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

    def all_profiles(self, passed: Passed) -> Data:
        """Of everybody; `passed` is filled on the way."""
        if self.instead_of is None:
            return self.grouped.profiles
        now = snapshot()
        schema = now.table(PROFILES).schema().to_pyarrow()
        regrouped = with_values(now.rows(PROFILES), self.grouped.others, passed.others.append)
        rows = merged(regrouped, schema, self.grouped.profiles, self.instead_of, passed.replaced.append)
        return pa.RecordBatchReader.from_batches(schema, rows)

    def all_columns(self) -> list[ColumnSpec]:
        """Of profiles. After changes their statistics are those of before, which hardly differ, and are not called
        exact."""
        known = self.before.info(PROFILES).columns if self.before else ()
        stats = {column.name: replace(column.stats, is_exact=False) for column in known}
        stated = {column.name: column for column in self.columns}
        names = [column.name for column in known] or list(stated)
        return [replace(stated.get(n, ColumnSpec(n)), stats=stats.get(n)) for n in names]


def publish(context: Context, outcome: Outcome, seconds: Callable[[], float]) -> None:
    """`seconds`: how long the run took so far. Raises Cancelled before anything is visible, or not at all."""
    work = stage()
    context.progress(80, STEPS, _("Writing"))
    if outcome.instead_of is None:
        name = _write_and_send(context, work, outcome)
    else:
        passed = Passed()
        name = _write(work, outcome, passed)
        _send(context, outcome, passed)
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


def _write_and_send(context: Context, work: Stage, outcome: Outcome) -> str:
    """Of everybody: the tables are written by a helper thread while the database takes the serving copy. Patching asks
    the database which version there is, and could not be done there."""
    language, unwanted = get_language(), Event()

    def write() -> str:
        with override(language):
            return _write(work, outcome, Passed(), unwanted)

    with ThreadPoolExecutor(1, thread_name_prefix="publish") as helper:
        written = helper.submit(write)
        try:
            _send(context, outcome, Passed())
        except BaseException:
            unwanted.set()
            raise
        return written.result()


def _write(work: Stage, outcome: Outcome, passed: Passed, unwanted: Event | None = None) -> str:
    """The tables; the name of what is kept beside them, "" where it became `unwanted` meanwhile. `passed` is filled on
    the way."""
    result = outcome.result
    origins = TableSpec(PROVENANCE, gettext_noop("Origin of values"), gettext_noop("customer, attribute and value"))
    people = TableSpec(
        PROFILES, gettext_noop("Customers"), gettext_noop("customer"), ("profile_id",), outcome.all_columns()
    )
    former = TableSpec(FORMER, gettext_noop("Former ids"), gettext_noop("source record and id that is gone"))
    groups = TableSpec(GROUPS, gettext_noop("Groups of customers"), gettext_noop("group and customer"))
    asked = TableSpec(REVIEW, gettext_noop("Questions"), gettext_noop("pair of records"), ("number",))
    steps: list[Callable[[], object]] = [
        lambda: work.write(people, outcome.all_profiles(passed)),
        lambda: state.put(
            work, TableSpec(LINKS, gettext_noop("Links"), gettext_noop("source record")), result.links, result
        ),
        lambda: state.put(work, origins, result.merged.provenance, result),
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


def _send(context: Context, outcome: Outcome, passed: Passed) -> None:
    mine = outcome.grouped.profiles
    others = [rows.select(mine.column_names).cast(mine.schema) for rows in passed.others]
    serving.send(
        pa.concat_tables([mine, *others]),
        outcome.columns,
        outcome.report["facets"],
        lambda rows: context.progress(90, STEPS, _("Updating the search")),
        pa.concat_tables(passed.replaced) if passed.replaced else None,
    )


def with_values(
    batches: Iterable[pa.RecordBatch], values: pa.Table, on_rows: Callable[[pa.Table], object]
) -> Iterator[pa.RecordBatch]:
    """Rows with other values in the columns of `values` for those whom these are of; `on_rows` gets these rows."""
    known = values.column(ID).combine_chunks()
    for batch in batches:
        place = pc.index_in(batch.column(ID), value_set=known)
        mine = place.is_valid()
        if len(known) and pc.any(mine).as_py():
            for name in values.column_names[1:]:
                column = batch.column(name)
                new = values.column(name).combine_chunks().take(place.drop_null()).cast(column.type)
                at = batch.schema.get_field_index(name)
                batch = batch.set_column(at, batch.schema.field(at), pc.replace_with_mask(column, mine, new))
            on_rows(pa.Table.from_batches([batch.filter(mine)]))
        yield batch


def merged(
    batches: Iterable[pa.RecordBatch],
    schema: pa.Schema,
    ours: pa.Table,
    gone: pa.Array,
    on_gone: Callable[[pa.Table], object] = lambda rows: None,
) -> Iterator[pa.RecordBatch]:
    """Rows that are sorted by `profile_id`, without those of `gone`, which `on_gone` gets, and with `ours`, which are
    sorted too."""
    rows, done = ours.select(schema.names).cast(schema).combine_chunks(), 0
    for batch in batches:
        here = pa.Table.from_batches([batch]).cast(schema)
        ids, last = here.column(ID).combine_chunks(), batch.column(ID).slice(batch.num_rows - 1)
        new = rows.slice(done)
        end = pc.search_sorted(new.column(ID).combine_chunks(), last, side="right")[0].as_py()
        new, done = new.slice(0, end), done + end
        place = pc.search_sorted(ids, new.column(ID)).to_numpy().astype(np.int64)
        goes = pc.is_in(ids, value_set=gone)
        on_gone(here.filter(goes))
        stays = ~goes.to_numpy(zero_copy_only=False)
        order = np.insert(np.arange(len(ids)), place, len(ids) + np.arange(end))
        order = order[np.append(stays, np.ones(end, bool))[order]]
        yield from pa.concat_tables([here, new]).combine_chunks().take(pa.array(order)).to_batches()
    yield from rows.slice(done).to_batches()
