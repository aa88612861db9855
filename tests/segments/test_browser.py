import json
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from segments.models import Segment
from tests.segments.world import publish_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Open = Callable[[User, str], Page]


def test_a_segment_is_built_by_keyboard_with_a_live_count(page_of: Open, marketer: User) -> None:
    publish_world()
    page = page_of(marketer, "/segments/new/")
    page.get_by_role("button", name="Add condition").press("Enter")
    page.keyboard.type("loyal")
    page.keyboard.press("Enter")
    page.keyboard.type("1000")
    expect(page.locator("[data-count]")).to_have_text("4")
    page.get_by_role("button", name="Add condition").press("Enter")
    page.keyboard.type("city")
    page.keyboard.press("Enter")
    page.keyboard.type("ro")
    page.get_by_role("option", name="Rome").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("[data-count]")).to_have_text("2")
    expect(page.locator("#segment-words")).to_contain_text("Loyalty points is more than 1,000 and City is Rome")
    expect(page.locator("[data-sample]")).to_contain_text("Ada3 Example")
    page.get_by_role("button", name="Remove", exact=True).last.press("Enter")
    expect(page.locator("[data-count]")).to_have_text("4")
    page.keyboard.press("Control+z")
    expect(page.locator("[data-count]")).to_have_text("2")
    page.locator(".rb-handle").last.press("Alt+ArrowUp")
    page.get_by_label("Name", exact=True).fill("Loyal Romans")
    page.get_by_role("button", name="Make live").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Loyal Romans")
    rule = Segment.objects.get().rule
    assert [node["attribute"] for node in rule["all"]] == ["city", "loyalty_points"], json.dumps(rule)


def test_a_value_that_does_not_fit_is_marked_where_it_stands(page_of: Open, marketer: User) -> None:
    publish_world()
    Segment.objects.create(name="Odd", rule={"all": [{"attribute": "city", "op": "eq", "value": 5}]})
    page = page_of(marketer, "/segments/odd/edit/")
    expect(page.locator(".rb-wrong .rb-problem").first).to_contain_text("needs a text")


def test_a_name_that_is_mistyped_finds_those_that_are_alike(page_of: Open, marketer: User) -> None:
    publish_world()
    page = page_of(marketer, "/segments/new/")
    page.get_by_role("button", name="Add condition").press("Enter")
    page.keyboard.type("loialty pionts")
    expect(page.get_by_text("These names are alike")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator(".rb-picker")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.type("1000")
    expect(page.locator("#segment-words")).to_contain_text("Loyalty points")


def test_the_count_stays_in_sight_while_a_rule_is_edited_on_a_phone(page_of: Open, marketer: User) -> None:
    publish_world()
    page = page_of(marketer, "/segments/new/")
    page.set_viewport_size({"width": 390, "height": 700})
    expect(page.locator("[data-count]")).to_be_in_viewport(ratio=1)
    page.get_by_role("button", name="Add condition").click()
    page.keyboard.type("loyal")
    page.keyboard.press("Enter")
    page.keyboard.type("1000")
    expect(page.locator("[data-count]")).to_have_text("4")
    expect(page.locator("[data-count]")).to_be_in_viewport(ratio=1)
