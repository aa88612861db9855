"""The designer in a real browser: drawn by mouse and by keyboard, saved, undone, published, watched."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Page, expect

from journeys import runtime, services
from journeys.entering import enrol
from journeys.models import Journey
from journeys.services.drafts import graph_from
from messaging.models import Message
from segments.models import Segment
from tests.journeys.world import (
    EMAIL,
    END,
    NOW,
    WAIT,
    branch,
    draw,
    later,
    make_segment,
    make_template,
    person_id,
    publish_members,
    publish_people,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PageOf = Callable[[User, str], Page]
ClientOf = Callable[[User], Client]


@pytest.fixture
def drawer(transactional_db: None, marketer: User) -> User:
    publish_people(30)
    publish_members(make_segment().slug, [person_id(n) for n in range(30)])
    make_template()
    return marketer


def kinds_of(journey: Journey) -> list[str]:
    journey.refresh_from_db()
    return [step["kind"] for step in journey.draft["steps"]]


def saved(page: Page) -> None:
    expect(page.locator("[data-part=saved]")).to_have_attribute("data-state", "saved")


def test_a_journey_is_drawn_with_the_mouse(drawer: User, page_of: PageOf) -> None:
    journey = services.create("Welcome", by=drawer)
    page = page_of(drawer, journey.get_absolute_url())
    page.locator("[data-id=start] > .j-card").click()
    page.get_by_label("Loyal customers").check()
    page.locator(".j-add").first.click()
    page.get_by_role("menuitem", name="E-mail").click()
    page.get_by_label("Loyal coupon").check()
    saved(page)
    expect(page.locator("[data-part=problems]")).to_contain_text("Ready to publish")
    page.get_by_role("button", name="Publish journey").click()
    expect(page.get_by_role("dialog")).to_contain_text("cannot be taken back")
    page.get_by_role("dialog").get_by_role("button", name="Publish").click()
    expect(page.locator(".pill", has_text="Live")).to_be_visible()
    journey.refresh_from_db()
    assert journey.state == "live"
    assert [step["kind"] for step in journey.draft["steps"]] == ["email", "end"]
    assert Segment.objects.get().slug == journey.draft["start"]["segment"]


def test_a_journey_is_drawn_with_the_keyboard(drawer: User, page_of: PageOf) -> None:
    journey = services.create("Welcome", by=drawer)
    page = page_of(drawer, journey.get_absolute_url())
    page.locator("[data-id=start]").focus()
    page.keyboard.press("Insert")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".j-wait")).to_have_count(1)
    page.keyboard.press("Alt+ArrowDown")
    saved(page)
    page.keyboard.press("Delete")
    expect(page.locator(".j-wait")).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(page.locator(".j-wait")).to_have_count(1)
    expect(page.locator(".j-item", has=page.locator("> .j-wait"))).to_be_focused()
    page.keyboard.press("Control+z")
    saved(page)
    expect(page.locator(".j-card").nth(1)).to_contain_text("Wait")
    assert kinds_of(journey) == ["wait", "end"]


def test_typing_changes_the_card_and_is_saved(drawer: User, page_of: PageOf) -> None:
    journey = draw({**WAIT, "id": "pause"}, END)
    page = page_of(drawer, journey.get_absolute_url())
    page.locator("[data-id=pause] > .j-card").click()
    page.get_by_label("How long").fill("5")
    page.get_by_label("How long").press("Escape")
    expect(page.locator("[data-id=pause]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("[data-part=panel]")).not_to_have_attribute("inert", "")
    page.get_by_label("Name on the card").fill("Think it over")
    expect(page.locator("[data-id=pause] .j-detail")).to_have_text("5 days")
    expect(page.locator("[data-id=pause] .j-title")).to_have_text("Think it over")
    saved(page)
    journey.refresh_from_db()
    assert journey.draft["steps"][0]["amount"] == 5


def test_a_problem_leads_to_its_step(drawer: User, page_of: PageOf) -> None:
    journey = draw({**WAIT, "id": "pause", "amount": 0}, END)
    page = page_of(drawer, journey.get_absolute_url())
    page.locator("[data-tool=problems]").click()
    page.get_by_role("button", name="Wait for more than nothing").click()
    expect(page.locator(".j-field-problem")).to_contain_text("more than nothing")
    expect(page.locator("[data-id=pause]")).to_have_attribute("aria-selected", "true")


def test_the_dry_run_shows_counts_on_paths(drawer: User, page_of: PageOf) -> None:
    journey = draw(branch([EMAIL], cities=["Rome"]), END)
    page = page_of(drawer, journey.get_absolute_url())
    page.locator("[data-tool=dry-run]").click()
    expect(page.locator(".j-share").first).to_have_text("10 · 33.3%")


def test_the_live_view_counts_while_one_looks(drawer: User, page_of: PageOf) -> None:
    journey = draw(EMAIL, WAIT, END)
    enrol(services.publish(journey, by=drawer, now=NOW), NOW)
    page = page_of(drawer, journey.get_absolute_url())
    expect(page.locator("[data-id=mail] .j-waiting")).to_have_text("30 waiting")
    runtime.advance(NOW)
    expect(page.locator("[data-id=wait] .j-waiting")).to_have_text("30 waiting", timeout=15_000)
    page.locator("[data-id=wait] .j-waiting").click()
    expect(page.get_by_text("waiting at “Wait”")).to_be_visible()


def test_an_email_says_how_many_were_sent_and_leads_to_them(drawer: User, page_of: PageOf) -> None:
    journey = draw(EMAIL, END)
    enrol(services.publish(journey, by=drawer, now=NOW), NOW)
    runtime.advance(NOW)
    numbers = Message.objects.values_list("pk", flat=True)
    Message.objects.filter(pk__in=list(numbers[:20])).update(state="accepted")
    Message.objects.filter(pk__in=list(numbers[20:25])).update(state="skipped", reason="no_address")
    page = page_of(drawer, journey.get_absolute_url())
    foot = page.locator("[data-id=mail] .j-foot")
    expect(foot.locator(".j-count")).to_have_text(["0 waiting", "20 sent", "5 to be sent", "5 not sent"])
    foot.get_by_role("link", name="5 not sent").click()
    expect(page.get_by_text("1–5 of 5")).to_be_visible()


def test_numbers_of_an_email_are_those_of_the_version_one_looks_at(drawer: User, client_of: ClientOf) -> None:
    journey = draw(EMAIL, END)
    enrol(services.publish(journey, by=drawer, now=NOW), NOW)
    runtime.advance(NOW)
    longer = graph_from({"start": {"segment": "loyal-customers"}, "steps": [EMAIL, WAIT, END]})
    services.publish(services.save_draft(journey, longer, by=drawer), by=drawer, now=later(days=1))
    client, url = client_of(drawer), f"/journeys/{journey.slug}/counts/"
    first, second = (client.get(f"{url}?version={n}").json()["counts"]["mail"]["figures"] for n in (1, 2))
    assert [(row["show"], row["count"]) for row in first] == [("sent", 0), ("waiting", 30)]
    assert [(row["show"], row["count"]) for row in second] == [("sent", 0)]
    assert b"Ada0 Example" in client.get(first[1]["url"]).content
    assert b"Ada0 Example" not in client.get(first[1]["url"].replace("version=1", "version=2")).content


def test_a_viewer_looks_and_changes_nothing(drawer: User, viewer: User, page_of: PageOf) -> None:
    journey = draw(EMAIL, END)
    page = page_of(viewer, journey.get_absolute_url())
    page.locator("[data-id=mail] > .j-card").click()
    expect(page.get_by_label("Name on the card")).to_be_disabled()
    expect(page.locator(".j-add")).to_have_count(0)
