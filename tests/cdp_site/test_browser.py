"""The frame in a real browser: everyone can use every page, with eyes, ears, keyboard and on a small screen."""

import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import Page, expect

from core import nav
from core.models import AuditEntry
from jobs.models import Job
from tests.support.axe import faults

pytestmark = pytest.mark.browser
PageOf = Callable[[User, str], Page]


def pages(user: User) -> list[str]:
    listed = [reverse(item.url_name) for _key, _label, items in nav.visible_to(user) for item in items]
    return ["/", *listed, "/styleguide/", "/password/", "/core/people/add/"]


def problems(page: Page, base: str, paths: list[str]) -> list[str]:
    """What axe and the console say against each page."""
    found: list[str] = []
    page.on("console", lambda m: found.append(f"{page.url} console: {m.text}") if m.type == "error" else None)
    page.on("pageerror", lambda error: found.append(f"{page.url} error: {error}"))
    for path in paths:
        page.goto(f"{base}{path}")
        found += [f"{path} {line}" for line in faults(page)]
    return found


def test_no_page_has_a_serious_fault(page_of: PageOf, admin: User, live_server) -> None:
    page = page_of(admin, "/signin/")
    page.emulate_media(reduced_motion="reduce")
    assert problems(page, live_server.url, pages(admin)) == []


def test_the_dark_theme_has_no_serious_fault(page_of: PageOf, admin: User, live_server) -> None:
    page = page_of(admin, "/signin/")
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    assert problems(page, live_server.url, ["/styleguide/", "/core/people/"]) == []


def test_the_api_is_described_in_the_frame_in_both_themes(page_of: PageOf, admin: User) -> None:
    page = page_of(admin, "/api/")
    page.locator(".opblock-get .opblock-summary-control").first.click()
    expect(page.get_by_role("button", name="Try it out").first).to_be_visible()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme="light" if scheme == "light" else "dark", reduced_motion="reduce")
        expect(page.locator("html")).to_have_attribute("data-bs-theme", scheme)
        assert [fault for fault in faults(page) if "contrast" in fault] == []
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()


def test_no_page_is_wider_than_a_small_phone(page_of: PageOf, admin: User, live_server) -> None:
    page = page_of(admin, "/signin/")
    page.set_viewport_size({"width": 320, "height": 700})
    wide = []
    for path in pages(admin):
        page.goto(f"{live_server.url}{path}")
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            wide.append(path)
    assert wide == []


def test_the_sign_in_page_has_no_serious_fault(page: Page, live_server, db: None) -> None:
    assert problems(page, live_server.url, ["/signin/"]) == []


def test_search_for_anything_works_by_keyboard(page_of: PageOf, admin: User) -> None:
    page = page_of(admin, "/")
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Search for anything").fill("audit")
    expect(page.get_by_role("option", selected=True)).to_contain_text("Audit")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Audit")


def test_enter_opens_what_belongs_to_the_typed_text(page_of: PageOf, admin: User) -> None:
    page = page_of(admin, "/")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("option", selected=True)).to_contain_text("Home")
    page.keyboard.type("audit")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Audit")


def test_a_page_that_is_a_form_begins_in_its_first_field(page_of: PageOf, admin: User, live_server) -> None:
    page = page_of(admin, "/core/people/add/")
    expect(page.get_by_label("User name")).to_be_focused()
    page.goto(f"{live_server.url}/segments/new/")
    expect(page.get_by_label("Name", exact=True)).to_be_focused()


def test_a_list_works_by_keyboard(page_of: PageOf, admin: User, viewer: User) -> None:
    page = page_of(admin, "/core/people/")
    page.keyboard.press("/")
    page.keyboard.type("view")
    expect(page.locator(".list tbody tr")).to_have_count(1)
    page.locator("h1").click()
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-picked]")).to_have_text("1 picked")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("viewer")


def test_a_dialog_names_the_consequences_first(page_of: PageOf, admin: User, viewer: User) -> None:
    page = page_of(admin, "/core/people/?q=viewer")
    page.locator("input[name=row]").check()
    page.get_by_role("button", name="Take access away").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("They are signed out")
    dialog.get_by_role("button", name="Cancel").click()
    assert User.objects.get(pk=viewer.pk).is_active
    page.get_by_role("button", name="Take access away").click()
    dialog.get_by_role("button", name="Take access away").click()
    expect(page.locator("#toasts")).to_contain_text("1 person can no longer sign in.")
    assert not User.objects.get(pk=viewer.pk).is_active


