"""The `measures` stage of a refresh."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import Workspace
from jobs.registry import Context, job_kind
from jobs.stages import StageResult
from measures.models import Measure
from measures.services import FIELDS, VALUES_KIND, calculate
from rules.catalog import PROFILES
from rules.services import moment


def run(context: Context, full: bool) -> StageResult:
    return StageResult(rows=calculate(context))


@job_kind(VALUES_KIND, _("Calculate measures"), _("measures"))
def calculate_saved(context: Context) -> dict[str, Any]:
    """All of them, since they share a table; again where one was saved meanwhile."""
    rows, saved = 0, True
    while saved:
        started = timezone.now()
        rows = calculate(context)
        saved = Measure.objects.filter(updated_at__gt=started).exists()
    return {"rows": rows}


def reads() -> Iterable[str]:
    tables = list(Measure.objects.values_list("table", flat=True).distinct())
    return [PROFILES, *tables, *(f"linked.{table}" for table in tables)]


def definition() -> dict[str, Any]:
    """Windows end now, so a measure with one is calculated anew every day."""
    rows = list(Measure.objects.order_by("slug").values(*FIELDS, "slug"))
    today = moment().date().isoformat() if any(row["within"] for row in rows) else ""
    return {"measures": rows, "today": today, "zone": Workspace.current().time_zone}


def writes() -> Iterable[str]:
    return ["measures.customer", "measures.business"]
