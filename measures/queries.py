"""Named reads of measures."""

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.formats import ago, exact, moments, money, number
from core.home import Kpi, Todo
from core.money import to_major
from core.palette import Hit
from core.usage import Use
from measures.models import Measure, MeasureValue
from profiles.config.usage import uses_of

if TYPE_CHECKING:
    from django.contrib.auth.models import User

_TIMES: dict[str, Callable[[str], date]] = {"date": date.fromisoformat, "timestamp": datetime.fromisoformat}
SHOWN_ON_HOME = 4
TREND_POINTS = 60


def uses(measure: Measure) -> list[Use]:
    """Where a measure is used, under its name or its column's."""
    return [use for use, _names in uses_of([measure.name, measure.column_name])]


def uses_of_tables() -> list[tuple[Use, set[str]]]:
    """Measures of the business and the tables that they are calculated from."""
    return _tables(Measure.Of.BUSINESS)


def uses_of_linked() -> list[tuple[Use, set[str]]]:
    """Measures of each customer and the tables whose rows they are calculated from."""
    return _tables(Measure.Of.CUSTOMER)


def _tables(of: Measure.Of) -> list[tuple[Use, set[str]]]:
    return [
        (Use(_("Measure"), measure.name, measure.get_absolute_url()), {measure.table})
        for measure in Measure.objects.filter(of=of).order_by("name")
    ]


def newest_values(measures: list[Measure]) -> dict[int, MeasureValue]:
    """The newest value of each measure, by the measure's number; in one query."""
    newest = MeasureValue.objects.filter(measure=OuterRef("pk")).order_by("-at").values("pk")[:1]
    wanted = Measure.objects.filter(pk__in=[measure.pk for measure in measures]).values_list(Subquery(newest))
    return {row.measure_id: row for row in MeasureValue.objects.filter(pk__in=wanted)}


def trend(measure: Measure) -> list[MeasureValue]:
    """The last values, oldest first."""
    return list(reversed(measure.values.order_by("-at")[:TREND_POINTS]))


def trend_chart(measure: Measure) -> dict[str, Any] | None:
    """Data for a line chart of the last values; None with fewer than two."""
    values = [value for value in trend(measure) if value.value is not None]
    if len(values) < 2:
        return None
    newest = values[-1]
    numbers = [value.value or 0 for value in values]
    if newest.type == "money":
        numbers = [float(to_major(round(number), newest.currency)) for number in numbers]
    return {
        "labels": moments([value.at for value in values]),
        "series": [{"name": measure.name, "values": numbers}],
        "format": "money" if newest.currency else "number",
        "currency": newest.currency,
    }


def shown(value: MeasureValue | None) -> str:
    """A value as a reader expects it; a dash where it is unknown."""
    if value is None:
        return "–"
    if value.type == "money" and value.currency:
        return money(None if value.value is None else round(value.value), value.currency)
    if not value.text:
        return number(value.value)
    return exact(_TIMES[value.type](value.text)) if value.type in _TIMES else value.text


def kpis(user: "User") -> list[Kpi]:
    measures = list(Measure.objects.visible_to(user).filter(of=Measure.Of.BUSINESS)[:SHOWN_ON_HOME])
    values = newest_values(measures)
    return [
        Kpi(measure.name, shown(values.get(measure.pk)), measure.get_absolute_url(), _since(values.get(measure.pk)), 60)
        for measure in measures
    ]


def _since(value: MeasureValue | None) -> str:
    return ago(value.at) if value else _("not calculated yet")


def todos(user: "User") -> list[Todo]:
    broken = Measure.objects.visible_to(user).exclude(problem="").count()
    if not broken:
        return []
    text = ngettext("%(n)s measure does not fit the data.", "%(n)s measures do not fit the data.", broken)
    return [Todo(text % {"n": broken}, reverse("measures:list"), _("Look at them"))]


def palette_hits(user: "User", query: str) -> list[Hit]:
    rows = Measure.objects.visible_to(user).filter(name__icontains=query)[:6]
    return [Hit(row.name, row.get_absolute_url(), str(_("Measures")), "calculator") for row in rows]
