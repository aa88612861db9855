"""An activity whose rows lead to no customer says so before and after it is saved."""

import datetime
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.profiles.conftest import put

ClientOf = Callable[[User], Client]
NEW = "/customers/activities/new/"
ASTRAY = "No row of this table leads to a customer"
MOMENT = datetime.datetime(2026, 5, 1, tzinfo=datetime.UTC)


@pytest.fixture
def client(unified: None, client_of: ClientOf, analyst: User) -> Client:
    opened = [
        {"n": n, "email": f"a{n}@x.example", "what": ("opened", "clicked")[n % 2], "at": MOMENT} for n in range(9)
    ]
    put("news.events", "", opened)
    return client_of(analyst)


def test_rows_that_lead_nowhere_are_said_to(client: Client) -> None:
    page = client.get(f"{NEW}?table=news.events").content.decode()
    assert ASTRAY in page
    assert "/lake/relationships/add/" in page

    values = {"table": "news.events", "type": "mail", "time": "at", "title": "{what}", "amount": "", "url": ""}
    assert ASTRAY in client.post("/customers/activities/preview/", values).content.decode()
    assert ASTRAY in client.post(NEW, values, follow=True).content.decode()


@pytest.mark.parametrize("table", ["shop.orders", "shop.customers"])
def test_rows_of_customers_are_not(client: Client, table: str) -> None:
    assert ASTRAY not in client.get(f"{NEW}?table={table}").content.decode()


def test_a_title_says_what_happened_where_no_key_can(client: Client) -> None:
    assert client.get(f"{NEW}?table=news.events").context["form"].initial["title"] == "Events {what}"


def test_an_activity_begins_with_loading_data(client_of: Callable[[User], Client], analyst: User) -> None:
    page = client_of(analyst).get(NEW).content.decode()
    assert "Nothing is loaded yet" in page
    assert "Save activity" not in page
