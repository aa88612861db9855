"""Keys that nobody stated."""

from typing import Any

import pyarrow as pa
import pytest

from sources import services
from sources.loading.columns import Settled, suggest_key
from sources.values.plan import ColumnPlan


def test_the_number_of_a_member_is_the_key_though_a_line_was_copied() -> None:
    numbers = [f"M-{n}" for n in range(300)]
    table = pa.table({"Mitgliedsnr": [*numbers, "M-7"], "Ort": ["Köln"] * 301})
    columns = [Settled(ColumnPlan(name, "string")) for name in table.column_names]
    assert suggest_key("export", table, columns) == ["Mitgliedsnr"]
    assert suggest_key("export", table.select(["Ort", "Mitgliedsnr"]), columns[::-1]) == []


@pytest.mark.parametrize(
    "column",
    [
        "门店编号", "注文番号", "Код товара", "Mã đơn hàng", "Numéro de commande", "رقم الطلب", "会員No", "顧客No.",
        "Invoice No", "InvoiceNo", "booking_no", "№ договора", "Договор №", "N° client", "L.p.", "Lp",
    ],
)  # fmt: skip
def test_a_number_of_something_is_its_key_in_other_languages(column: str) -> None:
    assert _key_of(column) == [column]


@pytest.mark.parametrize("column", ["Casino", "KIMONO", "Nowa", "Nome", "helper", "No-show", "alp"])
def test_words_that_look_like_a_number_are_no_key(column: str) -> None:
    assert _key_of(column) == []


FIRST = {
    "numbers": ([f"{90000 + n}" for n in range(300)], True),
    "codes": ([f"BR-{n:04}/a" for n in range(300)], True),
    "copied": ([f"{90000 + n % 200}" for n in range(300)], False),
    "missing": ([None, *(f"{90000 + n}" for n in range(299))], False),
    "words": ([f"{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(300)], False),
    "few": ([f"{90000 + n}" for n in range(20)], False),
    "sums": ([f"{n},{n % 100:02}" for n in range(300)], False),
    "phrases": ([f"Room {n}" for n in range(300)], False),
}


@pytest.mark.parametrize("kind", FIRST)
def test_a_first_column_of_codes_is_the_key_whatever_it_is_called(kind: str) -> None:
    values, is_key = FIRST[kind]
    table = pa.table({"Beleg": values, "Ort": ["Köln"] * len(values)})
    columns = [Settled(ColumnPlan(name, "string")) for name in table.column_names]
    assert suggest_key("spenden", table, columns) == (["Beleg"] if is_key else [])
    assert suggest_key("spenden", table.select(["Ort", "Beleg"]), columns[::-1]) == []


def test_telephones_in_front_are_no_key() -> None:
    table = pa.table({"Mobil": [f"0170{1000000 + n}" for n in range(300)], "Ort": ["Köln"] * 300})
    columns = [Settled(ColumnPlan("Mobil", "string"), semantic="contact.phone"), Settled(ColumnPlan("Ort", "string"))]
    assert suggest_key("spenden", table, columns) == []


def _key_of(column: str) -> list[str]:
    names = pa.table({"x": ["a", "b", "c"], column: ["1", "2", "3"]})
    return suggest_key("stores", names, [Settled(ColumnPlan(name, "string")) for name in names.column_names])


def test_the_number_of_a_pupil_is_a_better_key_than_what_a_state_gives(table_of: Any) -> None:
    lines = "".join(f"{20000 + n},{10000000 + n}X\n" for n in range(30))
    table = table_of("alumnos.csv", f"Nº alumno,DNI\n{lines}")
    services.load_table(table)
    assert table.key == ["Nº alumno"]
