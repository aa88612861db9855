"""Before anybody has chosen, tables of people take part, and tables of what they did do not."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.profiles.conftest import put

ClientOf = Callable[[User], Client]
BUYERS = [{"id": n, "full_name": f"Ana {n}", "email": f"a{n}@x.example"} for n in range(10)]
TICKETS = [{"ticket": n, "email": f"a{n % 4}@x.example", "seats": 2} for n in range(20)]
SUBSCRIBERS = [{"id": n, "email": f"a{n}@x.example"} for n in range(10)]


def used(client: Client) -> dict[str, Any]:
    return {row["name"]: (row["used"], row["events"]) for row in client.get("/customers/unify/").context["rows"]}


def test_tickets_with_an_address_on_each_are_not_taken_for_people(db: None, client_of: ClientOf, analyst: User) -> None:
    put("till.buyers", "id", BUYERS)
    put("till.tickets", "ticket", TICKETS)
    put("news.subscribers", "id", SUBSCRIBERS)

    client = client_of(analyst)

    assert used(client) == {
        "till.buyers": (True, False), "news.subscribers": (True, False), "till.tickets": (False, True)
    }  # fmt: skip
    assert "it seems to tell of what they did" in client.get("/customers/unify/").content.decode()


@pytest.mark.usefixtures("db")
def test_they_are_where_there_is_nothing_else(client_of: ClientOf, analyst: User) -> None:
    put("till.tickets", "ticket", TICKETS)

    assert used(client_of(analyst)) == {"till.tickets": (True, True)}


@pytest.mark.usefixtures("db")
def test_only_of_people_a_key_is_asked_for(client_of: ClientOf, analyst: User) -> None:
    put("till.buyers", "", BUYERS)
    put("till.tickets", "", TICKETS)
    page = client_of(analyst).get("/customers/unify/")
    assert [table.label for table in page.context["keyless"]] == ["Till · Buyers"]
