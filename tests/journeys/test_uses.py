"""What a journey that people walk on needs cannot be taken away, whatever its draft says by now."""

from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client

from core.errors import Conflict
from journeys import runtime, services
from journeys.entering import enrol
from journeys.models import Journey
from lake.services import stage
from lake.specs import ColumnSpec, TableSpec
from measures.models import Measure
from measures.services import delete_measure
from messaging.checks import ERROR, check
from messaging.delivery import deliver_due
from messaging.models import EmailTemplate
from segments import services as segments
from segments.models import Segment
from tests.journeys.world import EMAIL, END, NOW, WAIT, draw, later, make_segment


@pytest.fixture
def measure(ready: User) -> Measure:
    calculated("Visits")
    return Measure.objects.create(name="Visits", function="count", table="shop.visits")


def calculated(label: str) -> None:
    """Everybody's number of visits, in the lake, under this label."""
    rows = pa.table({"profile_id": [f"p{n:06d}" for n in range(30)], "visits": pa.array(range(30), pa.int64())})
    columns = [ColumnSpec("visits", label=label)]
    work = stage()
    work.write(TableSpec("measures.customer", key=["profile_id"], columns=columns), rows)
    work.publish("measures")


def printing(text: str) -> None:
    EmailTemplate.objects.update(body=f"<p>{text}</p>")


def walked(*steps: dict[str, Any], by: User) -> Journey:
    journey = draw(*steps)
    enrol(services.publish(journey, by=by, now=NOW), NOW)
    return journey


def draw_anew(journey: Journey, *steps: dict[str, Any], by: User) -> None:
    services.save_draft(journey, services.drafts.graphs.parse(draw(*steps).draft), by=by)


def test_a_measure_that_a_running_journey_prints_stays(ready: User, measure: Measure) -> None:
    printing("{{ Visits }} visits")
    journey = walked(WAIT, EMAIL, END, by=ready)
    printing("Hello")
    with pytest.raises(Conflict, match="Journey “Campaign”"):
        delete_measure(measure, by=ready)
    services.stop(journey, by=ready)
    delete_measure(measure, by=ready)


def test_a_measure_that_people_on_an_older_version_are_asked_about_stays(ready: User, measure: Measure) -> None:
    many = {"label": "Many", "rule": {"all": [{"attribute": "visits", "op": "gt", "value": 3}]}, "steps": []}
    fork = {"id": "fork", "kind": "branch", "branches": [many], "otherwise": []}
    journey = walked(WAIT, fork, END, by=ready)
    draw_anew(journey, WAIT, END, by=ready)
    services.publish(journey, by=ready, now=later(hours=1))
    Journey.objects.exclude(pk=journey.pk).delete()
    with pytest.raises(Conflict):
        delete_measure(measure, by=ready)
    while runtime.advance(later(days=3)):
        pass
    delete_measure(measure, by=ready)


def test_a_segment_that_people_on_an_older_version_are_asked_about_stays(ready: User) -> None:
    asked = make_segment("Asked about")
    path = {"label": "In it", "rule": {"all": [{"segment": asked.slug, "is": "in"}]}, "steps": []}
    journey = walked(WAIT, {"id": "fork", "kind": "branch", "branches": [path], "otherwise": []}, END, by=ready)
    draw_anew(journey, WAIT, END, by=ready)
    services.publish(journey, by=ready, now=later(hours=1))
    Journey.objects.exclude(pk=journey.pk).delete()
    with pytest.raises(Conflict):
        segments.delete(Segment.objects.get(slug=asked.slug), by=ready)


def test_a_measure_is_renamed_under_a_running_journey(ready: User, measure: Measure) -> None:
    """What was published goes on, and the draft still knows it by its short name."""
    printing("{{ Visits }} visits")
    walked(EMAIL, END, by=ready)
    calculated("Calls")
    runtime.advance(NOW)
    assert deliver_due().accepted == 30
    assert "29 visits" in str(mail.outbox[29].body)
    assert not [found.text for found in check(EmailTemplate.objects.get()) if found.level == ERROR]


def test_the_page_says_where_a_measure_is_used(
    ready: User, measure: Measure, client_of: Callable[[User], Client]
) -> None:
    printing("{{ Visits }} visits")
    answer = client_of(ready).post(f"/measures/{measure.slug}/delete/", follow=True)
    assert "Message “Loyal coupon”</a>" in answer.content.decode()
    assert Measure.objects.exists()
    assert client_of(ready).delete(f"/api/v1/measures/{measure.slug}/").status_code == 409


def test_an_email_that_a_journey_sends_or_will_send_stays(ready: User, client_of: Callable[[User], Client]) -> None:
    journey = walked(WAIT, EMAIL, END, by=ready)
    draw_anew(journey, WAIT, END, by=ready)
    Journey.objects.exclude(pk=journey.pk).delete()
    template = EmailTemplate.objects.get()
    answer = client_of(ready).post(f"/messages/{template.pk}/delete/", follow=True).content.decode()
    assert "Journey “Campaign”</a>. Remove it there first." in answer
    assert f'href="{journey.get_absolute_url()}"' in answer
    services.stop(journey, by=ready)
    client_of(ready).post(f"/messages/{template.pk}/delete/")
    assert not EmailTemplate.objects.exists()
