"""What a journey brought, against numbers worked out by hand."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client

from journeys import runtime, services
from journeys.analytics import conversions, results
from journeys.entering import enrol
from journeys.models import Journey
from messaging.models import Interaction, Message
from tests.journeys.world import EMAIL, END, NOW, WAIT, draw, later, person_id, publish_orders


@pytest.fixture
def sent(ready: User) -> Journey:
    """30 people: 24 sent, 5 without an address, 1 refused. Sent on day 0."""
    journey = draw(EMAIL, WAIT, {**EMAIL, "id": "second"}, END)
    services.set_goal(journey, "order", 7, by=ready)
    enrol(services.publish(journey, by=ready, now=NOW), NOW)
    runtime.advance(NOW)
    for number, message in enumerate(Message.objects.order_by("pk")):
        message.settled_at = NOW
        message.state = "skipped" if number < 5 else "refused" if number == 5 else "accepted"
        message.reason = "no_address" if number < 5 else "rejected" if number == 5 else ""
        message.save()
    journey.refresh_from_db()
    return journey


def react(number: int, kind: str, times: int = 1, machine: bool = False) -> None:
    message = Message.objects.get(profile_id=person_id(number), step_key="mail")
    for hour in range(times):
        Interaction.objects.create(message=message, kind=kind, at=later(hours=hour + 1), is_machine=machine)


def test_states_add_up_to_the_audience(sent: Journey) -> None:
    whole = results(sent).whole
    assert (whole.audience, whole.sent, whole.skipped, whole.refused) == (30, 24, 5, 1)
    assert whole.audience == whole.waiting + whole.sent + whole.skipped + whole.refused + whole.unknown
    assert whole.reasons == {"no_address": 5, "rejected": 1}


def test_a_message_opened_often_counts_once_and_machines_do_not(sent: Journey) -> None:
    react(10, "open", times=3)
    react(11, "open")
    react(12, "open", machine=True)
    react(10, "click", times=2)
    react(29, "bounce")
    whole = results(sent).whole
    assert (whole.opened, whole.clicked, whole.delivered) == (2, 1, 23)
    assert whole.open_rate == 2 / 23


def test_orders_within_the_window_count_and_others_do_not(sent: Journey) -> None:
    publish_orders(
        [
            (person_id(10), NOW - timedelta(seconds=1), 100),
            (person_id(10), later(days=1), 1_000),
            (person_id(10), later(days=2), 2_000),
            (person_id(11), later(days=7), 4_000),
            (person_id(11), later(days=7, seconds=1), 8_000),
            (person_id(2), later(days=1), 16_000),
        ]
    )
    whole = results(sent).whole
    assert (whole.converted, whole.orders, whole.revenue) == (2, 3, {"USD": 7_000})
    assert whole.conversion_rate == 2 / 24


def test_the_api_tells_revenue_in_major_units(sent: Journey, viewer: User, client_of: Callable[[User], Client]) -> None:
    publish_orders([(person_id(10), later(days=1), 1_050)])
    answer = client_of(viewer).get(f"/api/v1/journeys/{sent.slug}/results/").json()
    assert answer["total"]["revenue"] == answer["messages"][0]["revenue"] == {"USD": "10.50"}


def test_an_order_belongs_to_the_newest_message_before_it(sent: Journey) -> None:
    runtime.advance(later(days=3))
    Message.objects.filter(step_key="second").update(state="accepted", settled_at=later(days=3))
    runtime.advance(later(days=3))
    Message.objects.filter(step_key="second").update(state="accepted", settled_at=later(days=3))
    publish_orders([(person_id(10), later(days=2), 1_000), (person_id(10), later(days=4), 2_000)])
    found = results(sent)
    assert {message.step: message.revenue for message in found.messages} == {
        "mail": {"USD": 1_000},
        "second": {"USD": 2_000},
    }
    assert found.whole.revenue == {"USD": 3_000}
    assert found.whole.converted == 1


def test_without_a_goal_nothing_is_a_conversion(
    sent: Journey, ready: User, client_of: Callable[[User], Client]
) -> None:
    publish_orders([(person_id(10), later(days=1), 1_000)])
    page = f"/journeys/{sent.slug}/results/"
    assert "Conversions" in client_of(ready).get(page).content.decode()
    services.set_goal(sent, "", 7, by=ready)
    assert conversions(sent).num_rows == 0
    words = client_of(ready).get(page).content.decode()
    assert "From planned to clicked" in words
    assert "Conversions" not in words


def test_every_number_leads_to_its_people(sent: Journey, viewer: User, client_of: Callable[[User], Client]) -> None:
    react(10, "open")
    publish_orders([(person_id(10), later(days=1), 123_400)])
    client, url = client_of(viewer), f"/journeys/{sent.slug}/results/people/"
    assert b"Ada10 Example" in client.get(f"{url}?show=opened").content
    assert b"Ada11 Example" not in client.get(f"{url}?show=opened").content
    assert b"1,234.00" in client.get(f"{url}?show=converted").content
    file = b"".join(client.get(f"{url}?show=skipped&export=csv").streaming_content)
    assert file.count(b"No e-mail address") == 5
    for show in (
        "audience",
        "sent",
        "delivered",
        "clicked",
        "waiting",
        "refused",
        "unknown",
        "unsubscribed",
        "bounced",
    ):
        assert client.get(f"{url}?show={show}").status_code == 200


def test_the_table_by_message_is_downloaded(sent: Journey, viewer: User, client_of: Callable[[User], Client]) -> None:
    react(10, "open")
    publish_orders([(person_id(10), later(days=1), 123_400)])
    file = b"".join(client_of(viewer).get(f"/journeys/{sent.slug}/results/?export=csv").streaming_content).decode()
    header, line = file.split("\r\n")[:2]
    assert header.endswith(
        'Message,Planned,Sent,Not sent,Delivered,Opened,Clicked,Unsubscribed,Converted,"Revenue, USD"'
    )
    assert line == "Loyal coupon,30,24,5,24,1,0,0,1,1234.00"


def test_the_page_shows_the_numbers(sent: Journey, viewer: User, client_of: Callable[[User], Client]) -> None:
    react(10, "open")
    publish_orders([(person_id(10), later(days=1), 123_400)])
    page = client_of(viewer).get(f"/journeys/{sent.slug}/results/").content.decode()
    assert "$1,234.00" in page
    assert "Not sent" in page
