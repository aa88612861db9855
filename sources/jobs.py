"""What the workers run: the load of one table, and the `load` stage of a refresh."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.errors import KindredError, NotFound
from jobs.registry import Context, Subject, job_kind
from jobs.stages import RefreshStage, StageResult
from jobs.stages import register as register_stage
from sources import relations
from sources.loading.load import Outcome, load_tables
from sources.models import SourceTable
from sources.services import LOAD_KIND, load_table


def subjects(many: Sequence[Mapping[str, Any]]) -> list[list[Subject]]:
    rows = SourceTable.objects.select_related("source").in_bulk({params.get("table") for params in many})
    known = {
        pk: Subject(_("%(table)s of %(source)s") % {"table": row, "source": row.source}, row.get_absolute_url())
        for pk, row in rows.items()
    }
    return [[known[params.get("table")]] if params.get("table") in known else [] for params in many]


@job_kind(
    LOAD_KIND,
    gettext_lazy("Load a table"),
    gettext_lazy("bytes"),
    permission="sources.add_load",
    subjects=subjects,
)
def load(context: Context, table: int, full: bool = False) -> dict[str, Any]:
    found = SourceTable.objects.select_related("source").filter(pk=table).first()
    if found is None:
        raise NotFound(_("This table was removed meanwhile."))
    done = load_table(found, context, full=full)
    related = relations.relate_found([found.full_name])
    return {"load": done.pk, "rows": done.rows_loaded, "rejected": done.rows_rejected, "relationships": len(related)}


def load_stage(context: Context, full: bool) -> StageResult:
    """All active tables whose input changed, published together. A table that fails keeps what it had and is named."""
    tables = list(SourceTable.objects.select_related("source").filter(active=True))
    outcomes = load_tables(tables, context, full=full)
    good = [outcome for outcome in outcomes if outcome.error is None]
    failed = [outcome for outcome in outcomes if outcome.error is not None]
    if failed and not good and len(failed) == len(tables):
        raise _first(failed)
    if good:
        relations.relate_found([outcome.table.full_name for outcome in good])
    rows = sum(outcome.load.rows_loaded for outcome in good)
    return StageResult(rows=rows, note=_note(good, failed), problems=[_why(outcome) for outcome in failed])


def _first(failed: list[Outcome]) -> Exception:
    error = failed[0].error
    assert error is not None
    return error


def _note(good: list[Outcome], failed: list[Outcome]) -> str:
    rejected = sum(outcome.load.rows_rejected for outcome in good)
    parts = []
    if not good and not failed:
        parts.append(_("No input has changed."))
    if rejected:
        parts.append(ngettext("%s row was set aside.", "%s rows were set aside.", rejected) % rejected)
    for outcome in good:
        warnings = outcome.loaded.layout.warnings if outcome.loaded else []
        parts += [f"{outcome.table.full_name}: {warning}" for warning in warnings]
    return " ".join([*parts, *map(_why, failed)])


def _why(outcome: Outcome) -> str:
    error = outcome.error
    message = str(error.message) if isinstance(error, KindredError) else outcome.load.message or str(error)
    return f"{outcome.table.full_name}: {message}"


def register() -> None:
    register_stage(RefreshStage(name="load", label=gettext_lazy("Load sources"), run=load_stage))
