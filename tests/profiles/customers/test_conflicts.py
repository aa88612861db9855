"""Where records of one person disagree."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from lake.queries import snapshot
from lake.specs import Attribute
from profiles.customers.conflicts import Conflict, Pair, by_attribute, people_of
from profiles.customers.kept_texts import for_reader
from tests.profiles.conftest import TILL, put
from tests.profiles.running.test_stage import person_of

ClientOf = Callable[[User], Client]
PAGES = ["/customers/unify/conflicts/", "/customers/unify/conflicts/first_name/"]


def of(attribute: str) -> Conflict:
    return next(conflict for conflict in by_attribute(snapshot()) if conflict.attribute == attribute)


def test_people_whose_names_differ_are_counted(unified: None) -> None:
    found = of("first_name")
    assert (found.people, found.of, found.spelling) == (2, 2, 0)
    assert found.pairs == (Pair("shop.customers", "loyalty.members", 1), Pair("shop.customers", "till.receipts", 1))
    assert set(found.examples) == {("John", "Jon"), ("Jürgen", "Juergen")}


def test_people_alone_are_counted_as_with_all_else(unified: None) -> None:
    found = by_attribute(snapshot())
    assert len(found) > 1
    assert people_of(snapshot()) == {conflict.attribute: conflict.people for conflict in found}


def test_what_differs_in_spelling_alone_is_told(unified: None) -> None:
    assert of("loyalty_card").spelling == 1  # L-77 and l77


def test_a_name_in_another_order_is_the_same_name(unified: None, run: Callable[[], object]) -> None:
    assert of("full_name").spelling == 0  # Smith, John and Jon Smith
    put("till.receipts", "till_id", [TILL[0] | {"full_name": "John SMITH"}])
    run()
    assert of("full_name").spelling == 1


def test_what_is_the_same_is_no_conflict(unified: None) -> None:
    assert "birth_date" not in [conflict.attribute for conflict in by_attribute(snapshot())]


def test_before_the_first_run_there_are_none(db: None, client_of: ClientOf, viewer: User) -> None:
    assert by_attribute(snapshot()) == ()
    assert people_of(snapshot()) == {}
    for path in (PAGES[0], "/customers/unify/unmatched/"):
        page = client_of(viewer).get(path).content.decode()
        assert "Nothing has been unified yet" in page
        assert 'href="/customers/unify/" >Unify customers' in page


def test_the_page_leads_to_the_people(unified: None, client_of: ClientOf, viewer: User) -> None:
    page = client_of(viewer).get(PAGES[0]).content.decode()
    assert PAGES[1] in page
    assert "John ≠ Jon" in page
    people = client_of(viewer).get(PAGES[1]).content.decode()
    assert f"/customers/{person_of('shop', 'C1')}/origin/first_name/" in people
    assert "Jon (Till · Receipts)" in people


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, {"John", "Jürgen"}),
        ({"other": "till.receipts"}, {"John"}),
        ({"shown": "till.receipts"}, set()),
        ({"q": "juer"}, {"Jürgen"}),
        ({"q": "jm@example.de"}, {"Jürgen"}),
        ({"beyond_spelling": "1", "other": "loyalty.members"}, {"Jürgen"}),
    ],
)
def test_people_are_filtered_searched_and_exported(
    unified: None, client_of: ClientOf, viewer: User, query: dict[str, str], names: set[str]
) -> None:
    answer = client_of(viewer).get(PAGES[1], query | {"export": "csv"})
    text = b"".join(answer.streaming_content).decode() if answer.streaming else answer.content.decode()
    assert {name for name in ("John", "Jürgen") if name in text} == names


@pytest.mark.parametrize("path", PAGES)
def test_a_stranger_and_sales_see_nothing(
    unified: None, client_of: ClientOf, stranger: User, salesperson: User, path: str
) -> None:
    assert client_of(stranger).get(path).status_code == 403
    assert client_of(salesperson).get(path).status_code == 403


def test_an_attribute_that_is_not_there_is_not_found(unified: None, client_of: ClientOf, viewer: User) -> None:
    assert client_of(viewer).get("/customers/unify/conflicts/shoe_size/").status_code == 404


@pytest.mark.parametrize(("kind", "text", "shown"), [
    ("money", "91757", "€917.57"), ("money", "-5", "-€0.05"), ("boolean", "false", "No"), ("boolean", "True", "Yes"),
    ("list", '["a","b"]', "a, b"), ("list", '["cut o', '["cut o'), ("string", "true", "true"), ("string", "", ""),
    ("date", "2024-05-08", "2024-05-08"), ("timestamp", "2026-08-07 06:41:00.000000Z", "Aug. 7, 2026, 6:41 a.m. UTC"),
    ("timestamp", "soon", "soon"),
])  # fmt: skip
def test_values_that_were_kept_as_text_are_shown_as_what_they_are(kind: str, text: str, shown: str) -> None:
    assert for_reader(text, Attribute("a", "A", kind, "t", currency="EUR")) == shown
