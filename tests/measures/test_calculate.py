"""Measures over a hand-worked lake."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest
import time_machine

from core.errors import InvalidInput, NotAllowed
from jobs.refresh import refresh
from lake.queries import snapshot
from lake.services import stage as stage_tables
from lake.specs import TableSpec
from measures import queries, stage
from measures.models import Measure
from measures.services import calculate, preview, save_measure

NOW = datetime(2026, 6, 1, tzinfo=UTC)
LATELY = {"attribute": "ordered_at", "op": "in_last", "value": {"n": 2, "unit": "weeks"}}
PAID = {"all": [{"attribute": "status", "op": "eq", "value": "paid"}]}


def measure(**fields: Any) -> Measure:
    given = {"name": "Spend", "function": "sum", "table": "shop.orders", "column": "total"} | fields
    return save_measure(Measure(**given), by=None)


def per_customer(column: str) -> dict[str, Any]:
    current = snapshot()
    rows = current.arrow(current.table("measures.customer")).to_pylist()
    return {row["profile_id"]: row[column] for row in rows}


@pytest.mark.usefixtures("orders")
def test_a_sum_per_customer_is_money_in_minor_units_and_zero_without_rows() -> None:
    measure()
    calculate(now=NOW)
    assert per_customer("spend") == {"p1": 114_950, "p2": 2_000, "p3": 0}
    info = snapshot().info("measures.customer").column("spend")
    assert info is not None
    assert (info.type, info.currency, info.label) == ("money", "USD", "Spend")


@pytest.mark.usefixtures("orders")
def test_conditions_and_window_restrict_the_rows() -> None:
    measure(name="Paid lately", where=PAID, within={"last": 90, "unit": "days"})
    calculate(now=NOW)
    assert per_customer("paid_lately") == {"p1": 10_000, "p2": 0, "p3": 0}


@pytest.mark.usefixtures("orders")
@pytest.mark.parametrize(
    ("function", "column", "expected"),
    [
        ("count", "", {"p1": 3, "p2": 1, "p3": 0}),
        ("average", "total", {"p1": 38_317, "p2": 2_000, "p3": None}),
        ("min", "total", {"p1": 5_050, "p2": 2_000, "p3": None}),
        ("max", "total", {"p1": 99_900, "p2": 2_000, "p3": None}),
        ("last", "status", {"p1": "returned", "p2": "paid", "p3": None}),
        ("first", "order_id", {"p1": "O2", "p2": "O4", "p3": None}),
    ],
)
def test_functions(function: str, column: str, expected: dict[str, Any]) -> None:
    measure(name="M", function=function, column=column)
    calculate(now=NOW)
    assert per_customer("m") == expected


@pytest.mark.usefixtures("orders")
def test_the_business_counts_rows_of_nobody_known_too() -> None:
    measure(name="Revenue", of="business", where=PAID)
    calculate(now=NOW)
    current = snapshot()
    row = current.arrow(current.table("measures.business")).to_pylist()[0]
    assert (row["measure"], row["value"], row["currency"]) == ("revenue", 17_750.0, "USD")


@pytest.mark.usefixtures("orders")
def test_a_measure_that_does_not_fit_says_so_and_stops_no_other() -> None:
    measure()
    broken = measure(name="Broken", column="nothing")
    [report] = refresh(["measures"])
    assert report.note == "1 measure has a problem."
    broken.refresh_from_db()
    assert "nothing" in broken.problem
    assert per_customer("spend")["p2"] == 2_000


@pytest.mark.usefixtures("orders")
def test_a_preview_calculates_without_saving() -> None:
    example = preview(Measure(name="x", function="count", table="shop.orders"), now=NOW)
    assert example.values == [("p1", 3), ("p2", 1)]
    assert not Measure.objects.exists()


@pytest.mark.usefixtures("db")
def test_every_calculation_but_a_count_needs_a_column() -> None:
    with pytest.raises(InvalidInput):
        measure(function="sum", column="")


def test_only_some_roles_may_define_measures(viewer: Any) -> None:
    with pytest.raises(NotAllowed):
        save_measure(Measure(name="x", function="count", table="shop.orders"), by=viewer)


@pytest.mark.usefixtures("orders")
def test_a_measure_that_is_no_number_says_when_it_was_calculated() -> None:
    measure(name="Last status", function="last", column="status")
    calculate(now=NOW)
    found = Measure.objects.get().values.get()
    assert (found.value, found.text, found.type) == (None, "", "string")


@pytest.mark.usefixtures("orders")
def test_of_dates_of_customers_the_latest_is_kept() -> None:
    measure(name="Last order", function="last", column="ordered_at")
    calculate(now=NOW)
    found = Measure.objects.get().values.get()
    assert (found.value, found.text[:10], found.type) == (None, "2026-05-31", "timestamp")


@pytest.mark.usefixtures("orders")
def test_what_is_no_number_of_the_business_is_kept_as_text() -> None:
    measure(name="Last order", of="business", function="last", column="ordered_at")
    measure(name="Orders", of="business", function="count", column="")
    calculate(now=NOW)
    current = snapshot()
    found = {row["measure"]: row["text"] for row in current.arrow(current.table("measures.business")).to_pylist()}
    assert found == {"last-order": "2026-05-31 12:00:00+00:00", "orders": None}
    assert queries.shown(Measure.objects.get(slug="last-order").values.get()).startswith("May 31, 2026")


@pytest.mark.usefixtures("orders")
@pytest.mark.parametrize(
    ("looks_back", "hours", "same"),
    [
        ({}, 48, True),
        ({"within": {"last": 90, "unit": "days"}}, 1, True),
        ({"within": {"last": 90, "unit": "days"}}, 24, False),
        ({"within": {"last": 5, "unit": "hours"}}, 1, False),
        ({"within": {"from": "2026-01-01"}}, 24, True),
        (
            {"where": {"any": [LATELY]}},
            24,
            False,
        ),
        ({"where": {"all": [{"attribute": "ordered_at", "op": "anniversary", "value": 7}]}}, 24, False),
    ],
)
def test_what_looks_back_from_now_is_calculated_again_though_no_data_changed(
    looks_back: dict[str, Any], hours: int, same: bool
) -> None:
    measure(**looks_back)
    with time_machine.travel(NOW, tick=False):
        before = stage.definition()
    with time_machine.travel(NOW + timedelta(hours=hours), tick=False):
        assert (stage.definition() == before) == same


@pytest.mark.usefixtures("orders")
def test_no_name_of_a_measure_meets_another_column() -> None:
    for name in ("x y", "x_y", "Profile ID", "Profile id right", "Value"):
        measure(name=name)
    calculate(now=NOW)
    assert not [measure.problem for measure in Measure.objects.all() if measure.problem]
    columns = {column.name for column in snapshot().info("measures.customer").columns}
    assert columns == {"profile_id", "x_y", "x_y_2", "profile_id_2", "profile_id_right_2", "value"}


@pytest.mark.usefixtures("orders")
def test_a_sum_beyond_all_whole_numbers_stops_no_other() -> None:
    big = [{"profile_id": "p1", "card": 2**62}, {"profile_id": "p1", "card": 2**62}]
    made = stage_tables()
    for name in ("linked.shop.cards", "shop.cards"):
        made.write(TableSpec(name), pa.Table.from_pylist(big), ["profile_id"])
    made.publish("test")
    measure()
    for of in Measure.Of.values:
        measure(name=f"Cards {of}", of=of, table="shop.cards", column="card")
    calculate(now=NOW)
    assert per_customer("spend")["p1"] == 114_950
    problems = Measure.objects.filter(problem__contains="too large").order_by("name")
    assert [one.name for one in problems] == ["Cards business", "Cards customer"]
