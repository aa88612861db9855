"""Data › Unify › Merge: attributes that people combine by hand, in the page, in the file and by the API."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from core.sections import ApplyContext
from jobs.refresh import StageReport
from lake.queries import snapshot
from profiles.config import services
from profiles.models import Unification
from profiles.tables import PROFILES
from profiles.workspace import UnificationSection, UnificationSpec
from segments import services as segments
from tests.profiles.running.test_stage import person_of

ClientOf = Callable[[User], Client]
PAGE = "/customers/unify/merge/"
NEW = f"{PAGE}of/"
STANDING = f"{PAGE}of/standing/"
COLUMNS = ["loyalty.members.tier", "till.receipts.till_id"]


def form(**more: Any) -> dict[str, Any]:
    return {"label": "Standing", "policy": "recent", "together": "", "column": COLUMNS} | more


def stored() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = Unification.current().merge.get("attributes", [])
    return found


@pytest.fixture
def made(retailer: None, client_of: ClientOf, analyst: User) -> Client:
    client = client_of(analyst)
    assert client.post(NEW, form()).status_code == 303
    return client


def test_columns_of_several_tables_become_one_attribute(made: Client, run: Callable[[], list[StageReport]]) -> None:
    assert stored() == [{"attribute": "standing", "label": "Standing", "policy": "recent", "columns": COLUMNS}]
    page = made.get(PAGE).content.decode()
    assert "Standing" in page
    assert "Combined by hand" in page
    run()
    john = person_of("till", "T1")
    rows = snapshot().lookup(PROFILES, {"profile_id": john}, ["standing"]).to_pylist()
    assert rows[0]["standing"] in ("Gold", "T1")
    assert "tier" not in {column.name for column in snapshot().info(PROFILES).columns}


def test_it_keeps_a_list_and_an_own_order_of_trust(retailer: None, client_of: ClientOf, analyst: User) -> None:
    trust = {"trust-till.receipts": "1", "trust-loyalty.members": "2"}
    client_of(analyst).post(NEW, form(policy="trust", collect="on", **trust))
    (one,) = stored()
    assert (one["trust"], one["collect"]) == (["till.receipts", "loyalty.members"], True)


def test_it_travels_with_others(made: Client) -> None:
    made.post(STANDING, form(together="address"))
    (address,) = Unification.current().merge["groups"]
    assert address["attributes"][-1] == "standing"
    page = made.get(STANDING).content.decode()
    assert '<option value="address" selected>' in page
    made.post(STANDING, form(together=""))
    assert "standing" not in Unification.current().merge["groups"][0]["attributes"]


def test_it_is_changed_and_removed_and_each_is_taken_back(made: Client) -> None:
    before = stored()
    made.post(STANDING, form(label="Rank", policy="longest"))
    assert (stored()[0]["label"], stored()[0]["policy"]) == ("Rank", "longest")
    made.post(f"{PAGE}undo/")
    assert stored() == before
    made.post(STANDING, {"remove": "1"})
    assert stored() == []
    assert "Undo the last change" in made.get(PAGE).content.decode()
    made.post(f"{PAGE}undo/")
    assert stored() == before
    assert "Undo the last change" not in made.get(PAGE).content.decode()


def test_undo_leaves_what_somebody_else_changed_since(made: Client) -> None:
    services.save_unification(merge={"groups": []})
    answer = made.post(f"{PAGE}undo/", follow=True)
    assert "Nothing was taken back." in answer.content.decode()
    assert Unification.current().merge == {"groups": []}


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"label": " "}, "Give the attribute a name."),
        ({"label": "Tier"}, "There is an attribute “Tier” already."),
        ({"label": "Emails"}, "There is a column “emails” already."),
        ({"label": "Household size"}, "There is a column “household_size” already."),
        ({"column": []}, "Choose at least one column."),
        ({"column": ["shop.customers.shoe_size"]}, "There is no column “shop.customers.shoe_size”."),
        ({"trust-till.receipts": "1", "trust-loyalty.members": "1"}, "Two tables have place 1."),
    ],
)
def test_a_mistake_is_named_and_what_was_typed_stays(
    retailer: None, client_of: ClientOf, analyst: User, wrong: dict[str, Any], words: str
) -> None:
    answer = client_of(analyst).post(NEW, form(policy="longest") | wrong)
    page = answer.content.decode()
    assert (answer.status_code, stored()) == (422, [])
    assert words in page
    assert '<option value="longest" selected>' in page
    assert ('id="column-loyalty.members.tier" checked' in page) == ("column" not in wrong)


def test_a_column_belongs_to_one_attribute(made: Client) -> None:
    answer = made.post(NEW, form(label="Rank", column=COLUMNS[:1]))
    assert answer.status_code == 422
    assert "“loyalty.members.tier” belongs to “Standing”." in answer.content.decode()


def test_what_a_segment_speaks_of_is_not_taken_away(unified: None, client_of: ClientOf, analyst: User) -> None:
    segments.save(name="Golden people", rule={"all": [{"attribute": "Tier", "op": "eq", "value": "Gold"}]})
    answer = client_of(analyst).post(NEW, form())
    assert answer.status_code == 422
    assert "Golden people" in answer.content.decode()


def test_it_is_tried_before_it_is_saved(unified: None, client_of: ClientOf, analyst: User) -> None:
    answer = client_of(analyst).post(NEW, form(**{"try": "1"}))
    page = answer.content.decode()
    assert "people with several records would show another value." in page
    assert 'value="Standing"' in page
    assert stored() == []


def test_those_who_may_not_see_no_form(retailer: None, client_of: ClientOf, viewer: User, stranger: User) -> None:
    for user in (viewer, stranger):
        assert client_of(user).get(NEW).status_code == 403
        assert client_of(user).post(NEW, form()).status_code == 403
        assert client_of(user).post(f"{PAGE}undo/").status_code == 403
    assert stored() == []
    assert "New attribute" not in client_of(viewer).get(PAGE).content.decode()


def test_the_file_says_what_the_page_made(made: Client, admin: User) -> None:
    section, context = UnificationSection(), ApplyContext(folder=None, by=admin)  # type: ignore[arg-type]
    exported = section.export()
    assert exported is not None
    services.save_unification(merge={})
    again = UnificationSpec.model_validate({"merge": exported["merge"]})
    assert [change.path for change in section.apply(again, context)] == ["unification.merge"]
    assert section.apply(again, context) == []
    assert stored() == exported["merge"]["attributes"]


def test_the_page_keeps_what_the_file_says_of_tables_that_are_not_there_yet(
    db: None, client_of: ClientOf, analyst: User
) -> None:
    from tests.profiles.conftest import MEMBERS, put

    put("loyalty.members", "member_id", MEMBERS)
    columns = ["loyalty.members.tier", "crm.people.rank"]
    merge = {"attributes": [{"attribute": "standing", "columns": columns}]}
    services.save_unification(tables=["loyalty.members", "crm.people"], merge=merge)
    page = client_of(analyst).get(STANDING).content.decode()
    assert 'id="column-crm.people.rank" checked' in page


def test_the_api_makes_one(retailer: None, client_of: ClientOf, analyst: User) -> None:
    merge = {"attributes": [{"attribute": "standing", "columns": COLUMNS, "collect": True}]}
    answer = client_of(analyst).post("/api/v1/unification/", {"merge": merge}, "application/json")
    assert answer.json()["merge"] == merge
    page = client_of(analyst).get(STANDING).content.decode()
    assert 'id="column-loyalty.members.tier" checked' in page
    assert 'id="column-shop.customers.city" checked' not in page
