"""Waits: for some time, until a date, or until a time of day on chosen days of the week."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from pydantic import Field, field_validator

from core.errors import InvalidInput
from core.models import Workspace
from journeys.kinds import Problem, Step, StepKind, register

UNITS = {
    "minutes": timedelta(minutes=1),
    "hours": timedelta(hours=1),
    "days": timedelta(days=1),
    "weeks": timedelta(weeks=1),
}
LONGEST_WAIT = timedelta(days=365)  # people change their mind in a year; a longer promise is not one journey
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_NAMES = (
    gettext_lazy("Mon"),
    gettext_lazy("Tue"),
    gettext_lazy("Wed"),
    gettext_lazy("Thu"),
    gettext_lazy("Fri"),
    gettext_lazy("Sat"),
    gettext_lazy("Sun"),
)
_SPAN = re.compile(r"(\d{1,9})\s*(minute|hour|day|week)s?")


class WaitStep(Step):
    """`mode` says which fields count: "for" amount and unit, "until" a moment, "at" a time of day (and days, none:
    all).

    Dates and times without a zone are the workspace's local ones.
    """

    kind: Literal["wait"] = "wait"
    mode: Literal["for", "until", "at"] = "for"
    amount: int = Field(1, ge=-1_000_000_000, le=1_000_000_000)
    unit: Literal["minutes", "hours", "days", "weeks"] = "days"
    until: datetime | None = None
    at: str = Field("09:00", max_length=5)
    on: list[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]] = Field(default_factory=list, max_length=7)

    @field_validator("amount", mode="before")
    @classmethod
    def _no_amount(cls, value: Any) -> Any:
        return 0 if value in (None, "") else value

    @field_validator("until", mode="before")
    @classmethod
    def _no_date(cls, value: Any) -> Any:
        return value or None

    @field_validator("on")
    @classmethod
    def _in_week_order(cls, value: list[str]) -> list[str]:
        return [day for day in DAYS if day in value]

    @property
    def span(self) -> timedelta:
        return self.amount * UNITS[self.unit] if abs(self.amount) < 1_000_000 else timedelta(days=100_000)


def _time_of(text: str) -> tuple[int, int] | None:
    match = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", text)
    return (int(match[1]), int(match[2])) if match else None


def check(step: WaitStep) -> list[Problem]:
    if step.mode == "for" and not timedelta(0) < step.span <= LONGEST_WAIT:
        return [Problem(step.id, "amount", _("Wait for more than nothing and at most 365 days."))]
    if step.mode == "until" and step.until is None:
        return [Problem(step.id, "until", _("Choose the date and time until which people wait."))]
    if step.mode == "until" and step.until and _aware(step.until) > datetime.now(UTC) + LONGEST_WAIT:
        return [Problem(step.id, "until", _("Choose a date within the next 365 days."))]
    if step.mode == "at" and _time_of(step.at) is None:
        return [Problem(step.id, "at", _("Write the time of day like 09:00."))]
    return []


def hints(step: WaitStep) -> list[Problem]:
    if step.mode == "until" and step.until and _aware(step.until) <= datetime.now(UTC):
        return [Problem(step.id, "until", _("This moment has passed: nobody waits here, everybody goes on at once."))]
    return []


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=Workspace.current().zone)


def due(step: WaitStep, now: datetime) -> datetime:
    """A date that has passed means at once. A time of day that today has passed means the next chosen day.

    Of a time of day that occurs twice, when clocks are set back, the first one counts; one that does not occur, when
    they are set forward, is that much later.
    """
    if step.mode == "for":
        return now + step.span
    if step.mode == "until":
        return max(now, _aware(step.until)) if step.until else now
    hour, minute = _time_of(step.at) or (0, 0)
    local = now.astimezone(Workspace.current().zone)
    for days in range(8):
        moment = (local + timedelta(days=days)).replace(hour=hour, minute=minute, second=0, microsecond=0)
        if moment.astimezone(UTC) >= now and (not step.on or DAYS[moment.weekday()] in step.on):
            return moment.astimezone(UTC)
    return now


def words(step: WaitStep) -> str:
    if step.mode == "for":
        return {
            "minutes": ngettext("%(n)s minute", "%(n)s minutes", step.amount),
            "hours": ngettext("%(n)s hour", "%(n)s hours", step.amount),
            "days": ngettext("%(n)s day", "%(n)s days", step.amount),
            "weeks": ngettext("%(n)s week", "%(n)s weeks", step.amount),
        }[step.unit] % {"n": step.amount}
    if step.mode == "until":
        until = step.until and _aware(step.until).astimezone(Workspace.current().zone)
        return _("Until %(when)s") % {"when": date_format(until, "DATETIME_FORMAT") if until else "…"}
    if not step.on:
        return _("Until %(time)s") % {"time": step.at}
    days = ", ".join(str(name) for key, name in zip(DAYS, DAY_NAMES, strict=True) if key in step.on)
    return _("Until %(time)s on %(days)s") % {"time": step.at, "days": days}


def shorthand(step: WaitStep) -> Any:
    if step.mode == "for":
        unit = step.unit if step.amount != 1 else step.unit.removesuffix("s")
        return f"{step.amount} {unit}"
    if step.mode == "until":
        return {"until": step.until.isoformat() if step.until else None}
    return {"at": step.at} | ({"on": list(step.on)} if step.on else {})


def longhand(value: Any) -> dict[str, Any]:
    """`3 days`, `{until: 2027-01-31T09:00}` or `{at: "09:00", on: [mon, tue]}`."""
    if isinstance(value, str):
        match = _SPAN.fullmatch(value.strip().lower())
        if not match:
            raise InvalidInput(_("Write a wait like “3 days” or “2 hours”."), place="wait")
        return {"mode": "for", "amount": int(match[1]), "unit": f"{match[2]}s"}
    if isinstance(value, dict) and set(value) == {"until"}:
        return {"mode": "until", "until": value["until"]}
    if isinstance(value, dict) and "at" in value and set(value) <= {"at", "on"}:
        return {"mode": "at", **value}
    raise InvalidInput(_("Write a wait like “3 days” or “2 hours”."), place="wait")


def panel_context(step: WaitStep) -> dict[str, Any]:
    return {
        "days": [(key, name, key in step.on) for key, name in zip(DAYS, DAY_NAMES, strict=True)],
        "units": [("minutes", _("minutes")), ("hours", _("hours")), ("days", _("days")), ("weeks", _("weeks"))],
        "modes": [
            ("for", _("For some time")),
            ("until", _("Until a date")),
            ("at", _("Until a time of day")),
        ],
        "zone": Workspace.current().time_zone,
        "until": step.until.strftime("%Y-%m-%dT%H:%M") if step.until else "",
    }


register(
    StepKind(
        name="wait",
        label=gettext_lazy("Wait"),
        description=gettext_lazy("Holds people for some time, or until a date or time of day"),
        icon="hourglass-split",
        schema=WaitStep,
        panel="journeys/steps/wait.html",
        check=check,
        hints=hints,
        words=words,
        shorthand=shorthand,
        longhand=longhand,
        due=due,
        panel_context=panel_context,
        order=20,
    )
)
