"""A process that walks people on is killed at any moment: nobody is moved twice, nobody is lost."""

import signal
import subprocess
import sys
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from journeys import queries, runtime, services
from journeys.entering import enrol
from journeys.models import Enrolment
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

PEOPLE = 3_000
WALKER = """
import django; django.setup()
from django.utils import timezone
from journeys import runtime
print("ready", flush=True)
while runtime.advance(timezone.now(), 100):
    print("moved", flush=True)
"""


@pytest.mark.django_db(transaction=True)
def test_kill_9_repeats_nothing_and_loses_nothing(
    marketer: User, process_environment: Callable[[], dict[str, str]]
) -> None:
    publish_people(PEOPLE)
    make_segment()
    make_template()
    publish_members("loyal-customers", [person_id(n) for n in range(PEOPLE)])
    last = {**EMAIL, "id": "second"}
    journey = draw(EMAIL, branch([{**EMAIL, "id": "rome"}], cities=["Rome"]), last, END, by=marketer)
    enrol(services.publish(journey, by=marketer, now=NOW), NOW)
    for moves in (3, 17, 40):
        walker = subprocess.Popen(  # noqa: S603
            [sys.executable, "-c", WALKER], env=process_environment(), stdout=subprocess.PIPE, text=True
        )
        assert walker.stdout is not None
        for line, _text in enumerate(walker.stdout):
            if line >= moves:
                break
        walker.send_signal(signal.SIGKILL)
        walker.wait()
        places = queries.standings(journey.versions.all())
        active = sum(place.waiting for step, place in places.items() if step != "start")
        assert active == Enrolment.objects.filter(state="active").count()
    while runtime.advance(NOW.replace(year=2030), 1000):
        pass
    assert Enrolment.objects.filter(state="done", step="end").count() == PEOPLE
    assert Message.objects.filter(step_key="mail").count() == PEOPLE
    assert Message.objects.filter(step_key="rome").count() == PEOPLE // 3
    assert Message.objects.filter(step_key="second").count() == PEOPLE
    assert queries.standings(journey.versions.all())["end"].done == PEOPLE
