"""A file becomes a table with the keyboard alone: uploaded, its columns checked, loaded, and looked at."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from sources.models import SourceTable
from tests.sources.test_browser import MEMBERS, work
from tests.support.keys import choose, press, tab_to

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# What has the focus right after each of the next two swaps, before the browser does anything else.
FOCUSED = """() => new Promise((resolve) => {
    const seen = [];
    const note = () => seen.push(document.activeElement.textContent.trim()) === 2 && resolve(seen);
    document.addEventListener("htmx:afterSwap", () => setTimeout(note));
})"""


def test_a_source_is_added_checked_and_loaded(
    page_of: Callable[[User, str], Page], analyst: User, tmp_path: Path
) -> None:
    file = tmp_path / "Mitglieder.csv"
    file.write_bytes(MEMBERS.encode("cp1252"))
    page = page_of(analyst, "/sources/")
    page.on("filechooser", lambda chooser: chooser.set_files(file))
    press(page, page.get_by_role("link", name="Add a source").first)
    press(page, page.locator("main").get_by_role("link", name="Files"))
    expect(page.get_by_label("Files", exact=True)).to_be_focused()
    page.keyboard.press("Space")
    expect(page.get_by_label("Name")).to_have_value("mitglieder")
    press(page, page.get_by_role("button", name="Continue"))

    expect(page.get_by_role("heading", level=1)).to_have_text("Check the columns")
    choose(page, page.get_by_label("Type of Beitrag"), "Money")
    tab_to(page, page.get_by_label("Currency of Beitrag"))
    page.keyboard.press("Control+a")
    page.keyboard.type("eur")
    choose(page, page.get_by_label("Meaning of Mitgliedsnr"), "Identifier: loy", back=True)
    press(page, page.get_by_label("Mitgliedsnr is part of the key"), "Space")
    press(page, page.get_by_role("button", name="Save and load"))
    expect(page.get_by_text("It waits for a free worker.")).to_be_visible()
    tab_to(page, page.get_by_role("button", name="Cancel"))
    assert page.evaluate(FOCUSED) == ["Cancel", "Cancel"]
    work()
    expect(page.locator(".tile", has_text="Rows")).to_contain_text("2")

    press(page, page.get_by_role("link", name="Edit Vorname"))
    panel = page.locator("#panel")
    expect(panel.get_by_label("Shown name")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("Given name")
    page.keyboard.press("Enter")
    expect(page.get_by_role("rowheader", name="Given name")).to_be_visible()
    table = SourceTable.objects.get()
    assert table.key == ["Mitgliedsnr"]
    assert table.columns.get(name="Beitrag").currency == "EUR"
    assert table.columns.get(name="Mitgliedsnr").semantic == "id.loyalty_card"
