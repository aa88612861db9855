"""The `measures` stage of a refresh."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.models import Workspace
from jobs.registry import Context, job_kind
from jobs.stages import StageResult
from measures.models import Measure
from measures.services import FIELDS, VALUES_KIND, calculate
from rules.catalog import PROFILES
from rules.services import moment

FINE = {"minutes", "hours"}


def run(context: Context, full: bool) -> StageResult:
    rows = calculate(context)
    broken = Measure.objects.exclude(problem="").count()
    note = ngettext("%(count)s measure has a problem.", "%(count)s measures have problems.", broken)
    return StageResult(rows, note % {"count": broken} if broken else "")


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
    """What looks back from now is calculated anew every day, and with every refresh where it looks back by hours."""
    rows = list(Measure.objects.order_by("slug").values(*FIELDS, "slug"))
    asked = [_units(row["where"]) | _units(row["within"]) for row in rows]
    now = moment().replace(second=0, microsecond=0)
    since = now.isoformat() if any(units & FINE for units in asked) else now.date().isoformat() if any(asked) else ""
    return {"measures": rows, "today": since, "zone": Workspace.current().time_zone}


def _units(part: Any) -> set[str]:
    """In what a part of a rule that looks back from now counts; empty where it does not."""
    if isinstance(part, list):
        return set().union(*map(_units, part))
    if not isinstance(part, dict):
        return set()
    own = {str(part.get("unit", "days"))} if part.keys() & {"n", "last"} or part.get("op") == "anniversary" else set()
    return own.union(*map(_units, part.values()))


def writes() -> Iterable[str]:
    return ["measures.customer", "measures.business"]
