"""The list of messages keeps itself while they are sent, around what somebody does in it."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from messaging.models import EmailTemplate, Message
from messaging.services import Origin, Recipient, freeze, plan

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SOON_MS = 20_000


def write_to(template: EmailTemplate, *numbers: int) -> None:
    plan(freeze(template), [Recipient(f"p{n}", f"cause {n}") for n in numbers], Origin("j", "s"))
    for n in numbers:
        Message.objects.filter(profile_id=f"p{n}").update(address=f"person{n}@shop.example")


def send(*numbers: int) -> None:
    found = Message.objects.filter(profile_id__in=[f"p{n}" for n in numbers])
    found.update(state="accepted", settled_at=timezone.now())


@pytest.fixture
def page(template: EmailTemplate, page_of: Callable[[User, str], Page], marketer: User) -> Page:
    write_to(template, 1, 2, 3)
    return page_of(marketer, "/messages/delivery/")


def state_of(page: Page, number: int) -> str:
    return page.get_by_role("row", name=f"person{number}@").locator("[data-label=State]").inner_text()


def test_states_follow_and_new_messages_come_where_they_belong(template: EmailTemplate, page: Page) -> None:
    boxes = [page.get_by_role("row", name=f"person{n}@").get_by_role("checkbox") for n in (2, 3)]
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(boxes[0]).to_be_focused()
    send(1)
    write_to(template, 4)
    expect(page.get_by_role("row", name="person4@")).to_be_visible(timeout=SOON_MS)
    assert [state_of(page, n) for n in (1, 2, 4)] == ["Sent", "Planned", "Planned"]
    expect(boxes[0]).to_be_focused()
    page.keyboard.press("k")
    expect(boxes[1]).to_be_focused()


def test_it_waits_while_rows_are_picked(page: Page) -> None:
    page.get_by_role("row", name="person2@").get_by_role("checkbox").check()
    send(1, 3)
    page.wait_for_timeout(7000)
    assert state_of(page, 1) == "Planned"
    page.get_by_role("row", name="person2@").get_by_role("checkbox").uncheck()
    expect(page.get_by_role("row", name="person1@")).to_contain_text("Sent", timeout=SOON_MS)


def test_it_waits_for_who_types_and_keeps_what_they_found(page: Page) -> None:
    search = page.get_by_role("searchbox", name="Search by address")
    search.press_sequentially("person3@shop", delay=600)
    expect(page.get_by_role("row", name="person1@")).to_have_count(0)
    send(3)
    expect(page.get_by_role("row", name="person3@")).to_contain_text("Sent", timeout=SOON_MS)
    expect(search).to_be_focused()
    expect(search).to_have_value("person3@shop")
    expect(page.get_by_role("row", name="person1@")).to_have_count(0)


def test_it_stops_when_nothing_is_to_be_sent(page: Page) -> None:
    expect(page.get_by_text("Numbers are live")).to_be_visible()
    send(1, 2, 3)
    expect(page.locator("kindred-live")).to_have_count(0, timeout=SOON_MS)
    assert state_of(page, 2) == "Sent"


def test_an_answer_that_comes_late_takes_away_no_letters(page: Page) -> None:
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        held.append(route)
        if len(held) > 1:
            route.continue_()

    page.route("**/messages/delivery/?q=*", hold_the_first)
    search = page.get_by_role("searchbox", name="Search by address")
    search.press_sequentially("person")
    page.wait_for_timeout(600)
    assert len(held) == 1
    held[0].continue_()
    search.press_sequentially("3@shop", delay=40)
    expect(page.get_by_role("row", name="person1@")).to_have_count(0)
    expect(page.get_by_role("row", name="person3@")).to_be_visible()
    expect(search).to_have_value("person3@shop")
