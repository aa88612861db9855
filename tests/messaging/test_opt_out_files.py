"""Unsubscribed addresses come as files of any size, from anywhere."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.models import AuditEntry
from messaging import consent, opt_out_files
from messaging.models import Consent, Suppression
from messaging.opt_out_files import ImportReport, export_rows, import_opt_outs

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]


def imported(text: str | bytes, by: User | None = None) -> ImportReport:
    return import_opt_outs(BytesIO(text.encode() if isinstance(text, str) else text), source="file", by=by)


def addresses() -> list[str]:
    return [row[0] for row in export_rows()]


def test_addresses_are_imported_line_by_line(marketer: User) -> None:
    text = "name;email\nAnn;ANN@shop.example\nBo;nonsense\n\nCy;cy@shop.example\nAnn;ann@shop.example\nDi\n"
    report = imported(text, by=marketer)
    assert (report.added, report.known, report.refused) == (2, 1, 2)
    assert report.rejected == [(3, "nonsense"), (7, "")]
    assert set(Consent.objects.values_list("address", flat=True)) == {"ann@shop.example", "cy@shop.example"}
    assert addresses() == ["ann@shop.example", "cy@shop.example"]
    entry = AuditEntry.objects.get(verb="consent.import")
    assert (entry.user, entry.details["added"]) == (marketer, 2)


def test_a_large_file_takes_a_statement_for_many_lines_and_names_the_bad_ones(
    django_assert_max_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opt_out_files, "AT_ONCE", 1_000)
    lines = ["email", *(f"p{n}@shop.example" for n in range(2_500))]
    lines[1_777], lines[2_499] = "p@", '"p\n@"'
    with django_assert_max_num_queries(12):
        report = imported("\r\n".join(lines))
    assert (report.added, report.known) == (2_498, 0)
    assert report.rejected == [(1_778, "p@"), (2_500, "p\n@")]
    assert Suppression.objects.count() == 2_498
    again = imported("\r\n".join(lines))
    assert (again.added, again.known) == (0, 2_498)
    assert Consent.objects.count() == 2_498


def test_only_the_first_bad_lines_are_kept_and_all_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opt_out_files, "MAX_SHOWN", 2)
    report = imported("email\n" + "x\n" * 5)
    assert (report.refused, report.rejected) == (5, [(2, "x"), (3, "x")])


def test_who_subscribed_again_is_unsubscribed_again() -> None:
    consent.opt_out("ann@shop.example", source="test")
    consent.opt_in("ann@shop.example", source="test")
    assert imported("ann@shop.example\n").added == 1
    newest = consent.current("ann@shop.example")
    assert newest is not None
    assert newest.state == "opted_out"


@pytest.mark.parametrize(
    "data",
    [
        "Ännchen\tann@bücher.example\n".encode("utf-16"),
        "\ufeffemail\nann@bücher.example\n".encode(),
        "name,e-mail\nJürgen,ann@bücher.example".encode("cp1252"),
        b"email\nann@xn--bcher-kva.example",
    ],
    ids=["utf-16", "utf-8 with a mark", "windows", "ascii"],
)
def test_any_spreadsheets_file_is_read(data: bytes) -> None:
    text = data.decode("utf-16").split("\t")[1].encode("utf-16") if data.startswith(b"\xff\xfe") else data
    imported(text)
    assert addresses() == ["ann@xn--bcher-kva.example"]


def test_what_was_exported_can_be_imported(marketer: User, client_of: ClientOf) -> None:
    """Also an address that a spreadsheet would run as a formula."""
    imported("=1+1@shop.example\nann@shop.example\n")
    answer: Any = client_of(marketer).get("/messages/consent/export/")
    data = b"".join(answer.streaming_content)
    assert b"\n'=1+1@shop.example" in data
    Suppression.objects.all().delete()
    assert imported(data).refused == 0
    assert addresses() == ["=1+1@shop.example", "ann@shop.example"]


def test_the_page_shows_every_line_that_was_left_out(marketer: User, client_of: ClientOf) -> None:
    file = SimpleUploadedFile("out.csv", b"email\nann@shop.example\n<b>x</b>\nnobody\n")
    page = client_of(marketer).post("/messages/consent/import/", {"file": file}).content.decode()
    assert "1 address was unsubscribed." in page
    assert "2 lines have no e-mail address" in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page
    assert "nobody" in page
