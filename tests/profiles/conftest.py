"""A small retailer in the lake: John Smith in three systems, a household, and people of many scripts."""

import datetime
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest

from jobs.refresh import StageReport, refresh
from lake import relationships
from lake.services import stage
from lake.specs import ColumnSpec, TableSpec
from profiles.activities import services as activity_services
from profiles.config import services
from profiles.review import queue as review_queue
from profiles.review.queue import Question
from tests.profiles.unify import test_evidence as evidence
from tests.support.worlds import Once, World

MEANINGS = {
    "first_name": "person.first_name",
    "last_name": "person.last_name",
    "full_name": "person.full_name",
    "birth_date": "person.birth_date",
    "gender": "person.gender",
    "email": "contact.email",
    "phone": "contact.phone",
    "street": "address.line",
    "city": "address.city",
    "zip": "address.postcode",
    "card": "id.loyalty_card",
}
DAY = datetime.date

CUSTOMERS: list[dict[str, Any]] = [
    {"customer_id": "C1", "first_name": "John", "last_name": "Smith", "email": "John.Smith@example.com",
     "phone": "(212) 555-0123", "street": "12 Main Street", "city": "New York", "zip": "10001",
     "birth_date": DAY(1980, 3, 2), "gender": "M", "updated_at": DAY(2024, 5, 1)},
    {"customer_id": "C2", "first_name": "Mary", "last_name": "Smith", "email": "John.Smith@example.com",
     "phone": "212-555-0123", "street": "12 Main St.", "city": "New York", "zip": "10001",
     "birth_date": DAY(1982, 7, 9), "gender": "F", "updated_at": DAY(2024, 5, 2)},
    {"customer_id": "C3", "first_name": "Jürgen", "last_name": "Müller", "email": "jm@example.de",
     "phone": "+49 30 1234567", "street": "Hauptstraße 5", "city": "Berlin", "zip": "10115",
     "birth_date": DAY(1975, 1, 30), "gender": "männlich", "updated_at": DAY(2023, 1, 1)},
    {"customer_id": "C4", "first_name": "小明", "last_name": "王", "email": "unknown", "phone": None, "street": None,
     "city": "n/a", "zip": None, "birth_date": None, "gender": None, "updated_at": None},
]  # fmt: skip
MEMBERS: list[dict[str, Any]] = [
    {"member_id": 7, "full_name": "Smith, John", "email": "john.smith@EXAMPLE.com", "phone": None, "card": "L-77",
     "birth_date": DAY(1980, 3, 2), "tier": "Gold", "points": 1500},
    {"member_id": 8, "full_name": "Juergen Mueller", "email": "jm@example.de", "phone": "030 1234567", "card": "L-78",
     "birth_date": DAY(1975, 1, 30), "tier": "Silver", "points": 200},
]  # fmt: skip
TILL: list[dict[str, Any]] = [{"till_id": "T1", "full_name": "Jon Smith", "phone": "+1 212 555 0123", "card": "l77"}]
SALES = [("C1", 5999, 1), ("C1", 12950, 2), ("C1", 3500, 3), ("C2", 1000, 2), ("X9", 1, 1)]
ORDERS: list[dict[str, Any]] = [
    {"order_id": f"O{n}", "customer_id": customer, "total": total,
     "ordered_at": datetime.datetime(2024, month, 1, 9, tzinfo=datetime.UTC)}
    for n, (customer, total, month) in enumerate(SALES)
]  # fmt: skip
LINES: list[dict[str, Any]] = [
    {"line_id": n, "order_id": f"O{n}", "product": product} for n, product in enumerate(["shoes", "jacket", "backpack"])
]


def put(name: str, key: str, rows: list[dict[str, Any]], meanings: dict[str, str] = MEANINGS, **types: str) -> None:
    """Writes one source table, without a key where that is "", and makes it visible."""
    data = pa.Table.from_pylist(rows)
    columns = [
        ColumnSpec(c, types.get(c, ""), semantic=meanings.get(c, ""), currency="USD" if types.get(c) == "money" else "")
        for c in data.column_names
    ]
    work = stage()
    work.write(TableSpec(name, key=[key] if key else [], columns=columns), data)
    work.publish(name)


def open_shop() -> None:
    put("shop.customers", "customer_id", CUSTOMERS)
    put("loyalty.members", "member_id", MEMBERS)
    put("till.receipts", "till_id", TILL)
    put("shop.orders", "order_id", ORDERS, total="money")
    put("shop.lines", "line_id", LINES)
    relationships.relate("shop.orders", "customer_id", "shop.customers")
    relationships.relate("shop.lines", "order_id", "shop.orders")
    services.save_unification(tables=["shop.customers", "loyalty.members", "till.receipts"], default_country="US")
    activity_services.save_activity_type(
        type="order", table="shop.orders", time="ordered_at", title="Order {order_id}", amount="total",
        url="https://shop.example/orders/{order_id}",
    )  # fmt: skip


def unify() -> list[StageReport]:
    return refresh(["unify", "link", "activities"])


def unify_the_shop() -> None:
    open_shop()
    reports = unify()
    assert [report.state for report in reports] == ["done", "done", "done"], reports


def ask_about_a_town() -> None:
    """Two systems of a small town, some of whose people look much alike."""
    people = evidence.town(80)
    for person in people[::9]:
        person["email"] = person["card"] = None
    others = [row | ({"born": None} if n % 5 == 0 else {}) for n, row in enumerate(evidence.seen_again(people))]
    put("one.people", "id", people, evidence.MEANINGS)
    put("two.people", "id", others, evidence.MEANINGS)
    services.save_unification(tables=["one.people", "two.people"], default_country="DE")
    unify()


@pytest.fixture(scope="session")
def shop_world(made_once: Once) -> World:
    return made_once(open_shop)


@pytest.fixture(scope="session")
def unified_world(made_once: Once) -> World:
    return made_once(unify_the_shop)


@pytest.fixture(scope="session")
def asked_world(made_once: Once) -> World:
    return made_once(ask_about_a_town)


@pytest.fixture
def retailer(db: None, shop_world: World) -> None:
    shop_world.enter()


@pytest.fixture
def run() -> Callable[[], list[StageReport]]:
    return unify


@pytest.fixture
def unified(db: None, unified_world: World) -> None:
    unified_world.enter()


@pytest.fixture
def asked(db: None, asked_world: World) -> list[Question]:
    """The questions of a small town in two systems."""
    asked_world.enter()
    return review_queue.questions(mode="queue")
