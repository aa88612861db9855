"""Data › Unify › Merge: seen by those who may, changed by those who may, and tried before it is saved."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from profiles.config import services
from profiles.models import Unification
from tests.profiles.conftest import put

ClientOf = Callable[[User], Client]
PAGE = "/customers/unify/merge/"
FIRST_NAME = f"{PAGE}of/first_name/"


FIRST_NAMES = ["shop.customers.first_name"]


def form(**more: str) -> dict[str, Any]:
    return {"policy": "trust", "label": "", "was_collected": "", "column": FIRST_NAMES} | more


def test_every_attribute_says_where_it_is_from(unified: None, client_of: ClientOf, viewer: User) -> None:
    page = client_of(viewer).get(PAGE).content.decode()
    for text in ("Shop · Customers: first_name", "The most trusted table’s", "/conflicts/first_name/", "Households"):
        assert text in page


def test_names_say_that_they_are_taken_out_of_full_names_too(unified: None, client_of: ClientOf, viewer: User) -> None:
    page = client_of(viewer).get(PAGE).content.decode()
    assert page.count("Loyalty · Members: full_name, taken apart") == 2


def test_it_is_empty_before_anything_is_chosen(db: None, client_of: ClientOf, viewer: User) -> None:
    assert client_of(viewer).get(PAGE).status_code == 200


@pytest.mark.parametrize("path", [PAGE, FIRST_NAME])
def test_strangers_and_sales_see_nothing(
    unified: None, client_of: ClientOf, stranger: User, salesperson: User, path: str
) -> None:
    assert client_of(stranger).get(path).status_code == 403
    assert client_of(salesperson).get(path).status_code == 403


@pytest.mark.parametrize("path", [FIRST_NAME, f"{PAGE}together/address/", f"{PAGE}recency/"])
def test_a_viewer_changes_nothing(unified: None, client_of: ClientOf, viewer: User, path: str) -> None:
    assert client_of(viewer).post(path, form(policy="longest")).status_code == 403
    assert Unification.current().merge == {}


def test_an_analyst_chooses_another_policy(unified: None, client_of: ClientOf, analyst: User) -> None:
    client_of(analyst).post(FIRST_NAME, form(policy="longest", label="Given name", **{"trust-till.receipts": "1"}))
    stated = {"attribute": "first_name", "policy": "longest", "label": "Given name", "trust": ["till.receipts"]}
    assert Unification.current().merge == {"attributes": [stated]}
    client_of(analyst).post(FIRST_NAME, form())
    assert Unification.current().merge == {}


def test_what_would_change_is_shown_and_not_saved(unified: None, client_of: ClientOf, analyst: User) -> None:
    data = form(**{"trust-till.receipts": "1", "try": "1"})
    page = client_of(analyst).post(FIRST_NAME, data).content.decode()
    assert "1 of 2 people with several records would show another value." in page
    assert "<td>John</td><td>Jon</td>" in page
    assert Unification.current().merge == {}


def test_columns_are_combined_and_lists_kept(unified: None, client_of: ClientOf, analyst: User) -> None:
    columns = ["shop.customers.email", "loyalty.members.email"]
    client = client_of(analyst)
    client.post(f"{PAGE}of/email/", form(was_collected="1") | {"column": columns})  # the usual, and no list any more
    assert Unification.current().merge == {"attributes": [{"attribute": "email", "collect": False}]}
    client.post(f"{PAGE}of/email/", form(collect="on") | {"column": columns[:1]})
    assert Unification.current().merge["attributes"] == [
        {"attribute": "email", "columns": columns[:1], "collect": True}
    ]


def test_what_is_used_is_not_left_out(unified: None, client_of: ClientOf, analyst: User) -> None:
    from segments import services as segments

    segments.save(name="Johns", rule={"all": [{"attribute": "first_name", "op": "eq", "value": "John"}]})
    answer = client_of(analyst).post(FIRST_NAME, form(exclude="on"))
    assert answer.status_code == 422
    assert '<a href="/segments/johns/">Segment “Johns”</a>' in answer.content.decode()


def test_groups_are_made_changed_and_taken_apart(unified: None, client_of: ClientOf, analyst: User) -> None:
    client = client_of(analyst)
    data = form(name="card", policy="recent") | {"attribute": ["loyalty_card", "tier"]}
    assert client.post(f"{PAGE}together/", data).status_code == 303
    assert [group["name"] for group in Unification.current().merge["groups"]] == ["address", "card"]
    assert "card" in client.get(PAGE).content.decode()
    client.post(f"{PAGE}together/card/", {"remove": "1"})
    assert [group["name"] for group in Unification.current().merge["groups"]] == ["address"]
    tried = client.post(f"{PAGE}together/address/", form(name="address", **{"try": "1"}) | {"attribute": ["line"]})
    assert "people with several records" in tried.content.decode()


def test_the_time_of_a_table_is_named(unified: None, client_of: ClientOf, analyst: User) -> None:
    client_of(analyst).post(f"{PAGE}recency/", {"recency-shop.customers": "updated_at"})
    assert Unification.current().merge == {"recency": {"shop.customers": "updated_at"}}
    client_of(analyst).post(f"{PAGE}recency/", {"recency-shop.customers": ""})
    assert Unification.current().merge == {}


@pytest.mark.parametrize(
    ("columns", "found"),
    [
        (["joined", "updated_at"], "updated_at"),
        (["joined", "signup_date", "created_at", "member_since", "registered_on", "Mitglied seit"], ""),
        (["Angelegt am", "Geändert am"], "Geändert am"),
        (["Fecha de alta", "Última actualización"], "Última actualización"),
        (["登録日", "更新日"], "更新日"),
    ],
)
def test_the_day_on_which_somebody_joined_is_not_how_recent_a_record_is(
    retailer: None, columns: list[str], found: str, client_of: ClientOf, viewer: User
) -> None:
    days = {name: datetime.date(2024, 5, number) for number, name in enumerate(columns, 1)}
    put("till.receipts", "till_id", [{"till_id": "T1", "full_name": "Jon Smith"} | days])

    shown = client_of(viewer).get(PAGE).context["recency"]

    assert {table["table"]: table["usual"] for table in shown}["till.receipts"] == found


def test_an_attribute_that_is_not_there_is_not_found(unified: None, client_of: ClientOf, analyst: User) -> None:
    assert client_of(analyst).get(f"{PAGE}of/shoe_size/").status_code == 404
    services.save_unification(merge={"groups": []})
    assert client_of(analyst).get(f"{PAGE}together/address/").status_code == 404
