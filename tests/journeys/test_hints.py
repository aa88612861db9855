"""What does not stand against publishing, but is worth a second look."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from journeys import services
from messaging.models import EmailTemplate
from segments.models import Segment
from tests.journeys.world import EMAIL, END, WAIT, draw

pytestmark = pytest.mark.django_db
PAST = {"id": "wait", "kind": "wait", "mode": "until", "until": "2020-01-01T09:00"}


def saved(client: Client, *steps: dict[str, Any]) -> list[dict[str, str]]:
    journey = draw(*steps)
    body = {"revision": 0, "start": {"segment": "loyal-customers"}, "steps": list(steps)}
    answer = client.post(f"/journeys/{journey.slug}/draft/", json.dumps(body), content_type="application/json").json()
    assert answer["problems"] == []
    hints: list[dict[str, str]] = answer["hints"]
    return hints


def test_a_journey_in_which_nothing_happens_is_pointed_out(ready: User, client_of: Callable[[User], Client]) -> None:
    (hint,) = saved(client_of(ready), WAIT, END)
    assert "it has no e-mail yet" in hint["message"]


def test_a_wait_until_a_moment_that_has_passed_is_pointed_out(ready: User, client_of: Callable[[User], Client]) -> None:
    (hint,) = saved(client_of(ready), PAST, EMAIL, END)
    assert (hint["step"], hint["field"]) == ("wait", "until")
    assert "has passed" in hint["message"]
    assert saved(client_of(ready), PAST | {"until": "2099-01-01T09:00", "mode": "for"}, EMAIL, END) == []


def test_people_who_would_not_get_the_mail_are_pointed_out(
    ready: User, template: EmailTemplate, client_of: Callable[[User], Client]
) -> None:
    EmailTemplate.objects.update(body='<p>Hi {{First name}}</p><img src="https://a.example/b.png">')
    (hint,) = saved(client_of(ready), EMAIL, END)
    assert hint["message"] == "1 picture has no alternative text."


def test_a_segment_without_members_is_pointed_out_and_can_be_published(
    ready: User, segment: Segment, client_of: Callable[[User], Client]
) -> None:
    Segment.objects.update(size=0)
    (hint,) = saved(client_of(ready), EMAIL, END)
    assert (hint["step"], "no members" in hint["message"]) == ("start", True)
    journey = draw(PAST, EMAIL, END)
    panel = client_of(ready).post(
        f"/journeys/{journey.slug}/panel/", json.dumps({"can_edit": True}), content_type="application/json"
    )
    assert "has passed" in panel.content.decode()
    assert services.publish(journey, by=ready).number == 1
