"""Files as programs of all kinds write them: their encodings, escapes, endings, empty rows and merged cells."""

import datetime as dt
import gzip
import io
import json
from collections.abc import Callable

import pytest
from openpyxl import Workbook

from core.errors import InvalidInput
from sources import services
from sources.models import Load, SourceTable
from tests.sources.conftest import quarantined, rows

TableOf = Callable[..., SourceTable]
NAMES = {
    "cp1250": "Łukasz Żółć|Zażółć Gęślą|Świętosława",
    "iso8859_2": "Jiří Dvořák|Šárka Nováková|Žofie Říhová",
    "cp1254": "Şükrü Işık|Gülşen Çağlar|Ayşe Yılmaz",
    "cp1257": "Žygimantas Šarūnas|Ąžuolas Grinevičius|Eglė Žukauskaitė",
    "mac_roman": "Jürgen Müller|Élodie Brûlé|Zoë Öberg",
    "cp850": "Jürgen Müller|Élodie Brûlé|Zoë Öberg",
    "cp1252": "Jürgen Müller|José Muñoz|Søren Kjær|François Lefèvre|Niccolò|João Simões|Nº 5",
}


def workbook(*lines: list[object], merge: tuple[str, ...] = ()) -> bytes:
    book, file = Workbook(), io.BytesIO()
    assert book.active is not None
    for line in lines:
        book.active.append(line)
    for cells in merge:
        book.active.merge_cells(cells)
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize("encoding", NAMES)
def test_letters_of_europe_are_read_in_whatever_encoding_they_are(table_of: TableOf, encoding: str) -> None:
    names = NAMES[encoding].split("|")
    table = table_of("a.csv", ("id;who\n" + "".join(f"{n};{name}\n" for n, name in enumerate(names))).encode(encoding))
    services.load_table(table)
    assert [row["who"] for row in rows(table)] == names


def test_hungarian_is_not_taken_for_portuguese(table_of: TableOf) -> None:
    table = table_of("a.csv", "id;who\n1;Kovács Győző\n2;Szűcs Ernő\n3;Tóth Erzsébet\n".encode("cp1250"))
    services.load_table(table)
    assert [row["who"] for row in rows(table)] == ["Kovács Győző", "Szűcs Ernő", "Tóth Erzsébet"]


def test_byte_order_marks_between_joined_files_are_no_part_of_values(table_of: TableOf) -> None:
    table = table_of("a.csv", "\ufeffid,name\n1,a\n\ufeff2,b\n")
    services.load_table(table)
    assert [row["id"] for row in rows(table)] == ["1", "2"]


def test_quotes_behind_backslashes_are_quotes(table_of: TableOf) -> None:
    table = table_of("a.csv", 'id,who,town\n1,"Ann \\"The Boss\\" Lee",Rome\n2,"Bo \\"x, y\\"",Oslo\n3,"C\\\\D",Bonn\n')
    services.load_table(table)
    assert [row["who"] for row in rows(table)] == ['Ann "The Boss" Lee', 'Bo "x, y"', "C\\D"]


def test_folders_of_windows_keep_their_backslashes(table_of: TableOf) -> None:
    table = table_of("a.csv", 'id,folder,town\n1,"C:\\dir\\",Rome\n2,"D:\\",Oslo\n')
    services.load_table(table)
    assert [row["folder"] for row in rows(table)] == ["C:\\dir\\", "D:\\"]


def test_what_databases_write_for_no_value_is_none(table_of: TableOf) -> None:
    table = table_of("a.tsv", "id\tnote\n1\t\\N\n2\tx\n")
    services.load_table(table)
    assert [row["note"] for row in rows(table)] == [None, "x"]


def test_rows_of_delimiters_alone_are_left_out_with_a_note(table_of: TableOf) -> None:
    table = table_of("a.csv", "id,name\n1,a\n,\n2,b\nx\n,\n")
    load = services.load_table(table)
    assert ([row["id"] for row in rows(table)], table.refresh_from_db(), table.key) == (["1", "2"], None, ["id"])
    assert [row["line"] for row in quarantined(table)] == [5]
    assert (load.rows_read, load.rows_loaded) == (3, 2)
    assert any("2 lines of a.csv hold nothing but delimiters" in note for note in load.notes)


def test_columns_without_name_and_value_are_none_until_one_holds_something(table_of: TableOf) -> None:
    table = table_of("a.csv", "id,name,\n1,a,\n2,b,\n")
    services.load_table(table)
    assert list(rows(table)[0]) == ["id", "name"]
    other = table_of("b.csv", "id,name,\n1,a,\n2,b,late\n")
    services.load_table(other)
    assert [row["column_3"] for row in rows(other)] == [None, "late"]


