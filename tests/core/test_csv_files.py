"""Cells of CSV files, as a spreadsheet and another system take them."""

import csv
import io

import pytest

from core.csv_files import csv_pieces


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "+1 305-232-5049", "+cmd|' /C calc'!A0", "-", "+", "+1e5", "-1\n"],
)
def test_what_a_spreadsheet_would_run_is_text_to_it(text: str) -> None:
    assert _cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["+13052325049", "-12.50", "-7,5", "Ann", "1=1", ""])
def test_numbers_and_all_else_stay_as_they_are(text: str) -> None:
    assert _cell(text) == text


def _cell(text: str) -> str:
    (piece,) = csv_pieces(["name"], [[text]])
    (_header, row) = csv.reader(io.StringIO(piece, newline=""))
    return row[0] if row else ""
