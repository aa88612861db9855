"""Rows of related tables hang off the right person."""

from lake.queries import snapshot
from tests.profiles.running.test_stage import person_of, rows


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
