"""Whole addresses, taken apart."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.addresses import PARTS, parts_of, share_of_whole
from tests.support.examples import examples

# text | street | city | region | postcode | country
WHOLE = """
Kirchplatz 83b, 20099 Hamburg|Kirchplatz 83b|Hamburg||20099|
Hauptstr. 5 50667 Köln|Hauptstr. 5|Köln||50667|
Hauptstr. 5 b, D-50667 Köln, Deutschland|Hauptstr. 5 b|Köln||D-50667|Deutschland
Straße des 17. Juni 135, 10623 Berlin|Straße des 17. Juni 135|Berlin||10623|
12 rue de Rivoli 75001 Paris|12 rue de Rivoli|Paris||75001|
12 bis, rue de Rivoli, 75001 Paris Cedex 02, France|12 bis, rue de Rivoli|Paris Cedex 02||75001|France
Via Roma 12, 20100 Milano (MI)|Via Roma 12|Milano|MI|20100|
Calle Mayor 3, 2º B, 28013 Madrid|Calle Mayor 3, 2º B|Madrid||28013|
Prinsengracht 12, 1012 AB Amsterdam|Prinsengracht 12|Amsterdam||1012 AB|
ul. Długa 5/7, 00-950 Warszawa|ul. Długa 5/7|Warszawa||00-950|
Vodičkova 12, 110 00 Praha 1|Vodičkova 12|Praha 1||110 00|
ул. Садовая, д. 5, 101000 Москва|ул. Садовая, д. 5|Москва||101000|
1600 Amphitheatre Pkwy, Mountain View, CA 94043-1351, USA|1600 Amphitheatre Pkwy|Mountain View|CA|94043-1351|USA
Unit 4, 12 Main St, Springfield, Illinois 62704|Unit 4, 12 Main St|Springfield|Illinois|62704|
12 George St, Sydney NSW 2000|12 George St|Sydney|NSW|2000|
100 King St W, Toronto, Ontario M5X 1A9|100 King St W|Toronto|Ontario|M5X 1A9|
10 Downing Street, Westminster, London, SW1A 2AA|10 Downing Street, Westminster|London||SW1A 2AA|
Av. Paulista 1000, São Paulo - SP, 01310-100|Av. Paulista 1000|São Paulo|SP|01310-100|
12 MG Road, Indiranagar, Bengaluru - 560038|12 MG Road, Indiranagar|Bengaluru||560038|
"""


@pytest.mark.parametrize("case", WHOLE.split("\n")[1:-1])
def test_street_city_and_postcode_are_found_as_each_country_writes_them(case: str) -> None:
    text, *parts = case.split("|")
    found = parts_of(pa.array([text]))
    assert [found[part][0].as_py() for part in PARTS] == [part or None for part in parts]


@pytest.mark.parametrize("between", ["\n", "\r\n", "; ", " | ", ",\n"])
def test_lines_may_be_set_apart_in_any_way(between: str) -> None:
    found = parts_of(pa.array([f"Hauptstr. 5{between}50667 Köln"]))
    assert [found[part][0].as_py() for part in PARTS] == ["Hauptstr. 5", "Köln", None, "50667", None]


@pytest.mark.parametrize(
    "text",
    ["12345 Main Street", "Apt 4, 12345 Main Street", "12 Main St, Apt 4", "P.O. Box 1234", "Calle 5 No 10-20",
     "Tower 1, Block 1234", "C/ Mayor 1001, Madrid", "Köln", "50667", "东京都 100-0001", ""],
)  # fmt: skip
def test_what_is_no_whole_address_stays_as_it_is(text: str) -> None:
    found = parts_of(pa.array([text]))
    assert [found[part][0].as_py() for part in PARTS] == [text, None, None, None, None]


@pytest.mark.parametrize(
    ("text", "city", "region", "postcode"),
    [
        ("69003 Lyon", "Lyon", None, "69003"),
        ("42000 Saint-Étienne", "Saint-Étienne", None, "42000"),
        ("Springfield, IL 62704", "Springfield", "IL", "62704"),
        ("London SW1A 1AA", "London", None, "SW1A 1AA"),
        ("Montréal H2X 1Y4", "Montréal", None, "H2X 1Y4"),
        ("Lyon", "Lyon", None, None),
    ],
)
def test_beside_a_street_a_city_with_its_postcode_is_enough(
    text: str, city: str, region: str | None, postcode: str | None
) -> None:
    found = parts_of(pa.array([text]), has_street=True)
    assert [found[part][0].as_py() for part in PARTS] == [None, city, region, postcode, None]


@examples(25)
@given(st.lists(st.one_of(st.none(), st.text(max_size=40), st.from_regex(r"[A-z 0-9,]{0,30}")), max_size=8), st.data())
def test_any_texts_are_taken_apart_without_an_error_and_one_whatever_stands_beside_it(
    texts: list[str | None], data: st.DataObject
) -> None:
    cut = data.draw(st.integers(0, len(texts)))
    together, before, after = (parts_of(pa.array(some, pa.string())) for some in (texts, texts[:cut], texts[cut:]))
    for part in PARTS:
        assert together[part].to_pylist() == before[part].to_pylist() + after[part].to_pylist()


def test_how_many_are_whole_is_told_of_those_that_are_known() -> None:
    assert share_of_whole(pa.array(["Hauptstr. 5, 50667 Köln", "Hauptstr. 6", None])) == 0.5
    assert share_of_whole(pa.array([None], pa.string())) == 0.0
