"""Rows of related tables hang off the right person."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from jobs.refresh import refresh
from lake import relationships
from lake.queries import snapshot
from lake.specs import CUSTOMERS
from tests.profiles.conftest import put
from tests.profiles.running.test_stage import person_of, rows
from tests.support.engines import answered_by

ClientOf = Callable[[User], Client]


def test_orders_reach_their_person(unified: None) -> None:
    john = person_of("shop", "C1")
    assert [r["order_id"] for r in rows("linked.shop.orders") if r["profile_id"] == john] == ["O0", "O1", "O2"]


def test_lines_reach_their_person_over_orders(unified: None) -> None:
    john = person_of("loyalty", "7")
    products = {r["product"] for r in rows("linked.shop.lines") if r["profile_id"] == john}
    assert products == {"shoes", "jacket", "backpack"}


def test_rows_of_nobody_are_left_out(unified: None) -> None:
    assert "O4" not in {r["order_id"] for r in rows("linked.shop.orders")}


def test_unified_tables_are_linked_too(unified: None) -> None:
    assert "loyalty.members" in snapshot().related()


def test_activities_have_titles_amounts_and_links(unified: None) -> None:
    john = person_of("shop", "C1")
    (first, *_rest) = [r for r in rows("unified.activities") if r["profile_id"] == john]
    assert (first["type"], first["title"], first["amount"], first["currency"]) == ("order", "Order O0", 5999, "USD")
    assert first["url"] == "https://shop.example/orders/O0"
    assert (first["source"], first["table"], first["record_id"]) == ("shop", "orders", "O0")


def events(column: str, *values: str | None) -> dict[str, str]:
    """Event and customer, when events name customers by this column alone."""
    put("web.events", "event_id", [{"event_id": str(n), column: value} for n, value in enumerate(values)])
    put("web.details", "n", [{"n": "1", "event": "0"}])
    relationships.relate("web.events", column, CUSTOMERS)
    relationships.relate("web.details", "event", "web.events")
    [report] = refresh(["link"])
    assert report.state == "done"
    return {row["event_id"]: row["profile_id"] for row in rows("linked.web.events")}


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("email", ("JM@Example.DE ", "nobody@example.com", None)),
        ("phone", ("0049 30 1234567", "+1 999", "unknown")),
        ("card", ("l 78", "L-99", "")),
    ],
)
def test_rows_without_a_number_of_a_customer_are_linked_by_what_the_customer_is_reached_at(
    unified: None, column: str, values: tuple[str | None, ...]
) -> None:
    jurgen = person_of("shop", "C3")
    assert events(column, *values) == {"0": jurgen}
    assert [row["profile_id"] for row in rows("linked.web.details")] == [jurgen]


def test_so_they_are_where_a_server_answers_questions(unified: None, sail_address: str) -> None:
    jurgen, mary = person_of("shop", "C3"), person_of("shop", "C2")
    with answered_by(sail_address):
        assert events("phone", "0049 30 1234567", "+1 999", None) == {"0": jurgen}
        assert events("who", mary, "nobody") == {"0": mary}


def test_an_address_of_several_customers_says_nothing_of_either(unified: None) -> None:
    assert person_of("shop", "C1") != person_of("shop", "C2")
    assert events("email", "john.smith@example.com", "jm@example.de").keys() == {"1"}


def test_a_column_without_a_meaning_holds_customer_ids(unified: None) -> None:
    assert events("who", "x", john := person_of("shop", "C1")) == {"1": john}


def test_a_row_is_whose_number_it_has_else_whose_address(unified: None) -> None:
    jurgen, john, mary = person_of("shop", "C3"), person_of("shop", "C1"), person_of("shop", "C2")
    guests = [
        {"n": "1", "customer": "C1", "email": "jm@example.de", "phone": None},
        {"n": "2", "customer": None, "email": "jm@example.de", "phone": None},
        {"n": "3", "customer": "X9", "email": "john.smith@example.com", "phone": "+49 30 1234567"},
        {"n": "4", "customer": "C2", "email": None, "phone": None},
        {"n": "5", "customer": None, "email": "nobody@example.com", "phone": None},
    ]
    put("shop.sales", "n", guests)
    relationships.relate("shop.sales", "customer", "shop.customers")
    relationships.relate("shop.sales", "email", CUSTOMERS)
    relationships.relate("shop.sales", "phone", CUSTOMERS)
    refresh(["link"])
    found = {row["n"]: row["profile_id"] for row in rows("linked.shop.sales")}
    assert found == {"1": john, "2": jurgen, "3": jurgen, "4": mary}


def test_a_column_that_is_gone_leads_nowhere_and_is_told(unified: None, client_of: ClientOf, analyst: User) -> None:
    assert events("email", "jm@example.de") == {"0": person_of("shop", "C3")}
    assert events("phone", "0049 30 1234567") == {"0": person_of("shop", "C3")}
    assert "The column is gone" in client_of(analyst).get("/lake/relationships/").content.decode()


def test_a_column_that_leads_nowhere_is_named(unified: None) -> None:
    assert events("email", "nobody@example.com") == {}
    [report] = refresh(["link"], full=True)
    assert "“email” in “web.events”" in report.note
