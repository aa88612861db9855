"""A relationship that leads rows to customers stays while something needs these rows."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from jobs.services import run_here
from journeys.models import Journey
from lake.models import Relationship
from lake.relationships import relate
from lake.specs import CUSTOMERS
from measures.models import Measure
from profiles.models import ActivityType, Unification
from segments.models import Segment
from sources import services
from sources.models import SourceTable

LINES = {"all": [{"related": "Lines", "having": {"count": True, "op": "at_least", "value": 1}}]}
TableOf = Callable[..., SourceTable]
ClientOf = Callable[[User], Client]


@pytest.fixture
def lines(table_of: TableOf) -> SourceTable:
    """Lines of orders, orders of customers; all relationships were found."""
    table_of("customers.csv", b"Customer ID,Email\nC1,a@example.com\nC2,b@example.com\n", key=["Customer ID"])
    table_of("orders.csv", b"Order ID,Customer ID,Total\nA1,C1,10.00\nA2,C2,10.00\n", key=["Order ID"])
    table = table_of("lines.csv", b"Line,Order ID\n1,A1\n2,A2\n", key=["Line"])
    for found in SourceTable.objects.all():
        services.load_table(found)
    relate("shop.orders", "Customer ID", "shop.customers")
    relate("shop.lines", "Order ID", "shop.orders")
    Unification.objects.update_or_create(pk=1, defaults={"tables": ["shop.customers"]})
    return table


def needed() -> list[str]:
    """Something of each kind that needs lines as rows of customers; their pages."""
    activity = ActivityType.objects.create(type="line", table="shop.lines", time="x", title="{Line}")
    measure = Measure.objects.create(name="Lines", slug="lines", of="customer", function="count", table="shop.lines")
    segment = Segment.objects.create(name="Buyers <b>", slug="buyers", rule=LINES)
    split = {"id": "s", "kind": "branch", "branches": [{"id": "b", "rule": LINES}]}
    journey = Journey.objects.create(name="Thanks", slug="thanks", draft={"start": {}, "steps": [split]})
    pages = [measure.get_absolute_url(), segment.get_absolute_url(), journey.get_absolute_url()]
    return [f"/customers/activities/{activity.pk}/", *pages]


def remove(client: Client, from_table: str) -> str:
    row = Relationship.objects.get(from_table=from_table)
    answer = client.post("/lake/relationships/", {"action": "remove", "row": [row.pk]}, follow=True).content.decode()
    return answer[answer.index('id="toasts"') :]


@pytest.mark.parametrize("table", ["shop.lines", "shop.orders"])
def test_it_says_what_needs_it_and_stays(lines: SourceTable, admin: User, client_of: ClientOf, table: str) -> None:
    pages = needed()
    toast = remove(client_of(admin), table)
    assert [url for url in pages if f'<a href="{url}">' not in toast] == []
    assert "Segment “Buyers &lt;b&gt;”" in toast
    assert Relationship.objects.filter(from_table=table).exists()


def test_the_api_refuses_too(lines: SourceTable, admin: User, client_of: ClientOf) -> None:
    needed()
    row = Relationship.objects.get(from_table="shop.orders")
    answer = client_of(admin).delete(f"/api/v1/relationships/{row.pk}/")
    assert answer.status_code == 409
    assert "“Shop · Orders · Customer ID → Shop · Customers”" in answer.json()["error"]["message"]
    assert "Measure “Lines”" in answer.json()["error"]["message"]


def test_it_goes_where_another_way_leads_to_customers(lines: SourceTable, admin: User, client_of: ClientOf) -> None:
    needed()
    relate("shop.lines", "Line", CUSTOMERS)
    assert "1 relationship removed." in remove(client_of(admin), "shop.orders")


def test_totals_of_the_business_need_no_customers(lines: SourceTable, admin: User, client_of: ClientOf) -> None:
    Measure.objects.create(name="All lines", slug="all", of="business", function="count", table="shop.lines")
    assert "1 relationship removed." in remove(client_of(admin), "shop.orders")


def test_a_table_on_the_way_to_customers_is_needed(lines: SourceTable, admin: User, client_of: ClientOf) -> None:
    pages = needed()
    answer = client_of(admin).post("/sources/shop/tables/orders/remove/", follow=True).content.decode()
    assert [url for url in pages if f'<a href="{url}">' not in answer] == []
    assert SourceTable.objects.filter(name="orders").exists()


def test_what_a_person_removed_is_not_found_again(lines: SourceTable, admin: User, client_of: ClientOf) -> None:
    remove(client_of(admin), "shop.lines")
    assert run_here(services.LOAD_KIND, {"table": lines.pk, "full": True})[1] is None
    assert not Relationship.objects.filter(from_table="shop.lines").exists()
