"""When people may go on, in the workspace's own time."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.models import Workspace
from journeys.steps.wait import WaitStep, due

BERLIN = ZoneInfo("Europe/Berlin")  # 2026: forward on 29 March at 02:00, back on 25 October at 03:00


@pytest.fixture(autouse=True)
def in_berlin(db: None) -> None:
    Workspace.objects.update_or_create(pk=1, defaults={"time_zone": "Europe/Berlin"})


def at(text: str, *, second: bool = False) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN, fold=int(second))


def goes_on(now: datetime, **step: object) -> str:
    when = due(WaitStep.model_validate({"id": "w", **step}), now.astimezone(UTC)).astimezone(BERLIN)
    return when.strftime("%a %d %H:%M %z")


@pytest.mark.parametrize(
    ("now", "time", "expected"),
    [
        (at("2026-03-28T10:00"), "09:00", "Sun 29 09:00 +0200"),  # a night of 23 hours
        (at("2026-03-29T01:00"), "02:30", "Sun 29 03:30 +0200"),  # 02:30 does not occur
        (at("2026-03-29T03:10"), "02:30", "Sun 29 03:30 +0200"),
        (at("2026-03-29T03:40"), "02:30", "Mon 30 02:30 +0200"),
        (at("2026-10-24T10:00"), "09:00", "Sun 25 09:00 +0100"),  # a night of 25 hours
        (at("2026-10-25T02:15"), "02:30", "Sun 25 02:30 +0200"),  # 02:30 occurs twice
        (at("2026-10-25T02:15", second=True), "02:30", "Mon 26 02:30 +0100"),
    ],
)
def test_a_time_of_day_is_that_of_the_clock_on_the_wall(now: datetime, time: str, expected: str) -> None:
    assert goes_on(now, mode="at", at=time) == expected


def test_the_same_weekday_after_its_time_is_next_week() -> None:
    assert goes_on(at("2026-10-19T09:01"), mode="at", at="09:00", on=["mon"]) == "Mon 26 09:00 +0100"


def test_a_date_without_a_zone_is_local_and_one_that_has_passed_is_now() -> None:
    assert goes_on(at("2026-01-01T00:00"), mode="until", until="2026-07-01T09:00") == "Wed 01 09:00 +0200"
    assert goes_on(at("2026-08-01T12:00"), mode="until", until="2026-07-01T09:00") == "Sat 01 12:00 +0200"


def test_days_are_24_hours() -> None:
    assert goes_on(at("2026-10-24T10:00"), mode="for", amount=1, unit="days") == "Sun 25 09:00 +0100"


@given(
    now=st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)),
    hour=st.integers(0, 23),
    minute=st.integers(0, 59),
    days=st.sets(st.sampled_from(["mon", "tue", "wed", "thu", "fri", "sat", "sun"])),
)
def test_nobody_goes_on_too_early_or_waits_more_than_a_week_and_an_hour(
    now: datetime, hour: int, minute: int, days: set[str]
) -> None:
    step = WaitStep.model_validate({"id": "w", "mode": "at", "at": f"{hour:02}:{minute:02}", "on": list(days)})
    now = now.replace(tzinfo=UTC)
    assert now <= due(step, now) <= now + timedelta(days=7 if days else 1, hours=1)
