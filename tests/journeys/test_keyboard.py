"""A journey from nothing to its end, with the keyboard alone."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from journeys.models import Journey
from tests.journeys.world import make_segment, make_template, person_id, publish_members, publish_people
from tests.support.keys import press, tab_to

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(transactional_db: None, marketer: User, page_of: Callable[[User, str], Page]) -> Page:
    publish_people(30)
    publish_members(make_segment().slug, [person_id(n) for n in range(30)])
    make_template()
    return page_of(marketer, "/journeys/")


def draw(page: Page) -> None:
    """Start, an e-mail, a wait that is changed and moved, and a step that is taken away again."""
    start, step = page.locator("[data-id=start]"), page.locator(".j-item:focus")
    press(page, start)
    tab_to(page, page.get_by_label("Loyal customers"))
    page.keyboard.press("Space")
    page.keyboard.press("Escape")
    expect(start).to_be_focused()
    page.keyboard.press("Insert")
    expect(page.get_by_role("menuitem", name="E-mail")).to_be_focused()
    page.keyboard.press("Enter")
    expect(step).to_have_count(1)
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_label("Loyal coupon"))
    page.keyboard.press("Space")
    page.keyboard.press("Escape")
    expect(step.locator(".j-detail")).to_have_text("Loyal coupon")
    page.keyboard.press("+")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".j-wait")).to_have_count(1)
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_label("How long"))
    page.keyboard.press("Control+a")
    page.keyboard.type("3")
    page.keyboard.press("Escape")
    page.keyboard.press("d")
    expect(page.locator(".j-wait")).to_have_count(2)
    page.keyboard.press("Delete")
    expect(page.locator(".j-wait")).to_have_count(1)


def answer(page: Page, name: str) -> None:
    """Reads the dialog and agrees."""
    dialog = page.get_by_role("dialog")
    press(page, dialog.get_by_role("button", name=name))


def test_a_journey_lives_from_its_first_to_its_last_day(page: Page) -> None:
    press(page, page.get_by_role("link", name="New journey"))
    expect(page.locator("#panel").get_by_label("Name")).to_be_focused()
    page.keyboard.type("Reward")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Reward")
    draw(page)
    expect(page.locator("[data-tool=problems]")).to_contain_text("Ready to publish")

    press(page, page.get_by_role("button", name="Publish journey"), back=True)
    answer(page, "Publish")
    expect(page.locator("h1 .pill")).to_have_text("Live")
    press(page, page.get_by_role("button", name="Pause"))
    expect(page.locator("h1 .pill")).to_have_text("Paused")
    press(page, page.get_by_role("button", name="More"))
    press(page, page.get_by_role("button", name="Stop"))
    answer(page, "Stop")
    expect(page.locator("h1 .pill")).to_have_text("Stopped")
    journey = Journey.objects.get()
    assert [step["kind"] for step in journey.draft["steps"]] == ["email", "wait", "end"]
    assert journey.draft["steps"][1]["amount"] == 3
