"""What a load says of columns that no type fits, and of amounts whose currency stands beside them."""

import datetime as dt
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from core.errors import InvalidInput, NotFound
from core.models import Workspace
from sources import services
from sources.models import SourceTable
from tests.sources.conftest import rows

TableOf = Callable[..., SourceTable]


@pytest.mark.parametrize(
    ("dates", "ways"),
    [
        (["31/12/2024", "12/31/2024", "13/01/2024"], ["20 × 31/12/2026", "10 × 12/31/2026"]),
        (["2024-12-31", "31/12/2024", "Jan 5, 2024"], ["10 × 2026-12-31", "10 × 31/12/2026", "10 × Dec 31, 2026"]),
        (["31.12.2024", "31.12.2024 14:05", "1.1.2025"], ["20 × 31.12.2026", "10 × 31.12.2026 18:30"]),
    ],
)
def test_dates_in_several_ways_of_writing_are_told_with_how_many_of_each(
    table_of: TableOf, dates: list[str], ways: list[str]
) -> None:
    table = table_of("a.csv", "id|day\n" + "".join(f"{n}|{day}\n" for n, day in enumerate(dates * 10)))
    load = services.load_table(table)
    assert [row["day"] for row in rows(table)][:3] == dates
    (note,) = [note for note in load.notes if "“day” holds dates written in several ways" in note]
    assert all(way in note for way in ways)


def test_streets_are_no_dates(table_of: TableOf) -> None:
    load = services.load_table(table_of("a.csv", "id|v\n" + "1|12 Main St\n2|5 Oak Ave 7\n" * 20))
    assert not any("dates" in note for note in load.notes)


def orders(currencies: list[str], amount: str = "{n}.50") -> str:
    lines = (f"{n},{amount.format(n=n)},{n},{code}\n" for n, code in enumerate(currencies))
    return "id,amount,pieces,currency\n" + "".join(lines)


def test_amounts_beside_one_currency_are_money_in_it(table_of: TableOf) -> None:
    table = table_of("a.csv", orders(["eur"] * 30))
    load = services.load_table(table)
    column = table.columns.get(name="amount")
    assert (column.type, column.currency, rows(table)[1]["amount"]) == ("money", "EUR", 150)
    assert not any("currency" in note for note in load.notes)


def test_whole_numbers_beside_a_currency_may_be_cents_and_stay_numbers(table_of: TableOf) -> None:
    table = table_of("a.csv", orders(["EUR"] * 30, "{n}"))
    services.load_table(table)
    assert table.columns.get(name="amount").type == "integer"


def test_amounts_in_several_currencies_are_numbers_with_a_note(table_of: TableOf) -> None:
    table = table_of("a.csv", orders(["EUR", "EUR", "USD"] * 10))
    load = services.load_table(table)
    assert (table.columns.get(name="amount").type, rows(table)[1]["amount"]) == ("number", 1.5)
    assert any("“amount” are in the currencies that “currency” names (EUR, USD)" in note for note in load.notes)


def test_a_second_currency_far_below_is_noticed(table_of: TableOf) -> None:
    table = table_of("a.csv", orders(["EUR"] * 600_000 + ["USD"]))
    services.load_table(table)
    assert table.columns.get(name="amount").type == "number"


def test_a_second_currency_in_a_later_file_is_noticed(table_of: TableOf) -> None:
    table = table_of("a.csv", orders(["EUR"] * 30))
    services.load_table(table)
    Path(table.config["path"]).write_text(orders(["EUR"] * 29 + ["USD"]))
    services.load_table(table)
    assert table.columns.get(name="amount").type == "number"


@pytest.mark.parametrize(
    ("name", "values", "kind", "first"),
    [
        ("v", ["VERO", "FALSO"], "boolean", True),
        ("v", ["VERDADERO", "FALSO"], "boolean", True),
        ("is_vip", ["1.0", "0.0"], "boolean", True),
        ("v", ["1’234.50", "99.05"], "number", 1234.5),
        ("batch", ["12e4", "34e5"], "string", "12e4"),
        ("v", ["7", "#NV", "<NA>", "(null)", "–", "k.A."], "integer", 7),
        ("geburtsdatum", ["05.06.58", "13.01.99"], "date", dt.date(1958, 6, 5)),
        ("valid_until", ["05.06.58", "13.01.35"], "date", dt.date(2058, 6, 5)),
    ],
)
def test_what_spreadsheets_write_is_read(
    table_of: TableOf, name: str, values: list[str], kind: str, first: object
) -> None:
    table = table_of("a.csv", f"id|{name}\n" + "".join(f"{n}|{value}\n" for n, value in enumerate(values)))
    services.load_table(table)
    assert table.columns.get(name=name).type == kind
    assert rows(table)[0][name] == first


def test_crowns_are_those_of_the_workspace(table_of: TableOf) -> None:
    Workspace.objects.update_or_create(pk=Workspace.current().pk, defaults={"currency": "SEK"})
    table = table_of("a.csv", "id|v\n1|1 234,50 kr\n2|99,00 kr\n")
    services.load_table(table)
    assert (table.columns.get(name="v").currency, rows(table)[0]["v"]) == ("SEK", 123450)


def test_numbers_that_are_declared_as_yes_and_no_stay_numbers(db: None, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "a.db")) as database:
        database.executescript(
            "CREATE TABLE t (id text, vip boolean, state boolean); INSERT INTO t VALUES ('a', 1, 0), ('b', 0, 2);"
        )
    source = services.create_source(name="till", connector="sql", secrets={"url": f"sqlite:///{tmp_path / 'a.db'}"})
    table = services.save_table(source, name="t", config={"table": "t"})
    services.load_table(table)
    assert rows(table) == [{"id": "a", "vip": True, "state": 0}, {"id": "b", "vip": False, "state": 2}]


def test_an_address_with_a_wrong_port_is_refused(db: None) -> None:
    with pytest.raises(InvalidInput, match="is not one"):
        services.create_source(name="till", connector="sql", secrets={"url": "postgresql://u@host:abc/shop"})


def test_an_address_of_sqlite_without_a_file_is_named(db: None) -> None:
    source = services.create_source(name="till", connector="sql", secrets={"url": "sqlite://"})
    table = services.save_table(source, name="t", config={"table": "t"})
    with pytest.raises(NotFound, match="no database file"):
        services.load_table(table)
