"""Unification and a customer in a real browser, on pages filled with data."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from jobs.models import Job
from jobs.tasks import run_job
from profiles.models import Decision, Profile, Unification
from profiles.review.queue import Question
from profiles.trials import services as trials
from tests.profiles.running.test_stage import person_of
from tests.profiles.trials.conftest import SAME_MAIL
from tests.support.axe import faults, faults_light_and_dark
from tests.support.keys import press, tab_to

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PageOf = Callable[[User, str], Page]


def test_unification_is_started_counted_and_shows_its_pairs(retailer: None, page_of: PageOf, analyst: User) -> None:
    Unification.objects.update(tables=[])
    page = page_of(analyst, "/customers/unify/")
    page.get_by_role("button", name="Save and run").click()
    expect(page.get_by_text("waits for a free worker").or_(page.get_by_role("progressbar")).first).to_be_visible()
    for job in Job.objects.active():
        run_job(job.pk)
    flow = page.get_by_role("region", name="From records to people")
    expect(flow).to_contain_text("Records")
    expect(flow.locator(".flow-end strong")).to_have_text(str(Profile.objects.count()))
    assert faults_light_and_dark(page) == []
    page.get_by_role("link", name="Match").click()
    assert faults_light_and_dark(page) == []
    page.get_by_role("link", name="Examples").first.click()
    panel = page.locator("#panel")
    expect(panel.locator(".pair").first).to_be_visible()
    assert faults(page) == []
    page.keyboard.press("Escape")
    expect(panel).not_to_be_visible()
    flow.locator(".flow-end").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Customers")


def test_a_customer_shows_identity_sources_and_a_timeline(unified: None, page_of: PageOf, viewer: User) -> None:
    john = Profile.objects.get(pk=person_of("shop", "C1"))
    page = page_of(viewer, john.get_absolute_url())
    expect(page.get_by_role("heading", level=1)).to_contain_text("John Smith")
    identity = page.locator("section", has=page.get_by_role("heading", name="Identity"))
    for number in ("C1", "7", "T1"):
        expect(identity).to_contain_text(number)
    expect(page.locator(".person-facts")).to_contain_text("Loyalty")
    timeline = page.locator(".timeline-item")
    expect(timeline).to_have_count(3)
    page.locator(".chip", has_text="Order").click()
    expect(page.locator(".chip-on")).to_contain_text("3")
    expect(timeline).to_have_count(3)
    assert faults_light_and_dark(page) == []


def test_pairs_are_decided_by_keyboard(asked: list[Question], page_of: PageOf, analyst: User) -> None:
    page = page_of(analyst, "/customers/unify/review/")
    card = page.locator(".question-table")
    expect(card).to_contain_text(asked[0].pair.left_id)
    assert faults_light_and_dark(page) == []
    for key, following in (("j", 1), ("k", 2), ("d", 3)):
        page.keyboard.press(key)
        expect(page.locator("input[name=number]").last).to_have_value(str(asked[following].number))
    verdicts = Decision.objects.order_by("at").values_list("verdict", flat=True)
    assert list(verdicts) == ["join", "apart", "unsure"]
    expect(page.locator(".meter-words").first).to_contain_text(f"3 of {len(asked)}")
    page.keyboard.press("u")
    expect(page.locator("input[name=number]").last).to_have_value(str(asked[2].number))
    assert Decision.objects.count() == 2
    page.keyboard.press("ArrowRight")
    expect(page.locator("input[name=number]").last).to_have_value(str(asked[3].number))
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_customer_is_taken_apart_and_joined_again(unified: None, page_of: PageOf, analyst: User) -> None:
    john = person_of("shop", "C1")
    page = page_of(analyst, f"/customers/{john}/")
    page.get_by_role("link", name="Take apart").click()
    panel = page.locator("#panel")
    expect(panel).to_contain_text("Somebody else")
    assert faults(page) == []
    panel.get_by_role("checkbox", checked=True).uncheck()
    expect(panel.get_by_role("button", name="Take apart and run")).to_be_disabled()
    panel.get_by_label("T1").check()
    expect(panel).to_contain_text("gets a new id")
    panel.get_by_role("button", name="Take apart and run").click()
    expect(page.get_by_text("They will be taken apart.")).to_be_visible()
    for job in Job.objects.active():
        run_job(job.pk)
    assert person_of("till", "T1") != john
    page.reload()
    expect(page.locator("section", has=page.get_by_role("heading", name="Identity"))).to_contain_text("Split")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Taken back.")).to_be_visible()
    for job in Job.objects.active():
        run_job(job.pk)
    assert person_of("till", "T1") == john


def test_rules_are_tried_and_published(unified: None, page_of: PageOf, analyst: User) -> None:
    trials.start(rules=SAME_MAIL, by=analyst)
    page = page_of(analyst, "/customers/unify/trial/")
    expect(page.get_by_text("It waits for a free worker.")).to_be_visible()
    for job in Job.objects.active():
        run_job(job.pk)
    examples = page.locator("#trial-examples")
    expect(examples).to_contain_text("2 customers become 2")
    assert faults_light_and_dark(page) == []
    examples.get_by_role("link", name="Changed").click()
    expect(examples.get_by_role("link", name="Changed")).to_have_attribute("aria-current", "page")
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("dialog").get_by_role("button", name="Publish").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Unify")
    assert Unification.current().rules[-1]["name"] == "Same mailbox"


def test_an_own_attribute_is_made_tried_and_taken_back_by_keyboard(
    unified: None, page_of: PageOf, analyst: User
) -> None:
    page = page_of(analyst, "/customers/unify/merge/")
    press(page, page.get_by_role("link", name="New attribute"))
    panel = page.locator("#panel")
    expect(panel.get_by_label("Name", exact=True)).to_be_focused()
    page.keyboard.type("Standing")
    page.keyboard.press("Enter")
    expect(panel.get_by_role("alert")).to_contain_text("Choose at least one column.")
    expect(panel.get_by_label("Name", exact=True)).to_be_focused()
    press(page, panel.get_by_label("Loyalty · Members: tier"), "Space")
    press(page, panel.get_by_role("button", name="Try it"))
    expect(panel.get_by_role("status")).to_contain_text("people with several records")
    expect(panel.get_by_role("button", name="Try it")).to_be_focused()
    assert faults(page) == []
    press(page, panel.get_by_role("button", name="Save"))
    row = page.locator("tr", has_text="Combined by hand")
    expect(row).to_contain_text("Standing")
    press(page, row.get_by_role("link", name="Standing"))
    expect(panel.get_by_label("Name", exact=True)).to_have_value("Standing")
    tab_to(page, panel.get_by_label("Travels with"))
    page.keyboard.press("ArrowDown")
    expect(panel.get_by_label("Which value wins")).not_to_be_visible()
    press(page, panel.get_by_label("Name", exact=True), back=True)
    expect(page.locator(".rule-cards .card", has_text="Address")).to_contain_text("Standing")
    press(page, page.get_by_role("button", name="Undo the last change"))
    expect(page.get_by_text("Taken back.")).to_be_visible()
    assert "groups" not in Unification.current().merge
