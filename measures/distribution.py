"""How a measure is spread over customers."""

import math
from datetime import date, timedelta
from typing import Any, Literal

import ibis.expr.types as ir
from django.urls import reverse
from django.utils.translation import gettext as _

from core.formats import decimals, major, money, number, period, plain, whole_money
from lake.queries import Snapshot
from lake.specs import ColumnInfo
from measures.models import Measure
from measures.services import Example
from profiles.models import Profile

TABLE = "measures.customer"
BARS = 12
TIME_BARS = 36  # a month of days, three years of months
TOP = 10
EDGE_DECIMALS = 9  # of the finest range of an axis
NUMBERS = {"integer", "number", "money"}
TIMES = {"date", "timestamp"}


def _column(measure: Measure, current: Snapshot) -> ColumnInfo | None:
    if measure.of != Measure.Of.CUSTOMER or not current.has(TABLE):
        return None
    return current.info(TABLE).column(measure.column_name)


def chart(measure: Measure, current: Snapshot) -> dict[str, Any] | None:
    """Data for a bar chart: customers per range of values, equally wide and round, up to the 99th percentile; of dates
    per day, month or year.

    None where there is nothing to spread: no value yet, not a number, or one value for all.
    """
    column = _column(measure, current)
    if column is not None and column.type in TIMES:
        return by_time(current.table(TABLE)[column.name], current)
    if column is None or column.type not in NUMBERS:
        return None
    values: Any = current.table(TABLE)[column.name]
    low, high = (
        (current.arrow(values.as_table().aggregate(low=values.min(), high=values.quantile(0.99))))
        .to_pylist()[0]
        .values()
    )
    if low is None or high is None or high <= low:
        return None
    width = _round_width((high - low) / BARS, whole=column.type != "number")
    first = math.floor(low / width) * width
    bars = min(BARS, math.floor((high - first) / width) + 1)
    place = ((values - first) / width).floor().clip(0, bars).cast("int64")
    table: ir.Table = current.table(TABLE).mutate(place=place).filter(values.notnull())
    counts = {
        row["place"]: row["n"] for row in current.arrow(table.group_by("place").aggregate(n=table.count())).to_pylist()
    }
    labels = [*edges(column, [first + width * n for n in range(bars)]), _("more")]
    return {
        "labels": labels,
        "series": [{"name": _("Customers"), "values": [counts.get(n, 0) for n in range(bars + 1)]}],
    }


def edges(column: ColumnInfo, values: list[float]) -> list[str]:
    """Where ranges begin, all with the decimals that the finest of them needs: $0, $500."""
    if column.type == "money" and column.currency:
        whole = all(major(round(value), column.currency) % 1 == 0 for value in values)
        return [(whole_money if whole else money)(round(value), column.currency) for value in values]
    places = decimals(values, EDGE_DECIMALS)
    return [number(value, places, places) for value in values]


def by_time(values: Any, current: Snapshot) -> dict[str, Any] | None:
    """Customers per day, month or year, whichever needs no more than so many bars; of too many years the last ones."""
    ends = current.arrow(values.as_table().aggregate(low=values.min(), high=values.max())).to_pylist()[0]
    low, high = ends["low"], ends["high"]
    if low is None or low == high:
        return None
    spans = {"D": (high - low).days, "M": (high.year - low.year) * 12 + high.month - low.month}
    unit: Literal["D", "M", "Y"] = "D" if spans["D"] < TIME_BARS else "M" if spans["M"] < TIME_BARS else "Y"
    begun = values.truncate(unit).cast("date").name("begun")
    counted = current.arrow(begun.as_table().group_by("begun").aggregate(n=begun.count())).to_pylist()
    counts = {row["begun"]: row["n"] for row in counted if row["begun"] is not None}
    places = _every(unit, min(counts), max(counts))[-TIME_BARS:]
    return {
        "labels": [period(place, unit) for place in places],
        "series": [{"name": _("Customers"), "values": [counts.get(place, 0) for place in places]}],
    }


def _every(unit: str, first: date, last: date) -> list[date]:
    """The first days of all days, months or years from one to another."""
    if unit == "D":
        return [first + timedelta(n) for n in range((last - first).days + 1)]
    if unit == "Y":
        return [date(year, 1, 1) for year in range(first.year, last.year + 1)]
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [date(month // 12, month % 12 + 1, 1) for month in months]


def _round_width(least: float, *, whole: bool) -> float:
    """The next of 1, 2, 2.5, 5, 10, 20 … (0.1, 0.2 …), which people count in; a whole one for whole numbers."""
    power = 10.0 ** math.floor(math.log10(least))
    widths = [step * power for step in (1, 2, 2.5, 5, 10) if step * power >= least]
    return next((width for width in widths if not whole or width.is_integer()), 1.0)


def top_customers(measure: Measure, current: Snapshot) -> list[dict[str, str]]:
    """The ten customers with the highest values, or the latest: name, address of the page, value."""
    column = _column(measure, current)
    if column is None or column.type not in NUMBERS | TIMES:
        return []
    table = current.table(TABLE)
    expr = (
        table.filter(table[column.name].notnull()).order_by(table[column.name].desc()).select("profile_id", column.name)
    )
    return _rows([(r["profile_id"], r[column.name]) for r in current.arrow(expr, limit=TOP).to_pylist()], column)


def example_rows(example: Example) -> dict[str, Any]:
    """An example in words for the page."""
    column = ColumnInfo("value", example.type, "", currency=example.currency)
    if example.values is None:
        return {"total": shown(column, example.total)}
    return {"rows": _rows(example.values, column)}


def _rows(values: list[tuple[str, Any]], column: ColumnInfo) -> list[dict[str, str]]:
    places = decimals(value for _key, value in values) if column.type == "number" else 0
    names = dict(Profile.objects.filter(pk__in=[key for key, _value in values]).values_list("pk", "name"))
    return [
        {
            "name": names.get(key) or key,
            "url": reverse("profiles:detail", args=[key]),
            "value": shown(column, value, places),
        }
        for key, value in values
    ]


def shown(column: ColumnInfo, value: Any, least: int = 0) -> str:
    """A value in words; of a number with decimals at least so many, so that values stand in a column."""
    if value is None:
        return "–"
    if column.type == "money" and column.currency:
        return money(round(value), column.currency)
    return number(value, least=least) if column.type in NUMBERS else plain(value)
