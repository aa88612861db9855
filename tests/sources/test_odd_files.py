"""What people really put where a table should be: pipes, links, web pages, titles above the table."""

import json
import os
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from core.errors import InvalidInput, KindredError
from sources import services
from sources.connectors.file import files_of, readable
from sources.models import Load, Source, SourceTable
from tests.sources.conftest import quarantined, rows

TableOf = Callable[..., SourceTable]


def test_when_every_row_is_bad_the_rows_are_shown_with_their_reasons(table_of: TableOf) -> None:
    table = table_of("a.csv", "id,n\n1,x\n2,y\n", columns={"n": {"type": "integer"}})
    with pytest.raises(InvalidInput, match="all were set aside"):
        services.load_table(table)
    assert [(row["line"], row["column"]) for row in quarantined(table)] == [(2, "n"), (3, "n")]
    load = Load.objects.get(table=table)
    assert (load.state, load.rows_read, load.rows_rejected, load.reasons) == ("failed", 2, 2, {"type": 2})


def test_a_workbook_and_a_parquet_file_are_read_whatever_they_are_called(table_of: TableOf, tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["id", "town"])  # type: ignore[union-attr]
    book.active.append(["a", "Köln"])  # type: ignore[union-attr]
    book.save(tmp_path / "book.xlsx")
    pq.write_table(pa.table({"id": ["a"], "town": ["Köln"]}), tmp_path / "data.parquet")
    for name, told in (("book.xlsx", "is a workbook"), ("data.parquet", "is a Parquet file")):
        table = table_of(f"{Path(name).stem}.csv", (tmp_path / name).read_bytes())
        load = services.load_table(table)
        assert rows(table) == [{"id": "a", "town": "Köln"}]
        assert [note for note in load.notes if told in note and "does not say so" in note]
        stated = table_of(f"{Path(name).stem}.csv", (tmp_path / name).read_bytes(), name="stated", format="delimited")
        with pytest.raises(InvalidInput, match="right ending"):
            services.load_table(stated)


def test_a_refresh_in_which_a_table_fails_says_so_on_both_streams_and_ends_with_1(table_of: TableOf) -> None:
    table_of("good.csv", "id,n\n1,2\n")
    table_of("bad.csv", b"PK\x03\x04 and so on")
    out = StringIO()
    with pytest.raises(CommandError, match="shop.bad: bad.csv is a ZIP archive") as ended:
        call_command("refresh", "--stage", "load", "--json", stdout=out)
    assert ended.value.returncode == 1
    result = json.loads(out.getvalue())
    assert [problem.partition(":")[0] for problem in result["problems"]] == ["shop.bad"]
    assert result["stages"][0]["rows"] == 1


def test_what_is_no_file_is_named(shop: Source, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "a.csv").symlink_to("b.csv")
    (tmp_path / "b.csv").symlink_to("a.csv")
    (tmp_path / "c.csv").symlink_to("nowhere.csv")
    for path, words in [
        ("pipe.csv", "a pipe or a device"),
        ("a.csv", "Too many levels"),
        ("c.csv", "does not exist"),
        ("x" * 300, "too long"),
        ("nul\0.csv", "does not exist|null"),
    ]:
        with pytest.raises(KindredError, match=words):
            files_of(str(tmp_path / path))


def test_a_file_that_may_not_be_read_says_what_to_do() -> None:
    with pytest.raises(InvalidInput, match="Give the server the right"), readable("/a.csv"):
        raise PermissionError(13, "Permission denied")


def test_a_web_page_is_no_table(table_of: TableOf) -> None:
    table = table_of("a.csv", "\n<!DOCTYPE html>\n<html><body>Sign in, please</body></html>\n")
    with pytest.raises(InvalidInput, match="web page"):
        services.load_table(table)


@pytest.mark.parametrize(
    "text",
    [
        "sep=;\nid;name\n1;a\n2;b\n",
        "Report of 2024\n\nid,name\n1,a\n2,b\n",
        "# made by a tool\r\n# on Monday\r\nid,name\r\n1,a\r\n2,b\r\n",
        "Report,\n,\nid,name\n1,a\n2,b\n",
    ],
)
def test_lines_above_the_table_are_left_out_and_the_others_keep_their_numbers(table_of: TableOf, text: str) -> None:
    table = table_of("a.csv", text + "2,again\n".replace(",", ";" if "sep" in text else ","), key=["id"])
    services.load_table(table)
    assert [(row["id"], row["name"]) for row in rows(table)] == [("1", "a"), ("2", "b")]
    assert [row["line"] for row in quarantined(table)] == [len(text.splitlines()) + 1]
    assert "left out" in Load.objects.get(table=table).notes[0]


def test_a_table_of_one_column_has_no_titles(table_of: TableOf) -> None:
    table = table_of("a.csv", "email\na@x.org\nb@x.org\n")
    services.load_table(table)
    assert [row["email"] for row in rows(table)] == ["a@x.org", "b@x.org"]


def test_a_stated_column_that_was_never_there_is_named_and_not_made(table_of: TableOf) -> None:
    table = table_of("a.csv", "id,email\n1,a@x.org\n", columns={"e-mail": {"semantic": "contact.email"}})
    out = StringIO()
    call_command("refresh", "--stage", "load", stdout=out)
    assert "no column “e-mail”" in out.getvalue()
    assert "Did you mean email" in out.getvalue()
    assert rows(table) == [{"id": "1", "email": "a@x.org"}]


@pytest.mark.parametrize(("name", "value"), [("time_zone", "Mars/Base"), ("encoding", "klingon")])
def test_unknown_zones_and_encodings_are_refused_when_they_are_stated(
    shop: Source, tmp_path: Path, name: str, value: str
) -> None:
    with pytest.raises(InvalidInput, match=value):
        services.save_table(shop, name="t", config={"path": str(tmp_path / "a.csv"), name: value})


def test_a_line_of_a_million_empty_fields_costs_no_minutes(table_of: TableOf) -> None:
    table = table_of("a.csv", "id,n\n1,2\n" + "," * 1_000_000 + "\n3,4\n")
    services.load_table(table)
    assert [row["id"] for row in rows(table) if row["id"]] == ["1", "3"]


@pytest.mark.parametrize("parts", [["Phone", "E-mail"], ["+1 555 0100", "a@x.org"]])
def test_column_names_in_two_rows_are_one(table_of: TableOf, tmp_path: Path, parts: list[str]) -> None:
    book = Workbook()
    assert book.active is not None
    for row in (["Card file"], ["No", "Patient", "Contact", None, "City"], [None, None, *parts, None]):
        book.active.append(row)
    for row in (["A1", "Ann Lee", "+1 555 0101", "ann@x.org", "Rome"], ["A2", "Bo Ray", None, "bo@x.org", "Oslo"]):
        book.active.append(row)
    book.save(tmp_path / "cards.xlsx")
    table = table_of("cards.xlsx", (tmp_path / "cards.xlsx").read_bytes())
    services.load_table(table)
    are_names = parts[0] == "Phone"
    named = ["Contact Phone", "Contact E-mail"] if are_names else ["Contact", "column_4"]
    assert list(rows(table)[0])[:5] == ["No", "Patient", *named, "City"]
    assert len(rows(table)) == (2 if are_names else 3)
