"""Types, spellings and meanings that nobody stated."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from sources import semantics, services
from sources.reading.batch import unique_names
from sources.values.convert import convert
from sources.values.infer import infer
from sources.values.plan import ColumnPlan
from tests.sources.conftest import quarantined, rows


@pytest.mark.parametrize(
    ("kind", "written", "value"),
    [
        ("timestamp", "Mon, 30 Nov 2026 10:00:00 +0100", "2026-11-30 09:00:00+00:00"),
        ("timestamp", "30 nov 2026 10:00 EST (New York)", "2026-11-30 15:00:00+00:00"),
        ("timestamp", "Mon, 31 Feb 2026 10:00:00 GMT", None),
        ("number", "(1,234.50)", "-1234.5"),
        ("number", "1.50-", "-1.5"),
        ("number", "(-1.50)", None),
        ("integer", "(12)", "-12"),
        ("integer", "１２", "12"),
        ("number", "۱۲٫۵", "12.5"),
        ("number", "−3.5", "-3.5"),
        ("date", "२०२४-०२-३०", None),
    ],
)
def test_a_value_is_read_as_it_is_meant_or_not_at_all(kind: str, written: str, value: str | None) -> None:
    result, failed = convert(pa.array([written, None]), ColumnPlan("c", kind))
    found = result[0].as_py()
    assert (found if found is None else str(found)) == value
    assert (failed is not None) == (value is None)


@pytest.mark.parametrize(
    ("currency", "written", "cents"),
    [
        ("USD", "($1,234.50)", -123450),
        ("USD", "$(2.00)", -200),
        ("EUR", "€ 3.10-", -310),
        ("USD", "-$5.00", -500),
        ("USD", "(€5.00)", None),
        ("INR", "₹१,२३४.५०", 123450),
        ("JPY", "￥１，２００", 1200),
    ],
)
def test_money_is_negative_as_accountants_write_it(currency: str, written: str, cents: int | None) -> None:
    assert convert(pa.array([written]), ColumnPlan("c", "money", "", currency))[0].to_pylist() == [cents]


@pytest.mark.parametrize(
    ("name", "values", "kind", "spelling"),
    [
        ("points", ["1", "20", "-3"], "integer", ""),
        ("score", ["1.5", "2", "3"], "number", ""),
        ("betrag", ["1.234,50", "2,10", "3,99"], "money", ","),
        ("visits", ["1,234", "12", "5"], "integer", ""),
        ("zip", ["12345", "54321", "11111"], "string", ""),
        ("code", ["007", "012", "100"], "string", ""),
        ("customer_id", ["1", "2", "3"], "string", ""),
        ("phone", ["5550100", "5550101", "5550102"], "string", ""),
        ("big", ["12345678901234567", "1", "2"], "string", ""),
        ("active", ["0", "1", "1"], "boolean", ""),
        ("children", ["0", "1", "1"], "integer", ""),
        ("vip", ["yes", "no", "yes"], "boolean", ""),
        ("nieuwsbrief", ["ja", "nee", "Ja"], "boolean", ""),
        ("рассылка", ["Да", "нет", "да"], "boolean", ""),
        ("عضو", ["نعم", "لا"], "boolean", ""),
        ("会員", ["はい", "いいえ"], "boolean", ""),
        ("sprog", ["da", "no", "da"], "string", ""),
        ("country", ["NO", "SE", "DK"], "string", ""),
        ("on", ["2024-01-31", "2024-02-01"], "date", ""),
        ("on", ["31/01/2024", "01/02/2024"], "date", "%d/%m/%Y"),
        ("on", ["01/31/2024", "02/01/2024"], "date", "%m/%d/%Y"),
        ("on", ["31.01.2024", "01.02.2024"], "date", "%d.%m.%Y"),
        ("birth_date", ["19151111", "19161214"], "date", "%Y%m%d"),
        ("on", ["5 Mar 2024", "17 Apr 2024"], "date", "%d %b %Y"),
        ("at", ["2024-01-31T10:00:00Z", "2024-01-31 11:00"], "timestamp", ""),
        ("at", ["1/31/2024 3:04 PM", "2/1/2024 4:05 AM"], "timestamp", "%m/%d/%Y %I:%M %p"),
        ("price", ["$1,234.50", "$2.00", "$3.10"], "money", ""),
        ("preis", ["1.234,50 €", "2,00 €", "3,10 €"], "money", ","),
        ("Treuepunkte", ["120", "1.100", "3.042", "0"], "integer", ","),
        ("weight", ["1.125", "2.250", "0.875"], "number", ""),
        ("Rabatt", ["7,5 %", "10 %", "0 %"], "number", ",%"),
        ("open_rate", ["12.5%", "40%"], "number", "%"),
        ("share", ["5 %", "0.05", "7 %"], "string", ""),
        ("生日", ["1948/04/01", "1957-05-02", "1961年05月16日"], "date", ""),
        ("生年月日", ["1948年4月1日", "1957/5/2", "1961-12-06"], "date", ""),
        ("생일", ["1948년 4월 1일", "1957. 5. 12.", "2001-1-31"], "date", ""),
        ("日時", ["2024年1月5日 10:30", "2024年12月31日 23:59"], "timestamp", "%Y年%m月%d日 %H:%M"),
        ("Geburtstag", ["7. Februar 2024", "15. März 2024", "1. Mai 2023", "3. Dez. 2021"], "date", "%d. %b %Y"),
        ("naissance", ["7 février 2024", "1er août 2023", "15 mars 2024"], "date", "%d %b %Y"),
        ("fecha", ["5 de mayo de 2024", "31 de enero de 2023"], "date", "%d %b %Y"),
        ("дата", ["5 мая 2024", "31 января 2023"], "date", "%d %b %Y"),
        ("tag", ["07 Okt 24", "15 Mär 24"], "date", "%d %b %y"),
        ("raised", ["5 listopad 2024", "31 listopad 2023"], "string", ""),
        ("paid_inr", ["₹1,01,001.50", "₹12,34,567.00", "₹501.00"], "money", ""),
        ("odd", ["1,01,01", "12,3"], "string", ""),
        ("rack", ["2024-13-01", "2024-1-40"], "string", ""),
        ("giá", ["50.000 ₫", "125.000 ₫"], "money", ","),
        ("sent", ["Mon, 30 Nov 2026 10:00:00 +0100", "1 Dec 2026 09:30 GMT"], "timestamp", ""),
        ("balance", ["(1.50)", "20.00", "3.25"], "number", ""),
        ("Saldo", ["1.234,50-", "20,00", "3,25"], "number", ","),
        ("delta", ["12-", "7", "(1,200)"], "integer", ""),
        ("note", ["(1)", "(2)", "(3)"], "string", ""),
        ("rank", ["1-", "2-", "3-"], "string", ""),
        ("amount", ["(1.50)", "20.00", "3.25"], "money", ""),
        ("Betrag", ["1,50-", "20,00", "3,25"], "money", ","),
        ("paid", ["($1,234.50)", "$2.00", "$3.10"], "money", ""),
        ("bezahlt", ["(1,50 €)", "2,00 €", "3,10- €"], "money", ","),
        ("نقاط", ["١٢", "٣٤٥", "٧"], "integer", ""),
        ("وزن", ["١٢٫٥", "٣٫٢٥", "-٧"], "number", ""),
        ("تاريخ", ["٢٠٢٤/٠١/١٥", "٢٠٢٣/١٢/٣١"], "date", ""),
        ("तारीख", ["३१/०१/२०२४", "०१/०२/२०२४"], "date", "%d/%m/%Y"),
        ("राशि", ["₹१,२३४.५०", "₹५००.००"], "money", ""),
        ("点数", ["１２０", "－３", "４５"], "integer", ""),
        ("来店日", ["２０２４年１月５日", "２０２３年１２月３１日"], "date", ""),
        ("تاریخ", ["۱۴۰۲/۰۵/۱۲", "۱۴۰۱/۱۱/۰۱"], "string", ""),
        ("เบอร์โทร", ["๐๘๑๒๓๔๕๖๗๘", "๐๘๙๘๗๖๕๔๓๒"], "string", ""),
        ("Kontakt", ["677 740 534", "849 206 572", "518 802 563", "602 114 908", "733 001 245"], "string", ""),
        ("Einwohner", ["677 740", "1 849 206", "518 802", "33 602 114", "733"], "integer", ""),
        ("name", ["Ann", "Bob"], "string", ""),
        ("nothing", [None, None], "string", ""),
    ],
)
def test_a_column_gets_the_narrowest_type_that_fits(name: str, values: list[Any], kind: str, spelling: str) -> None:
    plan = infer(name, pa.array(values, pa.string())).plan
    assert (plan.type, plan.format) == (kind, spelling)


def test_points_are_read_as_the_other_columns_of_a_file_write_them(admin: Any, tmp_path: Path) -> None:
    path = tmp_path / "members.csv"
    lines = [f"{n};1.{n:03d};{n},90" for n in range(101, 130)]
    path.write_text("Nr;Punkte;Beitrag\n" + "\n".join(lines))
    source = services.create_source(name="gym", connector="file")
    table = services.save_table(source, name="members", config={"path": str(path)})
    services.load_table(table)
    assert sorted(row["Punkte"] for row in rows(table))[:2] == [1101, 1102]


@pytest.mark.parametrize(
    ("name", "meaning"),
    [
        ("Mitgliedsnr", "id.gym_member"),
        ("Họ và tên", "person.full_name"),
        ("Ngày sinh", "person.birth_date"),
        ("Điện thoại", "contact.phone"),
        ("Tỉnh/TP", "address.city"),
        ("会员编号", "id.gym_member"),
        ("姓名", "person.full_name"),
    ],
)
def test_columns_are_understood_in_many_languages(name: str, meaning: str) -> None:
    assert semantics.suggest([name], {name: []}, source="gym")[name].semantic == meaning


@pytest.mark.parametrize(
    ("name", "meaning"),
    [
        ("ssn", "id.national_id"), ("NRIC", "id.national_id"), ("IC_No", "id.national_id"), ("cpf", "id.national_id"),
        ("dni", "id.national_id"), ("PESEL", "id.national_id"), ("Iqama No.", "id.national_id"),
        ("insurance_no", "id.insurance"), ("NHS number", "id.insurance"), ("KVNR", "id.insurance"),
        ("VSNR", "id.policy"),
        ("Matrikelnummer", "id.student"), ("matric_no", "id.student"), ("MRN", "id.gym_patient"), ("IBAN", "id.iban"),
        ("forenames", "person.first_name"),
    ],
)  # fmt: skip
def test_numbers_of_people_are_found_to_be_ids(name: str, meaning: str) -> None:
    assert semantics.suggest([name], {name: []}, source="gym")[name].semantic == meaning


@pytest.mark.parametrize("name", ["doc_no", "Document Number", "PIN", "Número de documento"])
def test_a_document_is_somebodys_own_where_a_birth_date_stands_beside_it(name: str) -> None:
    assert semantics.suggest([name, "dob"], {})[name].semantic == "id.national_id"
    assert semantics.suggest([name, "amount"], {})[name].semantic == ""


def test_day_and_month_follow_the_country_only_where_the_column_cannot_tell() -> None:
    column = pa.array(["01/02/2024", "03/04/2024"])
    assert infer("on", column, month_first=True).plan.format == "%m/%d/%Y"
    found = infer("on", column, month_first=False)
    assert found.plan.format == "%d/%m/%Y"
    assert found.is_ambiguous


@given(st.decimals(-(10**9), 10**9, places=2))
def test_money_keeps_every_cent(amount: Any) -> None:
    values, failed = convert(pa.array([f"{amount:,}"]), ColumnPlan("x", "money", currency="USD"))
    assert failed is None
    assert values[0].as_py() == int(amount * 100)


@pytest.mark.parametrize(("currency", "minor"), [("JPY", 12), ("USD", 1250), ("KWD", 12500)])
def test_money_uses_the_exponent_of_its_currency(currency: str, minor: int) -> None:
    values, _failed = convert(pa.array(["12.5"]), ColumnPlan("x", "money", currency=currency))
    assert values[0].as_py() == minor


@given(st.dates())
def test_a_date_survives_its_spelling(day: Any) -> None:
    text = f"{day.day:02d}/{day.month:02d}/{day.year:04d}"
    values, _failed = convert(pa.array([text]), ColumnPlan("x", "date", "%d/%m/%Y"))
    assert values[0].as_py() == day


@given(st.integers(1, 9999), st.integers(1, 12), st.integers(1, 31))
def test_a_day_that_does_not_exist_is_never_moved(year: int, month: int, day: int) -> None:
    for text, pattern in ((f"{year:04d}-{month:02d}-{day:02d}", ""), (f"{day}.{month}.{year:04d}", "%d.%m.%Y")):
        found = convert(pa.array([text]), ColumnPlan("x", "date", pattern))[0][0].as_py()
        assert found is None or (found.year, found.month, found.day) == (year, month, day)


@given(st.lists(st.text(max_size=5), max_size=8))
def test_column_names_are_never_empty_and_never_twice(names: list[str]) -> None:
    unique, _changed = unique_names(names)
    assert len({name.casefold() for name in unique}) == len(names)
    assert all(unique)


FEBRL = [
    "rec_id",
    "given_name",
    "surname",
    "street_number",
    "address_1",
    "suburb",
    "postcode",
    "state",
    "date_of_birth",
    "soc_sec_id",
]
SHOPIFY = [
    "Customer ID",
    "First Name",
    "Last Name",
    "Email",
    "Accepts Email Marketing",
    "Default Address City",
    "Default Address Zip",
    "Phone",
]


def meanings(names: list[str], table: str = "", samples: dict[str, list[str]] | None = None) -> dict[str, str]:
    return {
        name: found.semantic
        for name, found in semantics.suggest(names, samples or {}, table=table, source="shop").items()
    }


def test_meanings_are_suggested_for_a_record_linkage_export() -> None:
    found = meanings(FEBRL)
    assert found["given_name"] == "person.first_name"
    assert found["surname"] == "person.last_name"
    assert found["suburb"] == "address.city"
    assert found["date_of_birth"] == "person.birth_date"
    assert found["soc_sec_id"] == "id.national_id"
    assert found["street_number"] == "address.number"


def test_meanings_are_suggested_for_a_shop_export_and_flags_are_no_addresses() -> None:
    found = meanings(SHOPIFY)
    assert found["Email"] == "contact.email"
    assert found["Accepts Email Marketing"] == ""
    assert found["Default Address Zip"] == "address.postcode"
    assert found["Customer ID"] == "id.shop_customer"


@pytest.mark.parametrize(
    "names",
    [
        ["Vorname", "Nachname", "E-Mail", "PLZ"],
        ["prénom", "nom", "courriel", "code postal"],
        ["nombre", "apellidos", "correo", "codigo postal"],
    ],
)  # fmt: skip
def test_meanings_are_suggested_in_several_languages(names: list[str]) -> None:
    assert list(meanings(names).values()) == [
        "person.first_name",
        "person.last_name",
        "contact.email",
        "address.postcode",
    ]


def test_the_name_of_a_product_is_not_a_person() -> None:
    assert meanings(["product_id", "name", "price"], "products")["name"] == ""
    assert meanings(["id", "name", "email"], "members")["name"] == "person.full_name"


def test_values_tell_what_names_do_not() -> None:
    samples = {"login": ["a@x.de", "b@y.com", "c@z.org"], "email": ["yes", "no", "yes"]}
    assert meanings(["login", "email"], samples=samples) == {"login": "contact.email", "email": ""}


def test_a_stated_meaning_wins_even_when_it_is_none(table_of: Any) -> None:
    table = table_of("a.csv", "id,email\n1,a@x.de\n", columns={"email": {"semantic": "none"}})
    services.load_table(table)
    assert table.columns.get(name="email").semantic in ("", "none")


def test_percentages_are_numbers_as_they_are_written() -> None:
    column = pa.array(["7,5 %", "10 %", "-"])
    assert convert(column, infer("Rabatt", column).plan)[0].to_pylist() == [7.5, 10.0, None]


@pytest.mark.parametrize(("values", "count"), [(["$1.005", "$2.00", "$3.1"], 1), (["$0.10", "$0.30", "$1,234.50"], 0)])
def test_a_load_says_how_many_amounts_it_rounded(table_of: Any, values: list[str], count: int) -> None:
    text = "".join(f'{number};"{value}"\n' for number, value in enumerate(values))
    notes = " ".join(services.load_table(table_of("a.csv", f"id;price\n{text}")).notes)
    assert ("1 amount of “price” has more decimals than USD" in notes) is bool(count)


def test_dates_and_dates_typed_as_text_beside_them_are_dates(table_of: Any, tmp_path: Path) -> None:
    import datetime

    book = Workbook()
    book.active.append(["id", "nacimiento"])
    for number in range(1, 29):
        day = datetime.date(1990, 3, number)
        book.active.append([f"A{number}", day.strftime("%d/%m/%Y") if number % 4 == 0 else day])
    book.active.append(["A29", "31/02/1990"])
    book.save(tmp_path / "book.xlsx")
    table = table_of("book.xlsx", (tmp_path / "book.xlsx").read_bytes())

    services.load_table(table)

    assert table.columns.get(name="nacimiento").type == "date"
    assert [row["nacimiento"].day for row in rows(table)] == list(range(1, 29))
    assert [row["line"] for row in quarantined(table)] == [30]


def test_months_of_other_languages_are_read_as_what_they_are() -> None:
    written = ["7. Februar 2024", "31. dezember 2023", "1. Foo 2024", None, "31. Februar 2024"]
    values, failed = convert(pa.array(written), ColumnPlan("x", "date", "%d. %b %Y"))
    assert [str(value) for value in values.to_pylist()] == ["2024-02-07", "2023-12-31", "None", "None", "None"]
    assert failed is not None
    assert failed.to_pylist() == [False, False, True, False, True]
    values, _failed = convert(pa.array(["₹12,34,567.50"]), ColumnPlan("x", "money", "", "INR"))
    assert values.to_pylist() == [123456750]
