"""Days and windows. `now` is always aware, and its zone is the workspace's: it decides where a day begins."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, time, timedelta

_MONTHS = {"months": 1, "years": 12}
_HOURS = {"minutes": timedelta(minutes=1), "hours": timedelta(hours=1)}
_DAYS = {"days": 1, "weeks": 7}


def add(day: date, n: int, unit: str) -> date:
    """Calendar arithmetic. A day that the month does not have becomes its last: 31 March - 1 month = 28 February.

    Clamped to the years 1 to 9999.
    """
    try:
        if unit in _DAYS:
            return day + timedelta(days=n * _DAYS[unit])
        months = day.year * 12 + day.month - 1 + n * _MONTHS[unit]
        year, month = divmod(months, 12)
        return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
    except (OverflowError, ValueError):
        return date.max if n > 0 else date.min


def shift(now: datetime, n: int, unit: str) -> datetime:
    """The instant n units from now, in UTC. Days and longer units keep the clock time in now's zone."""
    try:
        if unit in _HOURS:
            return now.astimezone(UTC) + n * _HOURS[unit]
        return datetime.combine(add(now.date(), n, unit), now.timetz()).astimezone(UTC)
    except OverflowError:
        edge = datetime.max if n > 0 else datetime.min
        return edge.replace(microsecond=0, tzinfo=UTC)


def start_of(day: date, now: datetime) -> datetime:
    """When a day begins in now's zone, in UTC."""
    try:
        return datetime.combine(day, time.min, tzinfo=now.tzinfo).astimezone(UTC)
    except OverflowError:
        return datetime.combine(day, time.min, tzinfo=UTC)


def next_day(day: date) -> date:
    return day if day == date.max else day + timedelta(days=1)


def days_ahead(now: datetime, n: int) -> list[int]:
    """The days from today to n days ahead as month * 100 + day. 29 February is kept on the 28th in common years."""
    first = now.date()
    found = []
    for offset in range(min(n, 365) + 1):
        day = add(first, offset, "days")
        found.append(day.month * 100 + day.day)
        if (day.month, day.day) == (2, 28) and not calendar.isleap(day.year):
            found.append(229)
    return sorted(set(found))
