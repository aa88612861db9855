"""A measure is made by keyboard."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from measures.models import Measure

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.usefixtures("orders")
def test_conditions_are_built_as_soon_as_a_table_is_chosen(
    page_of: Callable[[User, str], Page], marketer: User
) -> None:
    page = page_of(marketer, "/measures/new/")
    page.get_by_label("Name").fill("Paid orders")
    page.get_by_label("Calculate with").select_option("shop.orders")
    page.get_by_role("button", name="Add condition").press("Enter")
    page.keyboard.type("nothing like it")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("New measure")
    page.keyboard.press("Control+a")
    page.keyboard.type("status")
    page.keyboard.press("Enter")
    page.keyboard.type("paid")
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    expect(page.get_by_role("button", name="Add condition")).to_be_focused()
    page.keyboard.press("Control+y")
    page.keyboard.press("Control+y")
    page.get_by_role("button", name="Save measure").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Paid orders")
    assert Measure.objects.get().where == {"all": [{"attribute": "status", "op": "eq", "value": "paid"}]}
