"""Loading tables: what changed is read, all that succeeded becomes visible at once, and every attempt leaves a row."""

import hashlib
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import Cancelled, KindredError
from core.logs import in_short
from core.models import Workspace
from jobs.registry import Context
from lake.queries import snapshot
from lake.services import Stage, stage
from sources.access import access_of
from sources.connectors import registry
from sources.loading.attempt import Loaded, NothingLoaded, load_into
from sources.loading.columns import MONTH_FIRST_COUNTRIES, Settled
from sources.models import Load, SourceColumn, SourceTable

FOUND_OUT = ("position", "is_present", "reason", "type", "semantic", "currency", "format")
logger = logging.getLogger(__name__)


@dataclass
class Outcome:
    """How the load of one table ended."""

    table: SourceTable
    load: Load
    loaded: Loaded | None = None
    error: Exception | None = None
    fingerprint: str = ""


def definition_of(table: SourceTable) -> str:
    """A hash of everything that decides how the input is read; with another one the table must be loaded again."""
    columns = [
        {
            name: getattr(column, name)
            for name in ("type", "semantic", "currency", "format", "label")
            if column.states(name)
        }
        | {"name": column.name, "sensitive": column.is_sensitive}
        for column in table.columns.order_by("name")
        if column.stated or column.is_sensitive
    ]
    key = table.key if "key" in table.stated else []
    value = [table.config, key, columns, table.label, table.source.config, _assumed(table)]
    return hashlib.blake2b(json.dumps(value, sort_keys=True, default=str).encode(), digest_size=16).hexdigest()


def _assumed(table: SourceTable) -> dict[str, str | bool]:
    """What the workspace says where the table does not, as far as the columns found so far depend on it."""
    workspace, assumed = Workspace.current(), dict[str, str | bool]()
    for column in table.columns.all():
        if column.type == SourceColumn.Type.MONEY and not column.states("currency"):
            assumed["currency"] = workspace.currency
        if column.type == SourceColumn.Type.TIMESTAMP and not table.config.get("time_zone"):
            assumed["time_zone"] = workspace.time_zone
        if column.type in (SourceColumn.Type.DATE, SourceColumn.Type.TIMESTAMP) and not column.states("format"):
            assumed["month_first"] = workspace.default_country in MONTH_FIRST_COUNTRIES
    return assumed


def is_unchanged(table: SourceTable, fingerprint: str) -> bool:
    """Whether the last success read the same input in the same way. An unknown fingerprint is never the same."""
    same = bool(fingerprint) and fingerprint == table.fingerprint and definition_of(table) == table.definition
    return same and table.state == SourceTable.State.LOADED and snapshot().has(table.full_name)


def load_tables(tables: Sequence[SourceTable], context: Context | None = None, *, full: bool = False) -> list[Outcome]:
    """Loads the tables whose input changed (all with `full`) and publishes what succeeded in one piece.

    A table that fails keeps what it had, and does not keep others from loading. Raises Cancelled, and
    SoftTimeLimitExceeded where a worker may not go on.
    """
    work = stage()
    outcomes: list[Outcome] = []
    for table in tables:
        outcome = _load(work, table, context, full)
        if outcome is not None:
            outcomes.append(outcome)
            if isinstance(outcome.error, Cancelled | SoftTimeLimitExceeded):
                _give_up(outcomes)
                raise outcome.error
    _publish(work, outcomes)
    return outcomes


def _load(work: Stage, table: SourceTable, context: Context | None, full: bool) -> Outcome | None:
    """None when nothing changed."""
    load = Load(table=table, job=str(getattr(context, "job_id", "")))
    fingerprint = ""
    try:
        fingerprint = registry.get(table.source.connector).fingerprint(access_of(table.source), table.config)
        if not full and is_unchanged(table, fingerprint):
            return None
        load.save()
        since = _since(table, full)
        loaded = load_into(work, table, context, since=since)
        return Outcome(table, load, loaded, fingerprint=fingerprint)
    except (KindredError, SoftTimeLimitExceeded) as error:
        return Outcome(table, load, error=error, fingerprint=fingerprint)
    except Exception as error:
        logger.exception("Loading %s failed.", table.pk)
        return Outcome(table, load, error=error, fingerprint=fingerprint)


