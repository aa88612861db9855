"""One table from its connector into a stage: layout, typing, quarantine. Nothing is visible until it is published."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.compute as pc
from django.utils.translation import gettext as _

from core.errors import InvalidInput
from jobs.registry import Context
from lake.queries import snapshot
from lake.services import Stage, write_and_publish
from lake.specs import KEY_JOIN, ColumnSpec, ColumnStats, TableSpec
from sources.access import access_of
from sources.connectors import registry
from sources.loading.columns import Corrections, Layout, Settled, settle
from sources.loading.country import with_country
from sources.loading.rejects import SCHEMA, RejectSink
from sources.loading.totals import without_totals
from sources.loading.typed import StartAgain, Typing
from sources.loading.writing import write_stream
from sources.models import SourceTable
from sources.reading.batch import Batch
from sources.values.text import is_text, trimmed

MAX_ATTEMPTS = 8  # each one settles at least one column, the key, or a batch of new columns
STATISTICS_COLUMNS = 200  # of a very wide table; statistics of thousands of columns at once would not fit in memory
NEVER_MORE_ROWS = 2_000_000  # of an incremental load, which is merged in memory; with more a full load is better


@dataclass
class Loaded:
    """What one table's load came to. `cursor` is the highest cursor value seen so far, None without one."""

    layout: Layout
    rows_read: int
    rows_loaded: int
    rows_rejected: int
    bytes: int
    rows_total: int
    cursor: Any = None
    notes: list[str] = field(default_factory=list)
    reasons: dict[str, int] = field(default_factory=dict)


def load_into(stage: Stage, table: SourceTable, context: Context | None, *, since: Any = None) -> Loaded:
    """Reads a table and writes it and its quarantine into the stage. Raises InvalidInput, Unavailable, Cancelled."""
    corrections = Corrections()
    notes: list[str] = []
    for _attempt in range(MAX_ATTEMPTS):
        try:
            with RejectSink() as sink:
                return _attempted(stage, table, context, since, corrections, sink, notes)
        except _OtherKinds:
            since = None
        except StartAgain as again:
            corrections.as_string |= again.corrections.as_string
            corrections.without_key |= again.corrections.without_key
            corrections.later |= again.corrections.later
            corrections.currencies |= again.corrections.currencies
            notes = _explained(again.corrections, notes)
    raise InvalidInput(
        _("The columns of %s change from row to row; they cannot be told apart.") % table.full_name,
        place=table.full_name,
    )


class _OtherKinds(Exception):
    """New rows hold other kinds of values than those that are there, so all of them are to be read in the same way."""


def _holds_other_kinds(table: SourceTable, layout: Layout) -> bool:
    info = snapshot().info(table.full_name)
    before = {c.name: (c.type, c.currency if c.type == "money" else "") for c in info.columns}
    plans = [column.plan for column in layout.columns]
    now = {plan.name: (plan.type, plan.currency if plan.type == "money" else "") for plan in plans}
    return any(before.get(name, kind) != kind for name, kind in now.items())


def _explained(found: Corrections, notes: list[str]) -> list[str]:
    more = [
        _("“%s” holds different kinds of values, so it was loaded as text.") % name for name in sorted(found.as_string)
    ]
    if found.without_key:
        more.append(_("No column is unique; choose the key if there is one."))
    return [*notes, *more]


def _attempted(
    stage: Stage,
    table: SourceTable,
    context: Context | None,
    since: Any,
    found: Corrections,
    sink: RejectSink,
    notes: list[str],
) -> Loaded:
    connector, access = registry.get(table.source.connector), access_of(table.source)
    total = connector.size(access, table.config) or None
    cursor = _Cursor(table.config.get("cursor", ""), since)
    batches = with_country(without_totals(connector.read(access, table.config, since)), table.config.get("country", ""))
    source = cursor.watched(batches)
    sample, seen = first_rows(source)
    layout = settle(table, sample, found)
    stated = {column.name for column in table.columns.all() if column.states("type")}
    if since is not None and _holds_other_kinds(table, layout):
        raise _OtherKinds
    typing = Typing(layout, stated, sink)
    tables = _reported(typing, chain(seen, source), context, total)
    if not layout.columns:
        raise _without_columns(table, typing, sink, tables)
    if since is None:
        rows = write_stream(stage, spec_of(table, layout), layout.schema, chain(tables, _empty(layout))).rows
        if typing.rows_read and not typing.rows_kept:
            raise _nothing_loaded(table, typing, sink)
        _check_rows(table, typing, rows)
        stage.write(quarantine_spec(table), sink.reader())
    else:
        rows = _merged(stage, table, layout, list(tables), cursor)
        if sink.count:
            stage.append(quarantine_spec(table), pa.Table.from_batches(sink.reader(), schema=SCHEMA))
    return Loaded(
        layout,
        typing.rows_read,
        typing.rows_kept,
        sink.count,
        typing.bytes_read,
        rows,
        cursor.highest,
        [*notes, *layout.warnings, *layout.notes, *dict.fromkeys(typing.notes)],
        dict(sink.by_code),
    )


def first_rows(batches: Iterator[Batch]) -> tuple[pa.Table, list[Batch]]:
    """The first rows, trimmed, to infer from; and the batches that were read for them."""
    seen: list[Batch] = []
    for batch in batches:
        seen.append(batch)
        if batch.data.num_rows:
            break
    sample = next((batch.data for batch in reversed(seen) if batch.data.num_columns), pa.table({}))
    pairs = zip(sample.column_names, sample.columns, strict=True)
    return pa.table({name: trimmed(column) if is_text(column.type) else column for name, column in pairs}), seen