def test_a_form_in_the_side_panel_keeps_what_was_typed(page_of: PageOf, admin: User) -> None:
    page = page_of(admin, "/core/people/")
    page.get_by_role("link", name="Add person").click()
    panel = page.locator("#panel")
    panel.get_by_label("User name").fill("mia")
    panel.get_by_role("textbox", name="E-mail").fill("not an address")
    panel.get_by_role("button", name="Add person").click()
    expect(panel.get_by_text("Enter a valid email address.")).to_be_visible()
    expect(panel.get_by_label("User name")).to_have_value("mia")
    panel.get_by_role("textbox", name="E-mail").fill("mia@shop.example")
    panel.get_by_label("Marketer").check()
    panel.get_by_role("button", name="Add person").click()
    expect(panel.get_by_label("Link")).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel).not_to_be_visible()


def test_the_theme_is_there_before_the_first_paint(page_of: PageOf, admin: User) -> None:
    page = page_of(admin, "/")
    page.get_by_role("button", name="Theme").click()
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme-choice", "dark")


def test_a_chart_shows_its_table_in_one_click(page_of: PageOf, admin: User) -> None:
    page = page_of(admin, "/styleguide/")
    chart = page.locator("kindred-chart[data=guide-line]")
    chart.get_by_role("button", name="Table").click()
    expect(chart.locator("tr", has_text=re.compile("^3 May"))).to_contain_text("150")


def test_no_page_logs_an_error_when_it_is_used(page_of: PageOf, admin: User, viewer: User, live_server) -> None:
    User.objects.filter(pk=admin.pk).update(is_staff=True)
    page = page_of(admin, "/signin/")
    logged: list[str] = []
    page.on("console", lambda m: logged.append(f"{page.url} {m.text}") if m.type == "error" else None)
    page.on("pageerror", lambda error: logged.append(f"{page.url} {error}"))
    for path in [*pages(admin), "/admin/"]:
        page.goto(f"{live_server.url}{path}")
        for search in page.locator(".list-search input").all()[:1]:
            search.fill("no such thing")
            expect(page.locator(".list.htmx-request")).to_have_count(0)
            page.wait_for_url("**q=no*")
        for opener in page.locator("main a[hx-target='#panel']:visible").all()[:1]:
            opener.press("Enter")
            expect(page.locator("#panel [aria-busy]")).to_have_count(0)
            page.keyboard.press("Escape")
            expect(opener).to_be_focused()
    assert logged == []


def test_the_keyboard_keeps_its_place_when_a_list_changes(page_of: PageOf, admin: User) -> None:
    User.objects.bulk_create(User(username=f"person{number:03}") for number in range(120))
    page = page_of(admin, "/core/people/")
    page.get_by_role("link", name="User name").press("Enter")
    page.wait_for_url("**sort=*")
    expect(page.get_by_role("link", name="User name")).to_be_focused()
    page.get_by_role("link", name="Next").press("Enter")
    expect(page.get_by_text("Page 2 of")).to_be_visible()
    expect(page.get_by_role("region", name="Rows")).to_be_focused()


def test_a_list_is_cards_with_room_for_fingers_on_a_phone(page_of: PageOf, admin: User, viewer: User) -> None:
    page = page_of(admin, "/core/people/")
    page.set_viewport_size({"width": 390, "height": 844})
    cells = page.locator(".list tbody td:visible")
    ends = cells.evaluate_all("all => all.map(c => c.getBoundingClientRect().right)")
    assert len(ends) > 4
    assert max(ends) <= 390
    heights = "all => all.map(c => c.getBoundingClientRect().height)"
    assert min(page.locator(":is(button, .btn, select):visible").evaluate_all(heights)) >= 40


def test_headings_of_a_list_stay_in_sight(page_of: PageOf, admin: User) -> None:
    entry = {"user": admin, "verb": "segment.publish", "kind": "segment"}
    AuditEntry.objects.bulk_create([AuditEntry(target=str(n), label=f"S{n}", **entry) for n in range(60)])
    page = page_of(admin, "/core/audit/")
    page.locator(".list-scroll.fits").wait_for()
    page.locator(".list tbody tr").last.scroll_into_view_if_needed()
    heading = page.locator(".list thead th").nth(1).bounding_box()
    assert heading is not None
    assert 0 < heading["y"] < 100


def test_a_small_table_is_cards_on_a_phone(page_of: PageOf, admin: User) -> None:
    Job.objects.create(kind="refresh", state=Job.State.DONE)
    page = page_of(admin, "/jobs/schedule/")
    page.set_viewport_size({"width": 390, "height": 844})
    table = page.locator(".table-cards")
    assert table.evaluate("node => node.scrollWidth <= node.clientWidth")
    expect(table.locator("td").nth(1)).to_have_attribute("data-label", "State")
