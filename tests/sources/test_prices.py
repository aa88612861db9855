"""Amounts that name no currency, and are named and written like prices."""

import pyarrow as pa
import pytest

from sources.values.infer import infer

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