def _empty(layout: Layout) -> Iterable[pa.Table]:
    """A table without rows is a table all the same."""
    yield layout.schema.empty_table()


def _reported(
    typing: Typing, batches: Iterator[Batch], context: Context | None, total: int | None
) -> Iterator[pa.Table]:
    for table in typing.run(batches):
        yield table
        if context is not None:
            done = min(typing.bytes_read, total) if total else typing.rows_read
            context.progress(done, total, _("%s rows read") % f"{typing.rows_read:,}")


class NothingLoaded(InvalidInput):
    """Every row was set aside. `counts` are fields of the `Load`."""

    counts: dict[str, Any]


def _nothing_loaded(table: SourceTable, typing: Typing, sink: RejectSink) -> NothingLoaded:
    """The data stays as it was, but the rows that were set aside are shown: they say why."""
    write_and_publish(quarantine_spec(table), sink.reader(), note=_("Rows of %s that were set aside") % table)
    message = _(
        "No row of %s could be loaded; all were set aside. Look at the reasons; correct types, key or delimiter."
    )
    error = NothingLoaded(message % table.full_name, place=table.full_name)
    error.counts = {"rows_read": typing.rows_read, "rows_rejected": sink.count, "reasons": dict(sink.by_code)}
    return error


def _without_columns(table: SourceTable, typing: Typing, sink: RejectSink, tables: Iterable[pa.Table]) -> InvalidInput:
    """Nothing names a column: an empty list, a number, a table of a database that has none."""
    for _rows in tables:
        pass
    if typing.rows_read:
        return _nothing_loaded(table, typing, sink)
    message = _("%s has neither columns nor rows. Export it again, or choose another table.")
    return InvalidInput(message % table.full_name, place=table.full_name)


def _check_rows(table: SourceTable, typing: Typing, rows: int) -> None:
    if rows or table.config.get("allow_empty"):
        return
    now = snapshot()
    if now.has(table.full_name) and now.info(table.full_name).rows:
        message = _(
            "%s has no rows any more. What was loaded before stays; allow the table to become empty if that is right."
        )
        raise InvalidInput(message % table.full_name, place=table.full_name)
    typing.notes.append(_("There are column names, but no rows."))


def spec_of(table: SourceTable, layout: Layout) -> TableSpec:
    return TableSpec(
        name=table.full_name,
        label=str(table),
        grain=KEY_JOIN.join(layout.key) or _("line"),
        key=layout.key,
        columns=[_column_spec(column, position) for position, column in enumerate(layout.columns)],
    )


def _column_spec(column: Settled, position: int) -> ColumnSpec:
    return ColumnSpec(
        column.name,
        column.plan.type,
        column.label,
        column.semantic,
        column.plan.currency if column.plan.type == "money" else "",
        column.is_sensitive,
        ColumnStats() if position >= STATISTICS_COLUMNS else None,
    )


def quarantine_spec(table: SourceTable) -> TableSpec:
    """Raw rows hold personal data: they are masked like sensitive columns."""
    return TableSpec(
        name=table.quarantine_name,
        label=_("Rows of %s that were set aside") % table,
        grain=_("rejected row"),
        columns=[ColumnSpec("raw", sensitive=True)],
    )


def _merged(stage: Stage, table: SourceTable, layout: Layout, tables: list[pa.Table], cursor: "_Cursor") -> int:
    """New and changed rows over the old ones, by key; without a key they replace those with the same cursor value."""
    new = pa.concat_tables(tables) if tables else layout.schema.empty_table()
    now = snapshot()
    old_rows = now.info(table.full_name).rows
    if not new.num_rows:
        return old_rows
    if new.num_rows > NEVER_MORE_ROWS:
        raise InvalidInput(
            _("%s has too many new rows to add. Load it completely once.") % table.full_name, place=table.full_name
        )
    old, added = now.table(table.full_name), ibis.memtable(new)
    replaced = list(layout.key) or [cursor.column]  # without a key: rows at the old highest value were read again
    if not set(replaced) <= set(old.columns) & set(new.column_names):
        return stage.append(spec_of(table, layout), new).rows
    names = [name for name in new.column_names if name in old.columns]
    kept = old.anti_join(added, replaced).select(names)
    missing = {
        name: ibis.null().cast(added.schema()[name]).name(name) for name in new.column_names if name not in names
    }
    everything = kept.mutate(**missing).select(new.column_names).union(added.select(new.column_names))
    return stage.write(spec_of(table, layout), everything).rows


class _Cursor:
    """The highest value of the cursor column that was seen."""

    def __init__(self, column: str, since: Any) -> None:
        self.column, self.highest = column, since

    def watched(self, batches: Iterator[Batch]) -> Iterator[Batch]:
        for batch in batches:
            if self.column and self.column in batch.data.column_names and batch.data.num_rows:
                highest = pc.max(batch.data.column(self.column)).as_py()
                if highest is not None:
                    self.highest = _plain(highest)
            yield batch


def _plain(value: Any) -> Any:
    """A value that JSON can hold and a database can compare."""
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ")
    return value if isinstance(value, int | float | str) else str(value)
