"""The results of a journey and of an e-mail keep their numbers while one looks."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from journeys import runtime, services
from journeys.entering import enrol
from journeys.models import Journey
from messaging.models import EmailTemplate, Message
from tests.journeys.world import EMAIL, END, NOW, draw, make_segment, make_template, person_id, publish_members
from tests.journeys.world import publish_people as publish

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PageOf = Callable[[User, str], Page]
SOON_MS = 20_000


@pytest.fixture
def journey(transactional_db: None, marketer: User) -> Journey:
    """30 people are about to get one e-mail."""
    publish(30)
    publish_members(make_segment().slug, [person_id(n) for n in range(30)])
    make_template()
    journey = draw(EMAIL, END)
    enrol(services.publish(journey, by=marketer, now=NOW), NOW)
    runtime.advance(NOW)
    return journey


def send(count: int) -> None:
    waiting = Message.objects.filter(state="planned").values_list("pk", flat=True)[:count]
    Message.objects.filter(pk__in=list(waiting)).update(state="accepted", settled_at=NOW)


def test_results_of_a_journey_follow_in_place(journey: Journey, marketer: User, page_of: PageOf) -> None:
    page = page_of(marketer, f"/journeys/{journey.slug}/results/")
    sent = page.locator(".tile", has_text="Sent").locator(".tile-value")
    funnel = page.locator("kindred-chart[data=chart-funnel]")
    expect(sent).to_have_text("0")
    funnel.get_by_role("button", name="Table").click()
    link = page.get_by_role("link", name="Waiting to be sent")
    link.focus()
    before = sent.bounding_box()
    send(20)
    expect(sent).to_have_text("20", timeout=SOON_MS)
    expect(link).to_be_focused()
    expect(funnel.get_by_role("row", name="Sent")).to_contain_text("20")
    assert sent.bounding_box() == before


def test_results_of_an_email_follow_too(journey: Journey, marketer: User, page_of: PageOf) -> None:
    email = EmailTemplate.objects.get()
    page = page_of(marketer, f"/messages/{email.pk}/results/")
    sent = page.locator(".tile", has_text="Sent").locator(".tile-value").first
    expect(sent).to_have_text("0")
    send(30)
    expect(sent).to_have_text("30", timeout=SOON_MS)
    expect(page.get_by_text("Numbers are live")).to_be_visible()


def test_a_journey_that_nobody_walks_is_not_asked_for(marketer: User, page_of: PageOf, transactional_db: None) -> None:
    publish(1)
    make_segment()
    page = page_of(marketer, f"/journeys/{services.create('Welcome', by=marketer).slug}/results/")
    expect(page.get_by_role("heading", name="No results yet")).to_be_visible()
    expect(page.locator("kindred-live")).to_have_count(0)


def test_on_a_phone_the_table_by_message_needs_no_scrolling_aside(
    journey: Journey, marketer: User, page_of: PageOf
) -> None:
    page = page_of(marketer, f"/journeys/{journey.slug}/results/")
    page.set_viewport_size({"width": 390, "height": 800})
    table = page.get_by_role("region", name="By message")
    expect(table.get_by_role("cell").first).to_be_visible()
    assert table.evaluate("box => box.scrollWidth - box.clientWidth") == 0
    assert table.locator("td[data-label=Unsubscribed]").is_visible()
