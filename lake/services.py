"""Publishing: tables are written beside what readers see, and become visible together in one row."""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias

import ibis.expr.types as ir
import pyarrow as pa
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import Conflict, InvalidInput
from core.text import humanize
from lake import engine, merging, patches, store
from lake.models import CatalogVersion, TableVersion
from lake.parquet_files import ROW_GROUP_ROWS
from lake.queries import Snapshot, missing_as_unavailable, snapshot
from lake.specs import ColumnSpec, TableInfo, TableSpec, arrow_type, described
from lake.stats import column_stats

Data: TypeAlias = "pa.Table | pa.RecordBatchReader | ir.Table"
# From so many patches, or so large a share of rows that are gone, on, a table is written whole again: readers pay for
# each file, and look up every row of a file in what is gone.
PATCHED_FILES, PATCHED_SHARE = 12, 0.2
PUBLISH_LOCK = 7_204_117  # any number: publications wait for each other on it


class Stage:
    """Tables that are written but not yet visible. Without `publish` nothing happened, whatever crashes."""

    def __init__(self, before: Snapshot | None = None) -> None:
        self._current = before
        self._root = str(settings.LAKE_URL)
        self._written: dict[str, TableInfo] = {}
        self._bases: dict[str, int] = {}
        self._dropped: set[str] = set()

    def write(self, spec: TableSpec, data: Data, sort_by: Sequence[str] = ()) -> TableInfo:
        """Replaces a table. Rows are stored in the given order, or sorted by columns (nulls last; spills to disk)."""
        reader = _typed(spec, _reader(data))
        if not sort_by:
            return self._replace(spec, reader, ())
        return self._replace(spec, reader, sort_by, lambda rows: engine.ordered(rows, sort_by))

    def _replace(
        self,
        spec: TableSpec,
        rows: pa.RecordBatchReader,
        sorted_by: Sequence[str],
        arrange: store.Arrange = store.as_given,
    ) -> TableInfo:
        with store.writing(self._root, spec.name):
            written = store.write(self._root, spec.name, rows, arrange)
        return self._remember(spec, written, written.rows, sorted_by)

    def append(self, spec: TableSpec, data: Data) -> TableInfo:
        """Adds rows to what is published (or to what this stage wrote). The first append makes the table.

        At publication it raises Conflict when somebody else published the table in between.
        """
        before = self._before(spec.name)
        if before is None:
            return self.write(spec, data)
        spec = _inherited(spec, before)
        reader = _typed(spec, _reader(data), partly=True)
        if store.gone(self._root, spec.name, before.version):
            return self.write(spec, _one_after_another([self._rows_of(before), reader]))
        with store.writing(self._root, spec.name), missing_as_unavailable(spec.name):
            appended = store.append(self._root, spec.name, reader, before.version)
            written = store.compact(self._root, spec.name, appended)
        self._goes_on_from(before)
        return self._remember(spec, written, before.rows + written.rows, ())

    def patch(
        self, spec: TableSpec, data: pa.Table, column: str, gone: pa.Array, sort_by: Sequence[str] = ()
    ) -> TableInfo:
        """These rows in place of those in which `column` has a value of `gone`, without writing the rest anew: readers
        leave out what is gone. Where much of the table was patched, or a server answers questions, which cannot tell
        rows by their places, it is written whole, sorted by `sort_by`.

        `data` has the columns of the table. Statistics of columns are kept until then, and no longer called exact. At
        publication it raises Conflict when somebody else published the table in between.
        """
        before = self._before(spec.name)
        if before is None:
            return self.write(spec, data, sort_by)
        spec = _inherited(spec, before)
        reader = _typed(spec, _reader(data.select([c.name for c in before.columns])))
        with store.writing(self._root, spec.name), missing_as_unavailable(spec.name):
            files = store.files(self._root, spec.name, before.version)
            was = store.patched(self._root, spec.name, before.version)
            found = patches.places_of(files, column, gone, was.gone)
            now = replace(was, gone=pa.concat_tables([was.gone, found]))
            written = store.append(self._root, spec.name, reader, before.version, now)
        self._goes_on_from(before)
        info = self._remember(_with_stats(spec, before), written, before.rows + written.rows - found.num_rows, ())
        few = len(written.files) <= PATCHED_FILES and now.gone.num_rows <= PATCHED_SHARE * info.rows
        if few and engine.reads_patches():
            return info
        rows = merging.in_order(written, now, sort_by)
        return self.write(spec, self._rows_of(info), sort_by) if rows is None else self._replace(spec, rows, sort_by)

    def drop(self, name: str) -> None:
        """Takes a table out of the catalog; its files go when the retention is over. Unknown names are no error."""
        self._written.pop(name, None)
        self._dropped.add(name)

    def publish(self, note: str = "") -> int:
        """Makes everything visible at once, or nothing; the catalog version. Publications of others since are kept."""
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PUBLISH_LOCK])
            newest = CatalogVersion.objects.order_by("-pk").first()
            tables: dict[str, int] = dict(newest.tables) if newest else {}
            self._check_bases(tables)
            changes = {name: info.version for name, info in self._written.items()}
            after = {name: version for name, version in (tables | changes).items() if name not in self._dropped}
            if newest is not None and after == tables:
                return newest.pk
            TableVersion.objects.filter(name__in=[*self._written, *self._dropped], is_current=True).update(
                is_current=False
            )
            for info in self._written.values():  # a folder that was emptied by hand counts from 0 again
                TableVersion.objects.filter(name=info.name, version=info.version).delete()
            TableVersion.objects.bulk_create([_row(info) for info in self._written.values()])
            published = CatalogVersion.objects.create(tables=after, note=note[:250])
        self._written, self._bases, self._dropped = {}, {}, set()
        return published.pk

    def _remember(self, spec: TableSpec, written: store.Written, rows: int, sort_by: Sequence[str]) -> TableInfo:
        schema, files = written.schema, written.files
        given = {column.name for column in spec.columns if column.stats is not None}
        unique = spec.key[0] if len(spec.key) == 1 else ""
        info = TableInfo(
            name=spec.name,
            version=written.version,
            label=spec.label or humanize(spec.name.rpartition(".")[2]),
            grain=spec.grain,
            key=tuple(spec.key),
            columns=described(spec, schema, column_stats(files, schema, rows, given, unique)),
            rows=rows,
            bytes=written.bytes,
            sorted_by=tuple(sort_by),
        )
        self._written[spec.name] = info
        self._dropped.discard(spec.name)
        return info

    def _before(self, name: str) -> TableInfo | None:
        """What this stage wrote, else what is published, or was in what it goes on from."""
        current = self._current or snapshot()
        return self._written.get(name) or (current.info(name) if current.has(name) else None)

    def _goes_on_from(self, before: TableInfo) -> None:
        if before.name not in self._written:
            self._bases[before.name] = before.version

    def _rows_of(self, info: TableInfo) -> pa.RecordBatchReader:
        with missing_as_unavailable(info.name):
            version = (self._root, info.name, info.version)
            return engine.rows(store.files(*version), store.schema(*version), store.gone(*version))

    def _check_bases(self, tables: dict[str, int]) -> None:
        for name, base in self._bases.items():
            if tables.get(name) != base:
                message = _("“%(name)s” was changed by somebody else meanwhile. Nothing was added; run this again.")
                raise Conflict(message % {"name": name}, place=name)


