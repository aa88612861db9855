"""Operational rows copied into the lake, so that segments see them like any other table.

A room registers a `Mirror`; whoever reads the lake for the newest state calls `sync` first. Rows move as Arrow through
ADBC, with a schema derived from the model, never as model instances.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from django.db import models, transaction
from django.db.models import Count, F, Max, QuerySet, Sum
from django.db.models.functions import Extract
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import NotFound
from lake import services
from lake.models import MirrorState
from lake.operational import column_type, reader
from lake.queries import Snapshot, snapshot
from lake.specs import ColumnSpec, TableSpec

REWRITE_BELOW_ROWS = 200_000  # a smaller table is copied whole: simple, and right whatever was changed or deleted
OVERLAP_SECONDS = 300  # rows of transactions that were open at the last copy may carry earlier times


@dataclass(frozen=True)
class Mirror:
    """A table of the lake that repeats a queryset.

    `queryset` returns the rows; `columns` maps a column of the lake to a field or annotation of the queryset;
    `watermark` is a field that grows with every change of a row (an `auto_now` time); `key` names the columns of the
    lake that are unique. `described` gives columns a label, a meaning or the type money.
    """

    table: str
    queryset: Callable[[], QuerySet[Any]]
    columns: Mapping[str, str]
    watermark: str
    key: Sequence[str] = ("id",)
    label: str = ""
    grain: str = ""
    described: Sequence[ColumnSpec] = ()


@dataclass(frozen=True)
class _Facts:
    """What tells a changed set of rows from an unchanged one. The sum of times catches changes committed late."""

    rows: int
    newest: Any
    fingerprint: str


_mirrors: dict[str, Mirror] = {}


def register(mirror: Mirror) -> None:
    _mirrors[mirror.table] = mirror


def registered() -> list[str]:
    return sorted(_mirrors)


def sync(names: Iterable[str] | None = None) -> dict[str, int]:
    """Brings mirrored tables (all by default) up to date in one publication: rows copied by table, 0 where nothing
    changed. Inside a transaction it sees that transaction's own rows. Raises NotFound for an unknown table."""
    wanted = registered() if names is None else sorted(set(names))
    for name in wanted:
        if name not in _mirrors:
            raise NotFound(_("“%(name)s” is not a mirrored table.") % {"name": name}, place=name)
    if not wanted:
        return {}
    own_rows = transaction.get_connection().in_atomic_block
    with transaction.atomic():
        MirrorState.objects.bulk_create([MirrorState(table=name) for name in wanted], ignore_conflicts=True)
        states = MirrorState.objects.select_for_update().filter(table__in=wanted).order_by("table")
        stage, now = services.stage(), snapshot()
        copied = {state.table: _sync_one(_mirrors[state.table], state, stage, now, own_rows) for state in states}
        if any(copied.values()) or any(not now.has(name) for name in wanted):
            stage.publish(_("mirrored rows"))
    return copied


def _sync_one(mirror: Mirror, state: MirrorState, stage: services.Stage, now: Snapshot, own_rows: bool) -> int:
    facts = _facts(mirror)
    if now.has(mirror.table) and facts.fingerprint == state.fingerprint:
        return 0
    small = facts.rows < REWRITE_BELOW_ROWS or state.watermark is None or not now.has(mirror.table)
    if small:
        copied = stage.write(_spec(mirror), _read(mirror, mirror.queryset(), own_rows), sort_by=mirror.key).rows
    else:
        copied = _merge_changes(mirror, state, stage, now, facts, own_rows)
    state.fingerprint, state.watermark, state.synced_at = facts.fingerprint, facts.newest, timezone.now()
    state.save()
    return copied or (1 if facts.rows == 0 else 0)


def _merge_changes(
    mirror: Mirror, state: MirrorState, stage: services.Stage, now: Snapshot, facts: _Facts, own_rows: bool
) -> int:
    """New rows are appended; changed and deleted ones rewrite the table in one set-based step."""
    assert state.watermark is not None
    since = state.watermark - datetime.timedelta(seconds=OVERLAP_SECONDS)
    changed = _read(mirror, mirror.queryset().filter(**{f"{mirror.watermark}__gte": since}), own_rows).read_all()
    old, fresh = now.table(mirror.table), ibis.memtable(changed)
    kept = old.anti_join(fresh, list(mirror.key))
    if now.scalar(kept.count()) + changed.num_rows != facts.rows:
        keys = {name: mirror.columns[name] for name in mirror.key}
        alive = _read(mirror, mirror.queryset(), own_rows, keys).read_all()
        kept = kept.semi_join(ibis.memtable(alive), list(mirror.key))
    everything: ir.Table = kept.union(fresh).order_by(list(mirror.key))
    stage.write(_spec(mirror), everything)
    return changed.num_rows or 1


def _facts(mirror: Mirror) -> _Facts:
    found = mirror.queryset().aggregate(
        mirrored_rows=Count("pk"),
        mirrored_newest=Max(mirror.watermark),
        mirrored_sum=Sum(Extract(F(mirror.watermark), "epoch", output_field=models.DecimalField())),
    )
    rows, newest = found["mirrored_rows"], found["mirrored_newest"]
    return _Facts(rows, newest, f"{rows}|{newest.isoformat() if newest else ''}|{found['mirrored_sum'] or 0}"[:200])


def _spec(mirror: Mirror) -> TableSpec:
    described = {column.name: column for column in mirror.described}
    queryset = mirror.queryset()
    columns = []
    for name, source in mirror.columns.items():
        given = described.get(name, ColumnSpec(name))
        kind = given.type or column_type(queryset, source)
        columns.append(
            ColumnSpec(name, kind, given.label, given.semantic, given.currency, given.sensitive, given.stats)
        )
    return TableSpec(mirror.table, mirror.label, mirror.grain, tuple(mirror.key), columns)


def _read(
    mirror: Mirror, queryset: QuerySet[Any], own_rows: bool, columns: Mapping[str, str] | None = None
) -> pa.RecordBatchReader:
    return reader(queryset, columns or mirror.columns, own_rows=own_rows)
