"""When the data is refreshed by itself, and the other periodic tasks of rooms. Kept where Celery's beat reads it."""

import datetime
from dataclasses import dataclass
from typing import Literal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask

from core import audit
from core.errors import InvalidInput
from core.models import Workspace
from core.roles import Actor, require

REFRESH = "Refresh the data"  # the row's name: a key, never shown
REFRESH_TASK = "jobs.refresh"
DEFAULT_MINUTES = 60
SHORTEST_MINUTES = 5

Every = Literal["minutes", "hours", "day"]


@dataclass(frozen=True)
class Plan:
    """`every` 15 minutes, 2 hours, or each day at `at` in the workspace's time zone (`count` does not matter then)."""

    is_on: bool = False
    every: Every = "minutes"
    count: int = DEFAULT_MINUTES
    at: datetime.time = datetime.time(3, 0)


def ensure(name: str, task: str, seconds: int) -> None:
    """A periodic task of a room: call it after migrations. What a person changed in the administration stays."""
    interval, _created = IntervalSchedule.objects.get_or_create(every=seconds, period=IntervalSchedule.SECONDS)
    PeriodicTask.objects.get_or_create(name=name, defaults={"task": task, "interval": interval})


def current() -> Plan:
    row = PeriodicTask.objects.filter(name=REFRESH).select_related("interval", "crontab").first()
    if row is None:
        return Plan()
    if row.crontab is not None:
        return Plan(row.enabled, "day", 1, datetime.time(int(row.crontab.hour), int(row.crontab.minute)))
    if row.interval is None:
        return Plan(row.enabled)
    every: Every = "hours" if row.interval.period == IntervalSchedule.HOURS else "minutes"
    return Plan(row.enabled, every, row.interval.every)


def change(plan: Plan, *, by: Actor = None) -> Plan:
    """Raises InvalidInput for an interval below five minutes, NotAllowed."""
    require(by, "jobs.change_schedule")
    if plan.every != "day" and plan.count * (60 if plan.every == "hours" else 1) < SHORTEST_MINUTES:
        message = _("Choose at least %(minutes)d minutes: a refresh must be able to end before the next one.")
        raise InvalidInput(message % {"minutes": SHORTEST_MINUTES}, fields={"count": [_("Too short.")]})
    with transaction.atomic():
        row, _created = PeriodicTask.objects.update_or_create(
            name=REFRESH,
            defaults={"task": REFRESH_TASK, "enabled": plan.is_on, "interval": None, "crontab": None} | _when(plan),
        )
        audit.record(
            by, "schedule.change", row, on=plan.is_on, every=plan.every, count=plan.count, at=f"{plan.at:%H:%M}"
        )
    return plan


def next_run() -> datetime.datetime | None:
    """When the next refresh is due, None when the schedule is off."""
    row = PeriodicTask.objects.filter(name=REFRESH, enabled=True).select_related("interval", "crontab").first()
    if row is None:
        return None
    now = timezone.now()
    since = row.last_run_at or row.date_changed or now
    left: datetime.timedelta = row.schedule.remaining_estimate(timezone.localtime(since) if row.crontab else since)
    return now + max(left, datetime.timedelta(0))


def _when(plan: Plan) -> dict[str, IntervalSchedule | CrontabSchedule]:
    if plan.every == "day":
        zone = Workspace.current().zone
        crontab, _created = CrontabSchedule.objects.get_or_create(
            minute=str(plan.at.minute), hour=str(plan.at.hour), timezone=zone,
            day_of_week="*", day_of_month="*", month_of_year="*",
        )  # fmt: skip
        return {"crontab": crontab}
    period = IntervalSchedule.HOURS if plan.every == "hours" else IntervalSchedule.MINUTES
    interval, _created = IntervalSchedule.objects.get_or_create(every=plan.count, period=period)
    return {"interval": interval}
