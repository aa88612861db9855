"""The `measures` stage of a refresh."""

from collections.abc import Iterable
from typing import Any

from core.models import Workspace
from jobs.registry import Context
from jobs.stages import StageResult
from measures.models import Measure
from measures.services import FIELDS, calculate
from rules.catalog import PROFILES
from rules.services import moment


def run(context: Context, full: bool) -> StageResult:
    return StageResult(rows=calculate(context))


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