def _since(table: SourceTable, full: bool) -> object:
    """The cursor value from which to go on; None to read everything."""
    if full or not table.config.get("cursor") or table.definition != definition_of(table):
        return None
    return table.cursor if snapshot().has(table.full_name) else None


def _give_up(outcomes: Sequence[Outcome]) -> None:
    for outcome in outcomes:
        outcome.load.finish(Load.State.CANCELLED, message=_("Cancelled. What was loaded before stays."))


def _publish(work: Stage, outcomes: Sequence[Outcome]) -> None:
    good = [outcome for outcome in outcomes if outcome.loaded is not None]
    with transaction.atomic():
        names = ", ".join(outcome.table.full_name for outcome in good)
        version = work.publish(_("Loaded %s") % names) if good else None
        for outcome in good:
            _succeed(outcome, version)
    for outcome in outcomes:
        if outcome.error is not None:
            _fail(outcome)


def _succeed(outcome: Outcome, version: int | None) -> None:
    table, loaded = outcome.table, outcome.loaded
    assert loaded is not None
    save_columns(table, loaded)
    if "key" not in table.stated:
        table.key = loaded.layout.key
    table.state, table.problem = SourceTable.State.LOADED, ""
    table.rows, table.rejected = loaded.rows_total, loaded.rows_rejected
    table.loaded_at, table.cursor = timezone.now(), loaded.cursor
    table.fingerprint, table.definition = outcome.fingerprint, definition_of(table)
    table.save()
    outcome.load.finish(
        Load.State.DONE,
        rows_read=loaded.rows_read,
        rows_loaded=loaded.rows_loaded,
        rows_rejected=loaded.rows_rejected,
        bytes=loaded.bytes,
        notes=loaded.notes,
        reasons=loaded.reasons,
        fingerprint=outcome.fingerprint[:64],
        version=version,
    )


def _fail(outcome: Outcome) -> None:
    error, place = outcome.error, ""
    assert error is not None
    if isinstance(error, KindredError):
        message, place = str(error.message), error.place
    else:
        words = _("Something unexpected happened: %s. Try again; an administrator finds more in the log.")
        message = words % in_short(error)
    counts = error.counts if isinstance(error, NothingLoaded) else {}
    changed = {"rejected": counts["rows_rejected"]} if counts else {}
    SourceTable.objects.filter(pk=outcome.table.pk).update(state=SourceTable.State.FAILED, problem=message, **changed)
    outcome.load.finish(Load.State.FAILED, message=message, place=place[:250], **counts)


def save_columns(table: SourceTable, loaded: Loaded) -> None:
    """Remembers what was found out about each column. What is stated stays as it is."""
    known = {column.name: column for column in table.columns.all()}
    columns = [
        _remembered(known.get(settled.name) or SourceColumn(table=table, name=settled.name), settled)
        for settled in loaded.layout.columns
    ]
    for position, column in enumerate(columns):
        column.position = position
    SourceColumn.objects.bulk_create([column for column in columns if column.pk is None])
    SourceColumn.objects.bulk_update([column for column in columns if column.name in known], FOUND_OUT, batch_size=500)


def _remembered(column: SourceColumn, settled: Settled) -> SourceColumn:
    column.is_present, column.reason = settled.is_present, settled.reason
    currency = settled.plan.currency if settled.plan.type == "money" else ""
    found = {
        "type": settled.plan.type,
        "semantic": settled.semantic,
        "currency": currency,
        "format": settled.plan.format,
    }
    for name, value in found.items():
        if not column.states(name):
            setattr(column, name, value)
    return column
