"""Operators on dates and points in time. Days begin at midnight in the workspace's zone."""

from datetime import UTC, date, datetime
from typing import Any, cast

import ibis
import ibis.expr.types as ir
from django.utils.translation import gettext as _

from lake.functions import clock_time
from rules import times
from rules.language import MAX_SPAN, UNITS
from rules.operators.base import Context, known, listed, operator, pair, wrong


def _day_or_instant(value: Any, context: Context) -> date | datetime:
    """`2026-05-01` is a day. `2026-05-01T10:00` is an instant (without an offset: in the workspace's zone)."""
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
        try:
            instant = datetime.fromisoformat(value)
        except ValueError:
            instant = None
        if instant is not None and context.type == "timestamp":
            return instant if instant.tzinfo else instant.replace(tzinfo=context.now.tzinfo)
    raise wrong(context.place, _("This needs a day, written like 2026-05-01."))


def _at(moment: date | datetime, context: Context) -> ir.Scalar:
    """A bound of the column's own type."""
    if context.type == "date":
        return ibis.literal(moment, type="date")
    instant = moment if isinstance(moment, datetime) else times.start_of(moment, context.now)
    return ibis.literal(instant.astimezone(UTC), type="timestamp('UTC')")


def _starts(value: Any, context: Context) -> ir.Scalar:
    return _at(_day_or_instant(value, context), context)


def _span(value: Any, context: Context) -> tuple[int, str]:
    n, unit = (value.get("n"), value.get("unit", "days")) if isinstance(value, dict) else (None, None)
    if isinstance(n, bool) or not isinstance(n, int) or not 0 <= n <= MAX_SPAN or unit not in UNITS:
        raise wrong(context.place, _('This needs a number of units, written like {"n": 90, "unit": "days"}.'))
    if context.type == "date" and unit in {"minutes", "hours"}:
        raise wrong(context.place, _("This holds days, so count in days, weeks, months or years."))
    return n, str(unit)


def window(
    column: ir.Value, start: date | datetime | None, end: date | datetime | None, context: Context
) -> ir.BooleanValue:
    """From start to end, both included, as constant bounds (the engine skips what lies outside)."""
    moment = cast(Any, column)
    bounds = [moment >= _at(start, context)] if start is not None else []
    if end is not None:
        if context.type == "timestamp" and not isinstance(end, datetime):
            bounds.append(moment < _at(times.next_day(end), context))
        else:
            bounds.append(moment <= _at(end, context))
    return known(ibis.and_(*bounds))


def last(column: ir.Value, n: int, unit: str, context: Context) -> ir.BooleanValue:
    """The last n units up to now (dates: up to today, so `0 days` is today)."""
    if context.type == "date":
        return window(column, times.add(context.now.date(), -n, unit), context.now.date(), context)
    return window(column, times.shift(context.now, -n, unit), context.now, context)


@operator("time", "before", "one")
def before(column: ir.Value, value: Any, context: Context) -> ir.BooleanValue:
    """Before the day begins, or before the instant. Unknown: no."""
    return known(cast(Any, column) < _starts(value, context))


@operator("time", "after", "one")
def after(column: ir.Value, value: Any, context: Context) -> ir.BooleanValue:
    """After the day has ended, or after the instant. Unknown: no."""
    moment = _day_or_instant(value, context)
    if context.type == "date" or isinstance(moment, datetime):
        return known(cast(Any, column) > _at(moment, context))
    return known(cast(Any, column) >= _at(times.next_day(moment), context))


@operator("time", "on", "one")
def on(column: ir.Value, value: Any, context: Context) -> ir.BooleanValue:
    """On that day, from midnight to midnight in the workspace's zone. Unknown: no."""
    day = _day_or_instant(value, context)
    if isinstance(day, datetime):
        raise wrong(context.place, _("This needs a day, written like 2026-05-01."))
    return window(column, day, day, context)


@operator("time", "between", "two")
def between(column: ir.Value, value: Any, context: Context) -> ir.BooleanValue:
    """From the first to the second day or instant, both included. Unknown: no."""
    low, high = pair(value, context)
    return window(column, _day_or_instant(low, context), _day_or_instant(high, context), context)


@operator("time", "in_last", "span")
def in_last(column: ir.Value, value: Any, context: Context) -> ir.BooleanValue:
    """Not earlier than n units ago and not later than now.

    Points in time: to the second (90 days ago at this time of day). Dates: from today minus n to today, both included.
    The future: no. Unknown: no.
    """
    return last(column, *_span(value, context), context)


@operator("time", "not_in_last", "span", of_unknown=True)
def not_in_last(column: ir.Value, value: Any, context: Context) -> ir.BooleanValue:
    """Not `in_last`: longer ago, in the future, or never. Unknown: yes."""
    return ~in_last(column, value, context)


@operator("time", "in_next", "span")
def in_next(column: ir.Value, value: Any, context: Context) -> ir.BooleanValue:
    """Not earlier than now (dates: today) and not later than in n units. Unknown: no."""
    n, unit = _span(value, context)
    if context.type == "date":
        return window(column, context.now.date(), times.add(context.now.date(), n, unit), context)
    return window(column, context.now, times.shift(context.now, n, unit), context)


@operator("time", "anniversary", "days")
def anniversary(column: ir.Value, value: Any, context: Context) -> ir.BooleanValue:
    """The day of the year (a birthday) falls on today or one of the next n days; the year does not matter.

    29 February is kept on the 28th in common years. Points in time count by their day in the workspace's zone.
    Unknown: no.
    """
    n = value.get("n") if isinstance(value, dict) else value
    if isinstance(n, bool) or not isinstance(n, int) or not 0 <= n <= 366:
        raise wrong(context.place, _("This needs a number of days from 0 to 366."))
    day = _local(column, context)
    return known((day.month() * 100 + day.day()).isin(times.days_ahead(context.now, n)))


@operator("time", "month_is", "months")
def month_is(column: ir.Value, value: Any, context: Context) -> ir.BooleanValue:
    """In one of these months (1 to 12) of any year; points in time by their day in our zone. Unknown: no."""
    months = listed(value if isinstance(value, list) else [value], context)
    if not all(isinstance(m, int) and not isinstance(m, bool) and 1 <= m <= 12 for m in months):
        raise wrong(context.place, _("Months are numbers from 1 to 12."))
    return known(_local(column, context).month().isin(months)) if months else ibis.literal(False)


@operator("time", "is_empty", "nothing", of_unknown=True)
def is_empty(column: ir.Value, value: Any, context: Context) -> ir.BooleanValue:
    """The time is unknown. Unknown: yes."""
    return column.isnull()


@operator("time", "is_set", "nothing")
def is_set(column: ir.Value, value: Any, context: Context) -> ir.BooleanValue:
    """The time is known. Unknown: no."""
    return column.notnull()


def _local(column: ir.Value, context: Context) -> Any:
    """The column's day as the workspace's calendar shows it."""
    if context.type == "date":
        return column
    return clock_time(str(context.now.tzinfo), column)