def stage(before: Snapshot | None = None) -> Stage:
    """`before`: what appends and patches go on from, where that is not the newest; the database is not asked then."""
    return Stage(before)


def write_and_publish(spec: TableSpec, data: Data, sort_by: Sequence[str] = (), note: str = "") -> TableInfo:
    """One table, written and visible."""
    work = stage()
    info = work.write(spec, data, sort_by)
    work.publish(note or spec.name)
    return info


def _reader(data: Data) -> pa.RecordBatchReader:
    if isinstance(data, ir.Table):
        return engine.batches(data)
    return data.to_reader(ROW_GROUP_ROWS) if isinstance(data, pa.Table) else data


def _inherited(spec: TableSpec, before: TableInfo) -> TableSpec:
    """What an append does not say is as it was."""
    stated = {column.name for column in spec.columns}
    kept = [
        ColumnSpec(c.name, c.type, c.label, c.semantic, c.currency, c.sensitive)
        for c in before.columns
        if c.name not in stated
    ]
    return TableSpec(
        name=spec.name,
        label=spec.label or before.label,
        grain=spec.grain or before.grain,
        key=tuple(spec.key) or before.key,
        columns=[*spec.columns, *kept],
    )


def _with_stats(spec: TableSpec, before: TableInfo) -> TableSpec:
    """With the statistics of before where the spec has none of its own."""
    kept = {column.name: replace(column.stats, is_exact=False) for column in before.columns}
    return replace(spec, columns=[replace(c, stats=c.stats or kept.get(c.name)) for c in spec.columns])


