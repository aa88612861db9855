"""An e-mail from nothing to its test, with the keyboard alone."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from messaging.models import EmailTemplate
from tests.support.keys import press, tab_to

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_an_email_is_written_looked_at_and_tried(
    catalog: None,
    people: Callable[[int], None],
    page_of: Callable[[User, str], Page],
    marketer: User,
    smtp_server: Any,
) -> None:
    people(2)
    page = page_of(marketer, "/messages/")
    press(page, page.locator(".page-actions").get_by_role("link", name="New e-mail"))
    expect(page.get_by_label("Name")).to_be_focused()
    page.keyboard.type("Thanks")
    press(page, page.get_by_role("button", name="Letter"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Thanks")

    tab_to(page, page.get_by_label("Subject"))
    page.keyboard.press("Control+a")
    page.keyboard.type("For ")
    press(page, page.get_by_role("button", name="Insert a value"))
    expect(page.get_by_label("Search values")).to_be_focused()
    page.keyboard.type("first")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Subject")).to_be_focused()
    expect(page.get_by_label("Subject")).to_have_value("For {{ First name }}")

    body = page.locator(".cm-content")
    tab_to(page, page.locator("kindred-editor"))
    page.keyboard.press("Control+a")
    page.keyboard.type("<p>Dear {{Fir")
    expect(page.get_by_role("option", name="First name")).to_be_visible()
    page.keyboard.press("Enter")
    expect(body).to_contain_text("{{First name}}")
    page.keyboard.press("End")
    page.keyboard.type(", thank you</p>")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(body).not_to_be_focused()

    checks = page.locator("#mail-state")
    expect(checks.locator(".mail-saved")).to_contain_text("Saved")
    press(page, checks.get_by_role("button", name="First name").first)
    expect(page.get_by_label("One line for each")).to_be_focused()
    frame = page.frame_locator(".mail-frame")
    person = page.locator(".mail-look .dropdown-toggle")
    press(page, person)
    expect(page.get_by_label("Show as this person")).to_be_focused()
    page.keyboard.type("Ann2")
    expect(page.locator("#mail-people").get_by_role("button")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(person).to_be_focused()
    expect(frame.locator("body")).to_contain_text("Dear Ann2, thank you")
    press(page, page.get_by_role("button", name="Phone"))
    expect(page.get_by_role("button", name="Phone")).to_have_attribute("aria-pressed", "true")
    press(page, page.get_by_role("button", name="Dark"), "Space")
    expect(frame.locator("html")).to_have_css("color-scheme", "dark")

    tab_to(page, page.get_by_label("Send a test to"))
    page.keyboard.press("Control+a")
    page.keyboard.type("me@shop.example")
    press(page, page.get_by_role("button", name="Send test"))
    expect(page.get_by_text("The test was sent to me@shop.example.")).to_be_visible()
    expect(page.get_by_role("button", name="Send test")).to_be_focused()
    assert [message["to"] for message in smtp_server.messages] == ["me@shop.example"]
    assert "{{ First name }}" in EmailTemplate.objects.get().subject
