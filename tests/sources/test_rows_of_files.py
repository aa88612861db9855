"""Which lines of a file are names of columns, rows, or neither; and how values are parted."""

from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from sources import services
from sources.loading.totals import is_total
from tests.sources.conftest import quarantined, rows


def test_a_file_without_a_header_gets_numbered_columns(table_of: Any) -> None:
    columns = {"column_2": {"type": "date"}}
    table = table_of("a.txt", " 00004 19970101  1   29.33\n 00004 19970118  1   29.73\n", header=False, columns=columns)
    services.load_table(table)
    assert rows(table)[0]["column_1"] == "00004"
    assert str(rows(table)[0]["column_2"]) == "1997-01-01"


def test_blanks_around_names_and_values_are_taken_away(table_of: Any) -> None:
    table = table_of("a.csv", "rec_id, given_name\nr1, ann \nr2,\n")
    services.load_table(table)
    assert rows(table) == [{"rec_id": "r1", "given_name": "ann"}, {"rec_id": "r2", "given_name": None}]


@pytest.mark.parametrize(("file", "mark"), [("a.tsv", "\t"), ("a.csv", ";"), ("a.txt", "|")])
def test_any_delimiter_is_found(table_of: Any, file: str, mark: str) -> None:
    table = table_of(file, mark.join(["id", "name"]) + "\n" + mark.join(["1", "Ann, Bob"]) + "\n")
    services.load_table(table)
    assert rows(table) == [{"id": "1", "name": "Ann, Bob"}]


def test_a_total_below_delimited_text_is_no_row(table_of: Any) -> None:
    table = table_of("gym.csv", "nr;points\nM-1;10\nM-2;20\nSumme: 2;\n")
    services.load_table(table)
    assert [row["nr"] for row in rows(table)] == ["M-1", "M-2"]
    assert [row["raw"] for row in quarantined(table)] == ["Summe: 2;"]


def test_titles_above_a_sheet_and_totals_below_it_are_no_rows(table_of: Any, tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    sheet.append(["Check-ins, export of 21 November"])
    sheet.merge_cells("A1:C1")
    sheet.append([])
    for row in (["Nr.", "Mitglied", "Dauer"], [1, "M-1", 20], [2, "M-2", 30], ["Gesamt", None, 50]):
        sheet.append(row)
    book.create_sheet("Branches")
    book.save(tmp_path / "book.xlsx")
    table = table_of("book.xlsx", (tmp_path / "book.xlsx").read_bytes())
    load = services.load_table(table)
    assert "The workbook also has: Branches" in load.notes[0]
    assert [(row["Nr."], row["Dauer"]) for row in rows(table)] == [("1", 20), ("2", 30)]
    assert [(row["line"], row["code"]) for row in quarantined(table)] == [(6, "total")]
    assert "Check-ins, export" in load.notes[1]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (["Summe: 18", "", "", "2.345,60"], True),
        (["", "Grand Total", "12 €", ""], True),
        (["合计", None, "7"], True),
        (["Tổng cộng", "700", ""], True),
        (["Sumner", "", "3"], False),
        (["Total", "Energies", ""], False),
        (["7", "", ""], False),
        (["Gesamt", "1", "2"], False),
    ],
)
def test_a_total_is_told_from_a_row(row: list[Any], expected: bool) -> None:
    assert is_total(row) is expected


def test_an_excel_sheet_keeps_dates_and_rows(table_of: Any, tmp_path: Path) -> None:
    import datetime

    book = Workbook()
    sheet = book.active
    for line in (["id", "name", "joined"], [1, "Ann", datetime.date(2024, 1, 2)], [None, "Bob", None]):
        sheet.append(line)
    book.save(tmp_path / "book.xlsx")
    table = table_of("book.xlsx", (tmp_path / "book.xlsx").read_bytes(), key=["id"])
    services.load_table(table)
    assert rows(table)[0]["id"] == "1"
    assert str(rows(table)[0]["joined"]) == "2024-01-02"