def _one_after_another(readers: Sequence[pa.RecordBatchReader]) -> pa.RecordBatchReader:
    """Columns that one of them lacks are null there."""
    schema = pa.unify_schemas([reader.schema for reader in readers])

    def batches() -> Iterator[pa.RecordBatch]:
        for reader in readers:
            for batch in reader:
                known = dict(zip(batch.schema.names, batch.columns, strict=True))
                yield pa.record_batch(
                    [known.get(f.name, pa.nulls(batch.num_rows, f.type)).cast(f.type) for f in schema], schema=schema
                )

    return pa.RecordBatchReader.from_batches(schema, batches())


def _typed(spec: TableSpec, reader: pa.RecordBatchReader, partly: bool = False) -> pa.RecordBatchReader:
    """The stream with the types that the spec states. Unless `partly`, the data must have every stated column:
    InvalidInput."""
    given = store.canonical_schema(reader.schema)
    stated = {column.name: column for column in spec.columns}
    missing = sorted(set(stated) - set(given.names))
    if missing and not partly:
        message = _("The data for “%(name)s” lacks the columns %(columns)s.")
        raise InvalidInput(message % {"name": spec.name, "columns": ", ".join(missing)}, place=spec.name)
    target = pa.schema(
        [pa.field(f.name, arrow_type(stated[f.name], f.type) if f.name in stated else f.type) for f in given]
    )
    if target == reader.schema:
        return reader
    return pa.RecordBatchReader.from_batches(target, (store.cast(batch, target) for batch in reader))


def _row(info: TableInfo) -> TableVersion:
    return TableVersion(
        name=info.name,
        version=info.version,
        label=info.label[:250],
        grain=info.grain[:250],
        key=list(info.key),
        columns=[column.as_json() for column in info.columns],
        sorted_by=list(info.sorted_by),
        rows=info.rows,
        bytes=info.bytes,
        is_current=True,
    )


def clean(hours: int = store.RETENTION_HOURS) -> dict[str, int]:
    """Forgets publications older than `hours` (never the newest) and deletes files that none of the rest needs.

    How many files went, by table. Raises ValueError below 24 hours. Safe beside readers and writers.
    """
    if hours < store.RETENTION_HOURS:
        raise ValueError(f"Files must stay at least {store.RETENTION_HOURS} hours.")
    root, oldest = str(settings.LAKE_URL), timezone.now() - datetime.timedelta(hours=hours)
    successors = CatalogVersion.objects.filter(created_at__lt=oldest).values_list("pk", flat=True)[:1]
    if successors:  # the newest of the old ones was what readers saw until its successor came
        CatalogVersion.objects.filter(pk__lt=successors[0]).delete()
    kept: dict[str, set[int]] = {}
    for tables in CatalogVersion.objects.values_list("tables", flat=True):
        for name, version in tables.items():
            kept.setdefault(name, set()).add(version)
    gone = {}
    for name in set(TableVersion.objects.values_list("name", flat=True)):
        with store.writing(root, name):
            gone[name] = store.clean(root, name, sorted(kept.get(name, [])), hours)
        unused = TableVersion.objects.filter(name=name, published_at__lt=oldest, is_current=False)
        unused.exclude(version__in=kept.get(name, [])).delete()
    known = {*kept, *TableVersion.objects.values_list("name", flat=True)}
    return gone | store.remove_unknown(root, known, oldest.timestamp())
