"""A process that walks people on is killed at any moment: nobody is moved twice, nobody is lost."""

from collections import Counter
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from journeys import queries, runtime, services
from journeys.entering import enrol
from journeys.models import Enrolment, Journey
from messaging.models import Message
from tests.journeys.world import (
    EMAIL,
    END,
    NOW,
    branch,
    draw,
    make_segment,
    make_template,
    person_id,
    publish_members,
    publish_people,
)
from tests.support.forks import Fork

PEOPLE = 3_000
WALKER = """
from django.utils import timezone
from journeys import runtime
print("ready", flush=True)
while runtime.advance(timezone.now(), %d):
    print("moved", flush=True)
"""


PAST = {"kind": "wait", "mode": "until", "until": "2026-01-01T00:00"}
Forks = Callable[[str], Fork]


def follow(process: Fork, moves: int) -> None:
    """Until it moved so many batches, or has nothing to move."""
    for number, _line in enumerate(process.said):
        if number >= moves:
            return


def places(journey: Journey) -> list[tuple[str, str, int]]:
    rows = Enrolment.objects.filter(journey=journey).order_by("pk")
    return [(step, state, len(trail)) for step, state, trail in rows.values_list("step", "state", "trail")]


@pytest.mark.django_db(transaction=True)
def test_two_walkers_one_killed_and_a_pause_and_a_stop_in_between(marketer: User, forks: Forks) -> None:
    publish_people(PEOPLE)
    make_segment()
    make_template()
    publish_members("loyal-customers", [person_id(n) for n in range(PEOPLE)])
    rome = [{**EMAIL, "id": "rome"}, {**PAST, "id": "short"}]
    journey = draw(EMAIL, {**PAST, "id": "wait"}, branch(rome, cities=["Rome"]), {**EMAIL, "id": "last"}, END)
    enrol(services.publish(journey, by=marketer, now=NOW), NOW)
    first, second = forks(WALKER % 20), forks(WALKER % 20)
    follow(first, 7)
    first.kill()
    follow(second, 12)
    services.pause(journey, by=marketer)
    paused = places(journey)
    second.wait()
    assert places(journey) == paused
    assert {state for _step, state, _left in paused} >= {"active"}
    services.resume(journey, by=marketer)
    third = forks(WALKER % 20)
    follow(third, 7)
    services.stop(journey, by=marketer)
    stopped, planned = places(journey), Message.objects.count()
    third.wait()
    assert (places(journey), Message.objects.count()) == (stopped, planned)
    assert {state for _step, state, _left in stopped} <= {"done", "stopped"}
    assert set(Message.objects.values_list("state", "reason")) == {("skipped", "stopped")}
    passed = {step: place.passed for step, place in queries.standings(journey.versions.all()).items()}
    mails = Counter(Message.objects.values_list("step_key", flat=True))
    assert mails == Counter({step: passed[step] for step in ("mail", "rome", "last") if passed.get(step)})
    entered = queries.standings(journey.versions.all())
    assert sum(place.done + place.stopped for place in entered.values()) == PEOPLE


@pytest.mark.django_db(transaction=True)
def test_kill_9_repeats_nothing_and_loses_nothing(marketer: User, forks: Forks) -> None:
    publish_people(PEOPLE)
    make_segment()
    make_template()
    publish_members("loyal-customers", [person_id(n) for n in range(PEOPLE)])
    last = {**EMAIL, "id": "second"}
    journey = draw(EMAIL, branch([{**EMAIL, "id": "rome"}], cities=["Rome"]), last, END, by=marketer)
    enrol(services.publish(journey, by=marketer, now=NOW), NOW)
    for moves in (3, 17, 40):
        process = forks(WALKER % 100)
        follow(process, moves)
        process.kill()
        found = queries.standings(journey.versions.all())
        active = sum(place.waiting for step, place in found.items() if step != "start")
        assert active == Enrolment.objects.filter(state="active").count()
    while runtime.advance(NOW.replace(year=2030), 1000):
        pass
    assert Enrolment.objects.filter(state="done", step="end").count() == PEOPLE
    assert Message.objects.filter(step_key="mail").count() == PEOPLE
    assert Message.objects.filter(step_key="rome").count() == PEOPLE // 3
    assert Message.objects.filter(step_key="second").count() == PEOPLE
    assert queries.standings(journey.versions.all())["end"].done == PEOPLE
