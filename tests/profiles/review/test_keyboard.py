"""The review queue with the keyboard alone, by its letters and by its buttons."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from profiles.models import Decision
from profiles.review.queue import Question
from tests.support.keys import press, tab_to

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Presses a key right after the next question has come, before the browser does anything else.
PRESS_AFTER_SWAP = """key => document.addEventListener("htmx:afterSwap", function pressed({ detail }) {
    if (detail.target.id !== "question") return;
    document.removeEventListener("htmx:afterSwap", pressed);
    setTimeout(() => document.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true })));
})"""


def test_questions_are_answered_one_after_another(
    asked: list[Question], page_of: Callable[[User, str], Page], analyst: User
) -> None:
    page = page_of(analyst, "/customers/unify/")
    press(page, page.get_by_role("link", name="Review"))
    shown = page.locator("input[name=number]").last
    join, apart = page.get_by_role("button", name="One person"), page.get_by_role("button", name="Keep apart")
    for key, button in (("J", join), ("K", apart), ("D", page.get_by_role("button", name="Don’t know"))):
        expect(button.locator("kbd")).to_have_text(key)
        expect(button).to_have_attribute("aria-keyshortcuts", key)

    press(page, join)
    expect(shown).to_have_value(str(asked[1].number))
    expect(join).to_be_focused()
    page.keyboard.press("Enter")
    expect(shown).to_have_value(str(asked[2].number))
    press(page, apart, "Space")
    expect(shown).to_have_value(str(asked[3].number))
    expect(apart).to_be_focused()
    page.keyboard.press("d")
    expect(shown).to_have_value(str(asked[4].number))
    expect(apart).to_be_focused()
    expect(page.locator("#announcer")).to_contain_text("4 of")
    verdicts = Decision.objects.order_by("at").values_list("verdict", flat=True)
    assert list(verdicts) == ["join", "join", "apart", "unsure"]

    press(page, page.get_by_role("button", name="Undo"), back=True)
    expect(shown).to_have_value(str(asked[3].number))
    expect(page.locator("*:focus")).to_have_count(1)
    tab_to(page, page.get_by_role("link", name="Next"))
    page.keyboard.press("Enter")
    expect(shown).to_have_value(str(asked[4].number))
    expect(page.get_by_role("link", name="Next")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(shown).to_have_value(str(asked[3].number))


def test_a_key_pressed_as_the_next_question_appears_answers_it_in_the_same_page(
    asked: list[Question], page_of: Callable[[User, str], Page], analyst: User
) -> None:
    page = page_of(analyst, "/customers/unify/review/")
    shown = page.locator("input[name=number]").last
    page.evaluate("window.isSamePage = true")
    page.evaluate(PRESS_AFTER_SWAP, "d")
    press(page, page.get_by_role("button", name="Keep apart"))
    expect(shown).to_have_value(str(asked[2].number))
    expect(page.get_by_role("button", name="Keep apart")).to_be_focused()
    assert page.evaluate("window.isSamePage")
    assert list(Decision.objects.order_by("at").values_list("verdict", flat=True)) == ["apart", "unsure"]
