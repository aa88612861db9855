"""What is different in merging: checked, kept from breaking what uses it, and the same in file and API."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils.translation import override, trans_real

from core.errors import Conflict, InvalidInput, NotAllowed
from core.sections import ApplyContext
from profiles.config import services
from profiles.models import Unification
from profiles.workspace import UnificationSection, UnificationSpec
from segments import services as segments
from tests.profiles.running.test_stage import person_of
from tests.support.pseudo import LANGUAGE, Longer, longer

ClientOf = Callable[[User], Client]


def exclude(*names: str) -> dict[str, Any]:
    return {"attributes": [{"attribute": name, "exclude": True} for name in names]}


@pytest.mark.parametrize(
    ("merge", "place"),
    [
        ({"attributes": [{"attribute": "shoe_size"}]}, "attributes[shoe_size]"),
        ({"attributes": [{"attribute": "tier", "trust": ["shop.orders"]}]}, "attributes[tier]"),
        ({"attributes": [{"attribute": "tier", "columns": ["shop.customers.tier"]}]}, "attributes[tier]"),
        ({"attributes": [{"attribute": "emails", "columns": ["shop.customers.email"]}]}, "attributes[emails]"),
        ({"groups": [{"name": "x", "attributes": ["tier", "shoe_size"]}]}, "groups[x]"),
        ({"groups": [{"name": "x", "attributes": ["tier"]}], **exclude("tier")}, "groups[x]"),
        ({"recency": {"shop.customers": "city"}}, "recency[shop.customers]"),
        ({"recency": {"shop.orders": "ordered_at"}}, "recency[shop.orders]"),
    ],
)
def test_what_the_tables_do_not_have_is_refused(retailer: None, merge: dict[str, Any], place: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        services.save_unification(merge=merge)
    assert caught.value.place == f"unification.merge.{place}"
    assert Unification.current().merge == {}


def test_it_may_be_stated_before_the_first_load(db: None) -> None:
    services.save_unification(tables=["crm.people"], merge=exclude("shoe_size"))


def test_what_a_segment_speaks_of_is_not_excluded(unified: None) -> None:
    rule = {"all": [{"attribute": "Tier", "op": "eq", "value": "Gold"}]}
    segments.save(name="Golden people", rule=rule)
    with pytest.raises(Conflict, match="Segment “Golden people”"):
        services.save_unification(merge=exclude("tier"))
    services.save_unification(merge=exclude("points"))


def test_what_a_message_prints_is_not_excluded(unified: None) -> None:
    from messaging.models import EmailTemplate

    EmailTemplate.objects.create(name="Hello", subject="Dear {{ First name }}", body="<p>…</p>")
    with pytest.raises(Conflict, match="Message “Hello”"):
        services.save_unification(merge=exclude("first_name"))


def test_what_a_journey_branches_on_is_not_excluded(unified: None) -> None:
    from journeys.models import Journey

    rule = {"all": [{"attribute": "city", "op": "eq", "value": "Rome"}]}
    Journey.objects.create(name="Welcome", draft={"steps": [{"branches": [{"rule": rule}]}]})
    with pytest.raises(Conflict, match="Journey “Welcome”"):
        services.save_unification(merge=exclude("city"))


def test_the_workspace_file_says_it_and_says_it_again(retailer: None, admin: User) -> None:
    merge = {"attributes": [{"attribute": "tier", "policy": "recent"}], "groups": []}
    section, context = UnificationSection(), ApplyContext(folder=None, by=admin)  # type: ignore[arg-type]
    stated = UnificationSpec.model_validate({"merge": merge})
    assert [change.path for change in section.apply(stated, context)] == ["unification.merge"]
    assert section.apply(stated, context) == []
    exported = section.export()
    assert exported is not None
    assert exported["merge"] == merge


def test_the_api_changes_it(retailer: None, client_of: ClientOf, analyst: User, viewer: User) -> None:
    merge = {"attributes": [{"attribute": "tier", "policy": "longest"}]}
    path, kind = "/api/v1/unification/", "application/json"
    assert client_of(viewer).post(path, {"merge": merge}, kind).status_code == 403
    assert client_of(analyst).post(path, {"merge": merge}, kind).json()["merge"] == merge
    wrong = {"attributes": [{"attribute": "tier", "policy": "best"}]}
    answer = client_of(analyst).post(path, {"merge": wrong}, kind)
    assert (answer.status_code, answer.json()["error"]["place"]) == (400, "merge.attributes[tier].policy")


@pytest.mark.parametrize(
    ("merge", "text", "values"),
    [
        ({"attributes": [{"attribute": "tier"}] * 2}, "The attribute “%(name)s” has two policies.", {"name": "tier"}),
        ({"wrong": 1}, "“%(name)s” is not known here. Check the spelling.", {"name": "wrong"}),
    ],
)
def test_it_says_what_is_wrong_in_the_language_of_the_reader(
    retailer: None, merge: Any, text: str, values: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(trans_real._translations, LANGUAGE, Longer())
    with override(LANGUAGE), pytest.raises(InvalidInput) as caught:
        services.save_unification(merge=merge)
    assert caught.value.message == longer(text) % values


def test_a_viewer_changes_nothing(retailer: None, viewer: User) -> None:
    with pytest.raises(NotAllowed):
        services.save_unification(merge=exclude("tier"), by=viewer)


@pytest.mark.parametrize(
    ("group", "place"),
    [
        ({"name": "firm", "when": [{"semantic": "organization.name"}]}, "groups[firm]"),
        ({"name": "firm", "when": [{"column": "shoe_size"}]}, "groups[firm]"),
        ({"name": "x", "by": "home"}, "groups[x].by"),
    ],
)
def test_a_group_by_what_nobody_has_is_refused(retailer: None, group: dict[str, Any], place: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        services.save_unification(groups=[group])
    assert str(caught.value.place).endswith(place)


def test_households_that_a_segment_speaks_of_stay(unified: None) -> None:
    rule = {"all": [{"attribute": "household_size", "op": "gte", "value": 2}]}
    segments.save(name="Families", rule=rule)
    with pytest.raises(Conflict, match="Families"):
        services.save_unification(groups=[])
    services.save_unification(groups=[{"name": "household", "by": "address"}])


def test_the_workspace_file_says_the_groups(retailer: None, admin: User) -> None:
    section, context = UnificationSection(), ApplyContext(folder=None, by=admin)  # type: ignore[arg-type]
    for groups in ([{"name": "household", "by": "address", "largest": 8}], "usual", []):
        stated = UnificationSpec.model_validate({"groups": groups})
        assert [change.path for change in section.apply(stated, context)] == ["unification.groups"]
        assert section.apply(stated, context) == []
        exported = section.export()
        assert exported is not None
        assert exported["groups"] == groups


def test_a_customer_shows_the_household(unified: None, client_of: ClientOf, salesperson: User, stranger: User) -> None:
    john, mary = person_of("shop", "C1"), person_of("shop", "C2")
    page = client_of(salesperson).get(f"/customers/{john}/").content.decode()
    assert f"/customers/{mary}/" in page
    path = f"/api/v1/customers/{john}/groups/"
    (household,) = client_of(salesperson).get(path).json()
    assert (household["name"], household["size"], set(household["members"])) == ("household", 2, {john, mary})
    assert client_of(stranger).get(path).status_code == 403
