"""Meanings of columns as banks, shops, schools and airlines of many countries name and fill them."""

from itertools import cycle, islice
from pathlib import Path

import pytest

from sources.semantics import suggest
from tests.sources.test_semantics import PARTS

BLOCKS = (Path(__file__).parent / "columns_of_industries.txt").read_text(encoding="utf-8").strip().split("\n\n")
SHORT = PARTS | {
    "id": "id.",
    "middle": "person.middle_name",
    "-": "",
}


@pytest.mark.parametrize("block", BLOCKS, ids=[block.splitlines()[0].removeprefix("# ") for block in BLOCKS])
def test_columns_mean_what_a_reader_would_say_and_nothing_where_they_mean_nothing(block: str) -> None:
    head, *rows = block.splitlines()
    wanted, samples = {}, {}
    for row in rows:
        column, values = row.split(" : ", 1)
        name, meaning = column.rsplit(" = ", 1)
        wanted[name] = SHORT[meaning]
        samples[name] = [value.strip() for value in values.split("|")]
    found = suggest(list(wanted), samples, table=head.split(": ")[1], source="src")
    told = {name: "id." if item.semantic.startswith("id.") else item.semantic for name, item in found.items()}
    assert told == wanted


NAMES = [
    *("Maria Lopez", "John Smith", "Peter Novak", "Aisha Khan"),
    *("Emily Clark", "David Miller", "Anna Berg", "Luis Gil"),
]
EMAILS = {"mail": ["a@x.org", "b@x.org", "c@x.org"]}


def test_people_who_are_named_again_and_again_are_not_the_customers() -> None:
    again = list(islice(cycle(NAMES), 400))
    assert suggest(["who", "mail"], EMAILS | {"who": again})["who"].semantic == ""
    assert suggest(["who", "mail"], EMAILS | {"who": NAMES})["who"].semantic == "person.full_name"


def test_of_two_columns_of_names_nobody_knows_which_is_the_customers() -> None:
    found = suggest(["one", "two", "mail"], EMAILS | {"one": NAMES, "two": NAMES[::-1]})
    assert [found[name].semantic for name in ("one", "two")] == ["", ""]


def test_names_in_a_table_that_tells_nothing_else_of_people_are_of_things() -> None:
    assert suggest(["stadium", "seats"], {"stadium": NAMES, "seats": ["100", "200"]})["stadium"].semantic == ""


@pytest.mark.parametrize(
    ("years", "meaning"), [((1950, 2004), "person.birth_date"), ((2008, 2024), ""), ((1700, 1760), "")]
)
def test_days_of_lifetimes_beside_a_name_are_birth_dates(years: tuple[int, int], meaning: str) -> None:
    days = [f"{year}-03-{1 + year % 28:02}" for year in range(*years)]
    assert suggest(["Name", "when", "mail"], EMAILS | {"when": days}, table="members")["when"].semantic == meaning
    assert suggest(["sku", "when"], {"when": days})["when"].semantic == ""


@pytest.mark.parametrize(
    ("name", "values", "meaning"),
    [
        ("cep", ["01310-100", "20040-020", "30130010"], "address.postcode"),
        ("cep", ["05321234567", "5321234567", "0532 123 45 67"], "contact.phone"),
        ("il", ["12", "3", "40"], ""),
        ("card", ["Visa", "Mastercard", "Visa"], ""),
        ("passport", ["yes", "no", "yes"], ""),
        ("device", ["desktop", "mobile", "tablet"], ""),
        ("device", ["356938035643809", "490154203237518", "352099001761481"], "id.device"),
        ("caller", ["447700900123", "447700900456", "447700900789"], "contact.phone"),
        ("zip", ["00491711234567", "00491711234568", "00491711234569"], ""),
        ("place_of_birth_country", ["Spain", "Italy", "France"], ""),
        ("call", ["212-555-0100", "212-555-0101", "646-555-0102"], "contact.phone"),
        ("isbn", ["0-306-40615-2", "0-306-40615-3", "0-306-40615-4"], ""),
    ],
)
def test_values_decide_where_names_are_of_two_meanings(name: str, values: list[str], meaning: str) -> None:
    assert suggest([name], {name: values})[name].semantic == meaning


def test_a_nationality_is_the_country_where_no_address_tells_one() -> None:
    countries = {"Nationality": ["Spain", "Italy", "France"], "Country": ["Spain", "Spain", "Spain"]}
    assert suggest(["Nationality"], countries)["Nationality"].semantic == "address.country"
    found = suggest(["Nationality", "Country"], countries)
    assert [found[name].semantic for name in found] == ["", "address.country"]


def test_what_stands_behind_one_strange_word_is_of_the_person_whom_it_names() -> None:
    found = suggest(["xyz_fname", "xyz_lname", "xyz_city", "hotel_name", "hotel_city"], {})
    told = [item.semantic for item in found.values()]
    assert told == ["person.first_name", "person.last_name", "address.city", "", ""]
    assert {item.semantic for item in suggest(["agent_fname", "agent_lname"], {}).values()} == {""}


@pytest.mark.parametrize(("name", "values"), [("Member", ["Gold Member", "Silver Member"]), ("会员", ["金卡", "银卡"])])
def test_grades_of_members_are_no_names(name: str, values: list[str]) -> None:
    assert suggest([name], {name: values * 20})[name].semantic == ""
