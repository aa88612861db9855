"""The hardest rule with the keyboard alone: groups inside groups, and what people did."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from segments.models import Segment
from tests.segments.world import publish_world
from tests.support.keys import press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_groups_inside_groups_and_a_related_condition(page_of: Callable[[User, str], Page], marketer: User) -> None:
    publish_world()
    page = page_of(marketer, "/segments/")
    press(page, page.locator(".page-actions").get_by_role("link", name="New segment"))
    expect(page.get_by_label("Name", exact=True)).to_be_focused()
    page.keyboard.type("Buyers of Rome")
    press(page, page.get_by_role("button", name="Add group"))
    inner = page.locator(".rb-group .rb-group")
    press(page, inner.get_by_role("button", name="Add condition"))
    page.keyboard.type("city")
    page.keyboard.press("Enter")
    page.keyboard.type("rome")
    page.keyboard.press("Enter")
    expect(page.locator("[data-count]")).to_have_text("3")

    press(page, inner.get_by_role("button", name="Add condition"))
    page.keyboard.type("orders")
    page.keyboard.press("Enter")
    expect(page.locator("[data-count]")).to_have_text("4")
    press(page, page.get_by_role("button", name="Only some of them"))
    page.keyboard.type("total")
    page.keyboard.press("Enter")
    page.keyboard.type("60")
    expect(page.locator("[data-count]")).to_have_text("3")
    press(page, page.get_by_role("button", name="Make live"), back=True)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Buyers of Rome")
    rule = Segment.objects.get().rule
    assert [sorted(node) for node in rule["all"]] == [["any"]]
    assert rule["all"][0]["any"][1]["where"]["all"][0]["value"] == 60