def test_years_beside_a_name_are_names_of_columns(table_of: TableOf) -> None:
    table = table_of("a.csv", "region,2022,2023\nNorth,5,6\nSouth,8,9\n")
    services.load_table(table)
    assert rows(table)[0] == {"region": "North", "2022": 5, "2023": 6}
    data = table_of("b.csv", "Ann,1985,2001\nBo,1990,2005\n")
    services.load_table(data)
    assert len(rows(data)) == 2


@pytest.mark.parametrize(
    ("file", "data", "note"),
    [
        ("a.xls", workbook(["id", "who"], [1, "Ann"]), ""),
        ("a.xls", b"id\twho\n1\tAnn\n", "is text"),
        ("a.xlsx", "id;who\n1;Ann\n".encode("utf-16"), "is text"),
        ("a.csv", b'{"id": "1", "who": "Ann"}\n', "is JSON"),
        ("a.txt", b'[{"id": "1",\n"who": "Ann"}]', "is JSON"),
    ],
)
def test_what_a_file_is_decides_not_what_it_is_called(table_of: TableOf, file: str, data: bytes, note: str) -> None:
    table = table_of(file, data)
    load = services.load_table(table)
    assert rows(table) == [{"id": "1", "who": "Ann"}]
    assert any(note in told for told in load.notes) if note else not load.notes


def test_a_web_page_that_is_called_a_workbook_is_named(table_of: TableOf) -> None:
    with pytest.raises(InvalidInput, match="web page"):
        services.load_table(table_of("a.xls", "<html><table><tr><td>id</td></tr></table></html>"))


def test_each_row_below_a_merged_cell_has_its_value(table_of: TableOf) -> None:
    lines: list[list[object]] = [["region", "id"], ["North", "a"], [None, "b"], ["South", "c"], [None, "d"]]
    table = table_of("a.xlsx", workbook(*lines, merge=("A2:A3",)))
    services.load_table(table)
    assert [row["region"] for row in rows(table)] == ["North", "North", "South", None]


def test_blanks_beside_and_below_a_sheet_are_nothing(table_of: TableOf) -> None:
    table = table_of("a.xlsx", workbook(["id", "n"], ["a", 5], [], ["b", 6, None, " "], [" ", " "]))
    services.load_table(table)
    assert rows(table) == [{"id": "a", "n": 5}, {"id": "b", "n": 6}]


def test_a_very_long_name_of_a_column_is_cut(table_of: TableOf) -> None:
    for file, data in (("a.csv", f"id,{'x' * 5000},{'x' * 5001}\n1,2,3\n"), ("b.json", json.dumps({"x" * 5000: 2}))):
        table = table_of(file, data)
        services.load_table(table)
        assert max(map(len, rows(table)[0])) <= 210


def test_what_has_no_columns_says_so(table_of: TableOf) -> None:
    with pytest.raises(InvalidInput, match="neither columns nor rows"):
        services.load_table(table_of("a.json", "[]"))


def test_lists_of_lists_are_set_aside_with_their_reason(table_of: TableOf) -> None:
    table = table_of("a.json", '[["id","n"],[1,"x"]]')
    with pytest.raises(InvalidInput, match="could be loaded"):
        services.load_table(table)
    assert {row["code"] for row in quarantined(table)} == {"json"}
    assert Load.objects.get(table=table).rows_rejected == 2


@pytest.mark.parametrize(
    ("values", "format_"),
    [(["1700000000.25", "1700000001.5"], "epoch_s"), (["1700000000250000", "1700000001500000"], "epoch_us")],
)
def test_fractions_of_seconds_since_1970_are_kept(table_of: TableOf, values: list[str], format_: str) -> None:
    text = "id,ts\n" + "".join(f"{n},{value}\n" for n, value in enumerate(values))
    hinted = services.load_table(table_of("a.csv", text))
    assert any("2023-11-14" in note for note in hinted.notes)
    table = table_of("b.csv", text, columns={"ts": {"type": "timestamp"}})
    services.load_table(table)
    assert table.columns.get(name="ts").format == format_
    assert rows(table)[0]["ts"] == dt.datetime(2023, 11, 14, 22, 13, 20, 250_000, dt.UTC)


def test_an_archive_says_that_it_is_one(table_of: TableOf) -> None:
    with pytest.raises(InvalidInput, match="gzip archive"):
        services.load_table(table_of("a.csv.gz", gzip.compress(b"id\n1\n"), name="packed"))
