"""Amounts that name no currency, and are named and written like prices."""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.errors import InvalidInput
from sources import services
from sources.loading.column_notes import currency_assumed
from sources.models import SourceTable
from sources.values.infer import currency_named, infer
from tests.sources.conftest import rows

PRICES = ["277.00", "189.00", "1,298.00", "59.90"]


@pytest.mark.parametrize("name", ["total", "unit_price", "Amount", "order-total"])
def test_numbers_called_and_written_like_prices_are_money_of_the_workspace(name: str) -> None:
    found = infer(name, pa.array(PRICES), currency="EUR")
    assert (found.plan.type, found.plan.currency, found.is_assumed) == ("money", "EUR", True)


def test_prices_with_decimal_commas_are_read_as_such() -> None:
    plan = infer("Preis", pa.array(["1.277,00", "19,90"]), currency="EUR").plan
    assert (plan.type, plan.format) == ("money", ",")


@pytest.mark.parametrize(
    ("name", "values", "currency"),
    [
        ("stars", PRICES, "USD"),
        ("total", ["277", "189"], "USD"),
        ("total_score", ["0.5", "0.25"], "USD"),
        ("total", ["277.00", "189.00"], "JPY"),
        ("totally_different", PRICES, "USD"),
    ],
)
def test_other_numbers_stay_numbers(name: str, values: list[str], currency: str) -> None:
    assert infer(name, pa.array(values), currency=currency).plan.type in {"integer", "number"}


def test_where_rows_name_their_currency_amounts_are_no_money_of_one() -> None:
    assert infer("total", pa.array(PRICES), prices=False).plan.type == "number"


@pytest.mark.parametrize(
    ("name", "currency"),
    [("Umsatz €", "EUR"), ("fee_chf", "CHF"), ("Betrag (EUR)", "EUR"), ("LTV £", "GBP"), ("total", "USD")],
)
def test_a_column_that_names_its_currency_needs_no_other(name: str, currency: str) -> None:
    found = infer(name, pa.array(PRICES), currency="USD")
    assert (found.plan.type, found.plan.currency) == ("money", currency)
    assert found.is_assumed == (name == "total")


@pytest.mark.parametrize("name", ["try", "Preis €/£", "$ spent", "price_eur_usd", "Währung"])
def test_a_name_that_says_no_single_currency_says_none(name: str) -> None:
    assert currency_named(name) == ""


def test_an_export_of_many_prices_gets_one_note() -> None:
    names = [f"{month} revenue" for month in ("Jan", "Feb", "Mar", "Apr", "May")]
    note = currency_assumed(names, "USD")
    assert "“Jan revenue”, “Feb revenue”, “Mar revenue” and 2 more columns state no currency; USD" in note
    assert currency_assumed(names[:1], "USD").startswith("“Jan revenue” states no currency")


def test_the_note_of_a_load_names_the_columns(table_of: Callable[..., SourceTable]) -> None:
    table = table_of("orders.csv", "id,price,Umsatz €\n" + "".join(f"A{n},{n}.50,{n}.25\n" for n in range(30)))
    services.load_table(table)
    load = table.loads.get()
    assert [note for note in load.notes if "currency" in note] == [currency_assumed(["price"], "USD")]
    assert table.columns.get(name="Umsatz €").currency == "EUR"


@pytest.mark.parametrize(
    ("name", "values", "wanted"),
    [
        ("Saldo (€)", ["12.5", "-30", "0", "1500.75"], ("money", "EUR")),
        ("Saldo (€)", ["1.234", "12.5"], ("number", "")),
        ("Saldo (€)", ["1.234,5", "0,50", "7"], ("money", "EUR")),
        ("price_eur", ["0.2987", "0.31"], ("number", "")),
        ("fee_jpy", ["1200", "800"], ("money", "JPY")),
        ("Anteil €", ["0.123", "0.5"], ("number", "")),
    ],
)
def test_amounts_of_a_named_currency_need_not_have_all_its_decimals(
    name: str, values: list[str], wanted: tuple[str, str]
) -> None:
    plan = infer(name, pa.array(values), currency="USD").plan
    assert (plan.type, plan.currency) == wanted


def test_so_do_numbers_of_databases() -> None:
    assert infer("price_eur", pa.array([35.5, 89.0, 19.9])).plan.currency == "EUR"
    assert infer("price_eur", pa.array([0.2987, 0.31])).plan.type == "number"
    assert infer("stars", pa.array([4.5, 3.0])).plan.type == "number"


def test_money_in_the_smallest_unit_is_kept_as_it_is(table_of: Callable[..., SourceTable]) -> None:
    stated = {"cents": {"type": "money", "currency": "EUR", "format": "minor"}}
    table = table_of("a.csv", "id;cents\n1;1050\n2;-5\n3;1.234.567\n4;\n5;10.5\n", key=["id"], columns=stated)
    services.load_table(table)
    assert [row["cents"] for row in rows(table)] == [1050, -5, 1234567, None, 10]
    assert any("1 amount of “cents” has more decimals" in warning for warning in table.loads.get().notes)


def test_so_is_that_of_databases_and_of_currencies_without_a_smaller_unit(
    table_of: Callable[..., SourceTable], tmp_path: Path
) -> None:
    pq.write_table(pa.table({"id": ["a", "b"], "fils": [1234, None]}), tmp_path / "p.parquet")
    stated = {"fils": {"type": "money", "currency": "KWD", "format": "minor"}}
    table = table_of("p.parquet", (tmp_path / "p.parquet").read_bytes(), columns=stated)
    services.load_table(table)
    assert [row["fils"] for row in rows(table)] == [1234, None]


@pytest.mark.parametrize(
    ("stated", "why"),
    [({"format": "minor"}, "state the type money"), ({"type": "money", "format": "cents"}, "“cents” is no way")],
)
def test_a_way_to_write_that_means_nothing_is_refused(
    stated: dict[str, str], why: str, table_of: Callable[..., SourceTable]
) -> None:
    with pytest.raises(InvalidInput, match=why):
        table_of("a.csv", "id,x\n1,2\n", columns={"x": stated})
