"""The e-mail editor in a browser."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Page, expect

from messaging.clash import stamp
from messaging.models import EmailTemplate
from profiles.models import Profile

pytestmark = pytest.mark.django_db(transaction=True)
Open = Callable[[User, str], Page]


@pytest.fixture
def editor(page_of: Open, marketer: User, template: EmailTemplate, people: Callable[[int], None]) -> Page:
    people(2)
    template.body = "<p>Hello</p>\n<p>Thank you</p>"
    template.save()
    page = page_of(marketer, f"/messages/{template.pk}/")
    expect(page.locator(".cm-content")).to_be_visible()
    return page


def test_it_saves_itself_and_a_check_leads_to_its_place(editor: Page, template: EmailTemplate) -> None:
    editor.locator(".cm-line").first.click()
    editor.keyboard.press("End")
    editor.get_by_role("button", name="Insert a value").click()
    editor.get_by_label("Search values").fill("loyal")
    editor.get_by_role("button", name="Loyalty points").click()
    expect(editor.locator(".mail-saved")).to_contain_text("Saved")
    template.refresh_from_db()
    assert template.body == "<p>Hello</p>{{ Loyalty points }}\n<p>Thank you</p>"
    editor.keyboard.press("Control+End")
    editor.keyboard.type("{{ Fist Name")
    check = editor.get_by_role("button", name="Fist Name")
    expect(check).to_contain_text("line 2")
    editor.get_by_label("Subject").click()
    check.click()
    expect(editor.locator(".cm-content")).to_be_focused()
    expect(editor.locator(".cm-activeLine")).to_contain_text("Fist Name")


def test_what_was_meant_is_written_with_one_click(editor: Page, template: EmailTemplate) -> None:
    editor.get_by_label("Subject").fill("Hi {{ Fist Name }}")
    editor.get_by_role("button", name="Use “First name”").click()
    expect(editor.get_by_label("Subject")).to_have_value("Hi {{ First name }}")
    expect(editor.locator("#mail-state .card")).to_contain_text("Hi Ann1")
    editor.locator(".cm-content").click()
    editor.keyboard.press("Control+End")
    editor.keyboard.type(" {{ Loyalty Point")
    editor.get_by_role("button", name="Use “Loyalty points”").click()
    expect(editor.locator(".cm-line").last).to_have_text("<p>Thank you</p> {{ Loyalty points}}")
    editor.keyboard.press("Control+z")
    expect(editor.locator(".cm-line").last).to_have_text("<p>Thank you</p> {{ Loyalty Point}}")


def test_who_would_not_get_the_mail_leads_to_somebody_who_does(
    editor: Page, template: EmailTemplate, marketer: User
) -> None:
    Profile.objects.filter(pk="p2").update(attributes={"first_name": "Ann2"})
    editor.get_by_label("Preview text").fill("{{ Loyalty points }} points, {{ First name }}")
    inbox = editor.locator("#mail-state .card")
    expect(inbox).to_contain_text("1,001 points, Ann1")
    editor.get_by_role("button", name="Ann1").click()
    editor.get_by_label("Show as this person").fill("Ann2")
    editor.get_by_role("button", name="Ann2 person2@shop.example").click()
    expect(inbox).to_contain_text("This person has no “Loyalty points”")
    inbox.get_by_role("link", name="Show somebody who gets it").click()
    expect(editor.locator("#mail-state .card")).to_contain_text("1,001 points, Ann1")


def test_the_second_author_hears_of_the_first(
    editor: Page, template: EmailTemplate, admin: User, client_of: Callable[[User], Client]
) -> None:
    theirs = {"name": template.name, "purpose": "marketing", "format": "html", "subject": "Hers", "body": "<p>Hers</p>"}
    client_of(admin).post(f"/messages/{template.pk}/save/", theirs)
    editor.get_by_label("Subject").fill("His")
    state = editor.locator("#mail-state")
    expect(state).to_contain_text("administrator saved this e-mail")
    state.get_by_text("Compare").click()
    expect(state.locator(".diff")).to_contain_text("+His")
    template.refresh_from_db()
    assert template.subject == "Hers"
    state.get_by_role("button", name="Overwrite with mine").click()
    expect(editor.get_by_label("Subject")).to_have_value("His")
    template.refresh_from_db()
    assert template.subject == "His"
    editor.get_by_label("Subject").fill("His again")
    expect(editor.locator(".mail-saved")).to_contain_text("Saved")


def test_a_second_author_without_scripts_hears_of_the_first_too(
    template: EmailTemplate, admin: User, marketer: User, client_of: Callable[[User], Client]
) -> None:
    seen = stamp(template)
    form = {"name": template.name, "purpose": "marketing", "format": "html", "seen": seen}
    client_of(admin).post(f"/messages/{template.pk}/save/", form | {"subject": "Hers"})
    answer = client_of(marketer).post(f"/messages/{template.pk}/save/", form | {"subject": "His"})
    assert answer.status_code == 409
    assert 'value="His"' in answer.content.decode()
    client_of(marketer).post(f"/messages/{template.pk}/save/", form | {"subject": "His", "overwrite": "1"})
    template.refresh_from_db()
    assert template.subject == "His"


def test_what_cannot_be_saved_says_why(editor: Page, template: EmailTemplate) -> None:
    editor.get_by_label("Name", exact=True).fill("")
    expect(editor.locator(".mail-saved")).to_have_text("Not saved")
    expect(editor.locator("#mail-state")).to_contain_text("This field is required.")
    editor.get_by_label("Name", exact=True).fill("Loyal ones")
    expect(editor.locator(".mail-saved")).to_contain_text("Saved")
    template.refresh_from_db()
    assert template.name == "Loyal ones"


def test_the_preview_is_of_one_person_at_one_width_in_one_light(editor: Page) -> None:
    frame = editor.frame_locator(".mail-frame")
    editor.get_by_label("Subject").fill("For {{ First name }}")
    inbox = editor.locator("#mail-state .card")
    expect(inbox).to_contain_text("For Ann1")
    editor.get_by_role("button", name="Ann1").click()
    editor.get_by_label("Show as this person").fill("Ann2")
    editor.get_by_role("button", name="Ann2 person2@shop.example").click()
    expect(inbox).to_contain_text("For Ann2")
    expect(frame.locator("body")).to_contain_text("Thank you")
    editor.get_by_role("button", name="Phone").click()
    width: Any = editor.locator(".mail-frame").bounding_box()
    assert width["width"] <= 390
    editor.get_by_role("button", name="Dark").click()
    expect(frame.locator("html")).to_have_css("color-scheme", "dark")


def test_a_person_can_be_chosen_while_the_list_is_looked_up_anew(editor: Page) -> None:
    editor.get_by_label("Subject").fill("For {{ First name }}")
    inbox = editor.locator("#mail-state .card")
    expect(inbox).to_contain_text("For Ann1")
    editor.get_by_role("button", name="Ann1").click()
    theirs = editor.get_by_role("button", name="Ann2 person2@shop.example")
    theirs.hover()
    with editor.expect_response("**/people/?q=Ann"):
        editor.get_by_label("Show as this person").press_sequentially("Ann")
        editor.mouse.down()
    editor.wait_for_load_state("networkidle")
    editor.mouse.up()
    expect(inbox).to_contain_text("For Ann2")


def test_a_test_is_sent_by_keyboard_alone(editor: Page, smtp_server: Any) -> None:
    editor.get_by_label("Subject").focus()
    editor.keyboard.press("Control+a")
    editor.keyboard.type("Look at this")
    expect(editor.locator(".mail-saved")).to_contain_text("Saved")
    editor.locator(".cm-content").focus()
    editor.keyboard.press("Escape")
    editor.keyboard.press("Tab")
    expect(editor.locator(".cm-content")).not_to_be_focused()
    editor.get_by_label("Send a test to").focus()
    editor.keyboard.press("Control+a")
    editor.keyboard.type("me@shop.example")
    editor.keyboard.press("Enter")
    expect(editor.get_by_text("The test was sent to me@shop.example.")).to_be_visible()
    assert [message["to"] for message in smtp_server.messages] == ["me@shop.example"]
