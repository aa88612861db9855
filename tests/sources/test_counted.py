"""Dates and times that a file keeps as numbers: days as workbooks count them, seconds and milliseconds since 1970."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.datetime import from_excel, to_excel

from sources import services
from sources.loading.column_notes import maybe_dates
from sources.models import SourceTable
from sources.values.convert import convert
from sources.values.counted import unit_of
from sources.values.infer import infer, spelling
from sources.values.plan import ColumnPlan
from tests.sources.conftest import rows

NUMBER_OF: Callable[..., Any] = to_excel
TIME_OF: Callable[..., Any] = from_excel
TableOf = Callable[..., SourceTable]
DAYS = st.dates(dt.date(1910, 1, 1), dt.date(2110, 1, 1))


@given(st.lists(DAYS, min_size=1), st.booleans())
def test_days_are_read_as_a_workbook_shows_them(dates: list[dt.date], is_text: bool) -> None:
    numbers = [int(NUMBER_OF(dt.datetime.combine(date, dt.time()))) for date in dates]
    column = pa.array([str(number) for number in numbers]) if is_text else pa.array(numbers)
    plan = spelling("Datum", column, "date", "", "UTC")
    read, failed = convert(column, plan)
    assert (plan.format, failed, read.to_pylist()) == ("days", None, dates)


@pytest.mark.parametrize("number", [45420.5, 45420.123456, 36526.999])
def test_the_fraction_of_a_day_is_its_time_where_the_column_was_written(number: float) -> None:
    plan = spelling("at", pa.array([number]), "timestamp", "", "Europe/Berlin")
    read = convert(pa.array([number]), plan)[0][0].as_py()
    local = read.astimezone(dt.timezone(dt.timedelta(hours=2 if plan.format and 3 < read.month < 11 else 1)))
    assert abs(local.replace(tzinfo=None) - TIME_OF(number)) < dt.timedelta(seconds=1)


@pytest.mark.parametrize("is_text", [True, False])
@pytest.mark.parametrize(("kind", "read"), [("timestamp", dt.datetime(2026, 6, 5, 10, 13, 23, tzinfo=dt.UTC)),
                                            ("date", dt.date(2026, 6, 5))])  # fmt: skip
@pytest.mark.parametrize("number", [1780654403, 1780654403000])
def test_seconds_and_milliseconds_are_told_apart_by_their_size(
    number: int, kind: str, read: dt.date, is_text: bool
) -> None:
    column = pa.array([str(number)]) if is_text else pa.array([number])
    assert convert(column, spelling("ts", column, kind, "", "UTC"))[0].to_pylist() == [read]


@pytest.mark.parametrize("values", [["2024"], ["20240131"], ["45420", "1780654403"], ["45420", "soon"], [], ["n/a"]])
def test_other_numbers_and_mixed_ones_count_nothing(values: list[str]) -> None:
    assert unit_of(pa.array(values, pa.string())) == ""


def test_words_for_nothing_stand_beside_days() -> None:
    assert unit_of(pa.array(["45420", "-", "n/a", None])) == "days"


@pytest.mark.parametrize(("name", "values", "told"), [
    ("Datum", ["45420", "45421"], "2024-05-08"),
    ("createdAt", ["-", "1780654403"], "2026-06-05"),
    ("ts", ["1780654403000"], "2026-06-05"),
    ("points", ["45420", "45421"], ""),
    ("Datum", ["12", "15"], ""),
])  # fmt: skip
def test_numbers_named_like_a_date_get_a_hint_and_stay_numbers(name: str, values: list[str], told: str) -> None:
    column = pa.array(values)
    plan = infer(name, column).plan
    note = maybe_dates(plan, column)
    assert plan.type == "integer"
    assert told in note
    assert bool(note) == bool(told)


def test_what_is_stated_to_be_a_date_is_loaded_and_says_how_it_is_read(table_of: TableOf) -> None:
    lines = "".join(f"A-{n},{45420 + n}\n" for n in range(30))
    table = table_of("orders.csv", f"id,Datum\n{lines}", columns={"Datum": {"type": "date"}})
    services.load_table(table)
    found: list[dict[str, Any]] = rows(table)
    assert found[0]["Datum"] == dt.date(2024, 5, 8)
    assert table.columns.get(name="Datum").spelling == "days as workbooks count them"


def test_a_stated_format_wins(table_of: TableOf) -> None:
    assert convert(pa.array([100]), ColumnPlan("at", "timestamp", "epoch_s"))[0][0].as_py().minute == 1
