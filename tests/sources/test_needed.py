"""What others need is not removed: the page names them, with a link to each and what to do."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from journeys.models import Journey
from lake.queries import snapshot
from measures.models import Measure
from profiles.models import ActivityType, Unification
from segments.models import Segment
from sources import services
from sources.models import SourceTable

ORDERS = {"all": [{"related": "Orders", "having": {"count": True, "op": "at_least", "value": 1}}]}
REMOVE = "/sources/shop/tables/orders/remove/"


@pytest.fixture
def orders(table_of: Callable[..., SourceTable]) -> SourceTable:
    table = table_of("orders.csv", b"Order ID,Customer,Total\nA1,C1,10.00\n", name="orders")
    services.load_table(table)
    return table


def rows_are_there() -> bool:
    return snapshot().has("shop.orders")


def needed_by(table: SourceTable) -> list[str]:
    """Something of each kind that reads the table; their pages."""
    Unification.objects.update_or_create(pk=1, defaults={"tables": [table.full_name]})
    activity = ActivityType.objects.create(type="order", table=table.full_name, time="x", title="{Order ID}")
    measure = Measure.objects.create(name="Sales", slug="sales", of="business", function="count", table=table.full_name)
    segment = Segment.objects.create(name="Buyers <b>", slug="buyers", rule=ORDERS)
    split = {"id": "s", "kind": "branch", "branches": [{"id": "b", "rule": ORDERS}]}
    journey = Journey.objects.create(name="Thanks", slug="thanks", draft={"start": {}, "steps": [split]})
    pages = [measure.get_absolute_url(), segment.get_absolute_url(), journey.get_absolute_url()]
    return ["/customers/unify/", f"/customers/activities/{activity.pk}/", *pages]


@pytest.mark.parametrize("address", [REMOVE, "/sources/shop/remove/"])
def test_it_says_what_needs_a_table_and_keeps_it(
    orders: SourceTable, admin: User, client_of: Callable[[User], Client], address: str
) -> None:
    pages = needed_by(orders)
    answer = client_of(admin).post(address, follow=True).content.decode()
    toast = answer[answer.index('id="toasts"') :]
    assert [url for url in pages if f'<a href="{url}">' not in toast] == []
    assert "Segment “Buyers &lt;b&gt;”" in toast
    assert "Take it out there first, then remove it here." in toast
    assert rows_are_there()


def test_the_api_refuses_too(orders: SourceTable, admin: User, client_of: Callable[[User], Client]) -> None:
    needed_by(orders)
    answer = client_of(admin).delete(f"/api/v1/source-tables/{orders.pk}/")
    assert answer.status_code == 409
    assert "Measure “Sales”" in answer.json()["error"]["message"]


def test_what_nothing_needs_any_more_goes(
    orders: SourceTable, admin: User, client_of: Callable[[User], Client]
) -> None:
    needed_by(orders)
    for model in (Unification, ActivityType, Measure, Segment, Journey):
        model.objects.all().delete()
    client_of(admin).post(REMOVE)
    assert not rows_are_there()


def test_the_page_of_a_table_says_where_it_is_used(
    orders: SourceTable, viewer: User, client_of: Callable[[User], Client]
) -> None:
    pages = needed_by(orders)
    answer = client_of(viewer).get(orders.get_absolute_url()).content.decode()
    assert [url for url in pages if f'href="{url}"' not in answer] == []


def test_more_than_five_are_counted(orders: SourceTable, admin: User, client_of: Callable[[User], Client]) -> None:
    for number in range(7):
        Measure.objects.create(
            name=f"m{number}", slug=f"m{number}", of="business", function="count", table="shop.orders"
        )
    assert "“m4”</a> and 2 more. Take it out" in client_of(admin).post(REMOVE, follow=True).content.decode()
