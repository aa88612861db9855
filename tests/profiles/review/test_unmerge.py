"""Taking a customer apart and joining two, from their pages; and what becomes of ids, fields and activities."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from core.errors import InvalidInput
from jobs.models import Job
from jobs.refresh import StageReport
from lake.queries import snapshot
from profiles.customers.timeline import timeline
from profiles.models import Decision, IdentityEvent, Profile, ProfileRedirect
from profiles.review import unmerge
from tests.profiles.running.test_stage import person_of, rows
from tests.support.examples import examples

Run = Callable[[], list[StageReport]]
ClientOf = Callable[[User], Client]
CUSTOMERS = ("C1", "C2", "C3", "C4")


def everything() -> dict[str, Any]:
    """All that is known of everybody: fields, links, activities."""
    people = {p.pk: (p.name, p.email, p.phone, p.attributes) for p in Profile.objects.all()}
    links = sorted((r["source"], r["table"], r["record_id"], r["profile_id"]) for r in rows("unified.links"))
    activities = {pk: [item.title for item in timeline(pk, types=["order"]).items] for pk in people}
    return {"people": people, "links": links, "activities": activities}


def settle() -> None:
    """No run is waiting any more: the tests run themselves."""
    Job.objects.all().delete()


@examples(1, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(CUSTOMERS), min_size=2, max_size=2, unique=True))
def test_joining_and_taking_apart_restores_ids_every_field_and_activities(
    unified: None, run: Run, pair: list[str]
) -> None:
    first = everything()
    one, other = (person_of("shop", record) for record in pair)
    theirs = unmerge.records_of(snapshot(), other)
    unmerge.join(one, other)
    settle()
    run()
    merged = person_of("shop", pair[0])
    assert merged == person_of("shop", pair[1])
    assert ProfileRedirect.objects.get(old_id=({one, other} - {merged}).pop()).target == merged
    act, _job = unmerge.take_apart(merged, theirs)
    settle()
    run()
    assert everything() == first
    assert not ProfileRedirect.objects.exists()
    unmerge.undo(act)
    settle()
    run()
    assert person_of("shop", pair[0]) == person_of("shop", pair[1]) == merged
    Decision.objects.all().delete()
    run()
    assert everything() == first


def test_a_chain_is_taken_apart_as_previewed(unified: None, run: Run, analyst: User) -> None:
    john = person_of("shop", "C1")
    others = [("till.receipts", "T1")]
    own, theirs = unmerge.preview(snapshot(), john, others)
    assert (own.profile_id, theirs.records, theirs.is_old) == (john, others, False)
    assert (own.attributes["tier"], theirs.attributes["first_name"]) == ("Gold", "Jon")
    _act, job = unmerge.take_apart(john, others, by=analyst)
    assert job is not None
    settle()
    run()
    assert person_of("till", "T1") == theirs.profile_id
    assert person_of("shop", "C1") == person_of("loyalty", "7") == john
    assert Profile.objects.get(pk=theirs.profile_id).name == "Jon Smith"
    assert IdentityEvent.objects.get().kind == "split"


@pytest.mark.parametrize("others", [[], [("shop.customers", "C2")], "all"])
def test_each_part_needs_a_record_of_this_customer(unified: None, others: Any) -> None:
    john = person_of("shop", "C1")
    with pytest.raises(InvalidInput):
        unmerge.take_apart(john, unmerge.records_of(snapshot(), john) if others == "all" else others)


def test_the_page_suggests_the_weakest_record_and_takes_apart(
    unified: None, run: Run, client_of: ClientOf, analyst: User
) -> None:
    john, client = person_of("shop", "C1"), client_of(analyst)
    page = client.get(f"/customers/{john}/unmerge/").content.decode()
    weakest = unmerge.weakest(snapshot(), john)
    assert weakest is not None
    chosen = re.findall(r'value="([\w.]+:\w+)"[^>]*checked', page)
    assert chosen == [":".join(weakest)]
    assert "keeps the id" in page
    assert client.get(f"/customers/{john}/unmerge/", {"chosen": "1"}).status_code == 200
    assert client.post(f"/customers/{john}/unmerge/", {"chosen": "1"}).status_code == 422
    data = {"chosen": "1", "record": "till.receipts:T1"}
    assert client.post(f"/customers/{john}/unmerge/", data).status_code == 303
    settle()
    run()
    jon = person_of("till", "T1")
    assert jon != john
    page = client.get(f"/customers/{john}/").content.decode()
    assert "Split: records became another customer" in page
    act = re.findall(r'name="act" value="(\w+)"', page)[0]
    assert client.post(f"/customers/{john}/undo/", {"act": act}).status_code == 303
    settle()
    run()
    assert client.get(f"/customers/{jon}/").headers["Location"] == f"/customers/{john}/"
    assert client.get(f"/api/v1/customers/{jon}/").headers["Location"] == f"/api/v1/customers/{john}/"
    assert "Merged: 1 record came here" in client.get(f"/customers/{john}/").content.decode()


def test_the_page_joins_with_another_customer(unified: None, run: Run, client_of: ClientOf, analyst: User) -> None:
    john, mary, client = person_of("shop", "C1"), person_of("shop", "C2"), client_of(analyst)
    path = f"/customers/{john}/same-person/"
    found = client.get(path, {"q": "smith"}).content.decode()
    assert f"other={mary}" in found
    assert f"other={john}" not in found
    assert "1982" in client.get(path, {"other": mary}).content.decode()
    assert client.post(path, {"other": john}).status_code == 422
    assert client.post(path, {"other": mary}).status_code == 303
    settle()
    run()
    assert person_of("shop", "C2") == john


def test_the_api_takes_apart_joins_and_undoes(unified: None, client_of: ClientOf, analyst: User) -> None:
    john, mary, client = person_of("shop", "C1"), person_of("shop", "C2"), client_of(analyst)
    data = {"customer": john, "records": [{"table": "till.receipts", "record_id": "T1"}]}
    done = client.post("/api/v1/decisions/unmerge/", data, content_type="application/json").json()
    assert Decision.objects.filter(act=done["act"], verdict="apart").count() == 2
    assert client.post("/api/v1/decisions/undo/", {"act": done["act"]}).status_code == 200
    assert not Decision.objects.exists()
    joined = client.post(
        "/api/v1/decisions/join/", {"one": john, "other": mary}, content_type="application/json"
    ).json()
    assert joined["job"] is None  # a run is waiting already
    assert client.post("/api/v1/decisions/join/", {"one": john, "other": john}).status_code == 400


@pytest.mark.parametrize("role", ["marketer", "salesperson", "viewer", "stranger"])
def test_others_do_not_touch_identities(
    unified: None, client_of: ClientOf, role: str, request: pytest.FixtureRequest
) -> None:
    john, client = person_of("shop", "C1"), client_of(request.getfixturevalue(role))
    for path in ("unmerge/", "same-person/"):
        assert client.get(f"/customers/{john}/{path}").status_code == 403
        assert client.post(f"/customers/{john}/{path}").status_code == 403
    assert client.post(f"/customers/{john}/undo/", {"act": "x"}).status_code == 403
    for verb in ("unmerge", "join", "undo"):
        assert client.post(f"/api/v1/decisions/{verb}/", {}).status_code == 403
    if role != "stranger":
        assert "Take apart" not in client.get(f"/customers/{john}/").content.decode()


def test_events_are_listed_by_api(unified: None, client_of: ClientOf, viewer: User, stranger: User) -> None:
    for other in ("b", "c"):
        IdentityEvent.objects.create(profile_id="a", kind="merge", other_id=other, records=1, at="2026-01-01T00:00Z")
    found = client_of(viewer).get("/api/v1/identity-events/", {"customer": "b"}).json()
    assert [event["profile_id"] for event in found["results"]] == ["a"]
    assert client_of(stranger).get("/api/v1/identity-events/").status_code == 403
