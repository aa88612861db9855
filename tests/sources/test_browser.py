"""A source in a real browser: files are uploaded, their columns checked and loaded, and rows set aside are fetched."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from jobs.models import Job
from jobs.tasks import run_job
from sources import services
from sources.models import SourceTable
from tests.support.axe import faults_light_and_dark

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PageOf = Callable[[User, str], Page]
MEMBERS = (
    "Mitgliedsnr;Vorname;E-Mail;Treuepunkte;Beitrag\r\n"
    "M-1;Jörg;joerg@gym.example;1.100;19,90\r\n"
    "M-2;Zoë;zoe@gym.example;120;29,90\r\n"
    "M-3;Kaputt\r\n"
    "Summe: 2;;;1.220;49,80\r\n"
)


def work() -> None:
    """What a worker would do now."""
    for job in Job.objects.active():
        run_job(job.pk)


def test_several_files_are_listed_and_not_sent_without_a_name(page_of: PageOf, analyst: User, tmp_path: Path) -> None:
    for name in ("one.csv", "two.csv"):
        (tmp_path / name).write_text("id,email\n1,a@gym.example\n")
    page = page_of(analyst, "/sources/add/file/")
    page.get_by_label("Files", exact=True).set_input_files([tmp_path / "one.csv", tmp_path / "two.csv"])
    expect(page.locator(".sources-chosen li")).to_have_text(["one.csv", "two.csv"])
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_label("Name")).to_be_focused()
    page.get_by_label("Name").fill("gym")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("one.csv")).to_be_visible()
    expect(page.get_by_text("Then the columns of one more file.")).to_be_visible()


def test_a_file_becomes_a_table_and_what_cannot_be_read_is_fetched(
    page_of: PageOf, analyst: User, tmp_path: Path
) -> None:
    file = tmp_path / "Mitglieder (neu).csv"
    file.write_bytes(MEMBERS.encode("cp1252"))
    page = page_of(analyst, "/sources/add/file/")
    page.get_by_label("Files", exact=True).set_input_files(file)
    expect(page.get_by_label("Name")).to_have_value("mitglieder_neu")
    page.get_by_role("button", name="Continue").click()

    expect(page.get_by_text("Line 4 will be set aside.")).to_be_visible()
    expect(page.get_by_label("Type of Treuepunkte")).to_have_value("integer")
    expect(page.get_by_label("Meaning of E-Mail")).to_have_value("contact.email")
    page.get_by_label("Type of Beitrag").select_option("money")
    page.get_by_label("Currency of Beitrag").fill("eur")
    page.get_by_label("Mitgliedsnr is part of the key").check()
    assert faults_light_and_dark(page) == []
    page.get_by_label("Type of Beitrag").select_option("money")
    page.get_by_label("Currency of Beitrag").fill("eur")
    page.get_by_label("Mitgliedsnr is part of the key").check()
    page.get_by_role("button", name="Save and load").click()

    expect(page.get_by_text("It waits for a free worker.")).to_be_visible()
    work()
    expect(page.locator(".tile", has_text="Rows")).to_contain_text("2")
    expect(page.locator("tr", has_text="Treuepunkte")).to_contain_text("1,100")
    expect(page.get_by_role("link", name="Unify customers")).to_be_visible()
    assert faults_light_and_dark(page) == []
    table = SourceTable.objects.get()
    assert table.key == ["Mitgliedsnr"]
    assert table.columns.get(name="Beitrag").currency == "EUR"

    page.get_by_role("link", name="Set aside", exact=False).last.click()
    expect(page.locator("tbody tr")).to_have_count(2)
    assert faults_light_and_dark(page) == []
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as CSV").click()
    text = Path(download.value.path()).read_text("utf-8-sig")
    assert "M-3;Kaputt" in text
    assert "Summe: 2" in text


def test_what_comes_next_is_readable_on_a_phone(page_of: PageOf, analyst: User, tmp_path: Path) -> None:
    file = tmp_path / "members.csv"
    file.write_text("id,email\n1,a@x.de\n2,b@x.de\n")
    source = services.create_source(name="gym", connector="file")
    table = services.save_table(source, name="members", config={"path": str(file)})
    services.load_table(table)
    page = page_of(analyst, "/sources/")
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(page.url + "gym/tables/members/")
    words = page.locator(".notice-body", has_text="rows are in").bounding_box()
    assert words is not None
    assert words["width"] > 200


def test_the_file_field_has_the_focus_when_its_file_is_empty(page_of: PageOf, analyst: User, tmp_path: Path) -> None:
    file = tmp_path / "empty.csv"
    file.touch()
    page = page_of(analyst, "/sources/add/file/")
    page.get_by_label("Files", exact=True).set_input_files(file)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("“empty.csv” has nothing in it.")).to_be_visible()
    expect(page.get_by_label("Files", exact=True)).to_be_focused()


def test_an_address_may_name_the_field_in_which_a_form_begins(page_of: PageOf, analyst: User, tmp_path: Path) -> None:
    file = tmp_path / "members.csv"
    file.write_text("id,email\n1,a@x.de\n")
    source = services.create_source(name="gym", connector="file")
    services.load_table(services.save_table(source, name="members", config={"path": str(file)}))
    page = page_of(analyst, "/sources/gym/tables/members/edit/#id_key")
    expect(page.get_by_label("Key", exact=True)).to_be_focused()
