"""Tables whose unmatched records make no customers: they add to people whom others know, and are counted."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from core.errors import InvalidInput
from core.sections import ApplyContext
from jobs.models import Job
from jobs.refresh import refresh
from lake.queries import snapshot
from profiles.config import services
from profiles.inputs.unmatched import unmatched_records
from profiles.models import IdentityEvent, Profile, ProfileRedirect, Unification, UnificationRun
from profiles.workspace import UnificationSection, UnificationSpec
from tests.profiles.conftest import CUSTOMERS, MEMBERS, open_shop, put
from tests.profiles.running.test_changes import RULES, everything, full_runs
from tests.profiles.running.test_stage import person_of
from tests.support.worlds import Once, World

ClientOf = Callable[[User], Client]
LEAD = {"lead_id": "A1", "full_name": "John Smith", "email": "John.Smith@example.com", "phone": None}
STRANGER = {"lead_id": "A2", "full_name": "Ann Lee", "email": "ann@example.com", "phone": "+1 212 555 0144"}
AGAIN = {"lead_id": "A3", "full_name": "Ann Lee", "email": "ann@example.com", "phone": None}
ANN = MEMBERS[1] | {"member_id": 9, "full_name": "Ann Lee", "email": "ann@example.com", "card": None, "phone": None}
MARY = CUSTOMERS[1] | {"first_name": "Ann", "last_name": "Lee", "email": "m@example.com", "phone": None}
LEADS_MAIL = "ann@example.com"
TABLES: list[Any] = ["shop.customers", "loyalty.members", {"table": "web.leads", "unmatched": False}]


def open_with_leads() -> None:
    open_shop()
    put("web.leads", "lead_id", [LEAD, STRANGER, AGAIN])
    services.save_unification(tables=TABLES, rules=RULES)
    assert [report.state for report in refresh(["unify", "link"])] == ["done", "done"]


@pytest.fixture(scope="session")
def leads_world(made_once: Once) -> World:
    return made_once(open_with_leads)


@pytest.fixture
def with_leads(db: None, leads_world: World) -> None:
    leads_world.enter()


def ids_of_all() -> dict[str, str]:
    now = snapshot()
    rows = now.arrow(now.table("unified.compared").select("record_id", "profile_id")).to_pylist()
    return {row["record_id"]: row["profile_id"] for row in rows}


def unmatched() -> dict[str, str]:
    now = snapshot()
    rows = unmatched_records(now)
    assert rows is not None
    return {row["record_id"]: row["profile_id"] for row in now.arrow(rows).to_pylist()}


def test_who_is_known_only_there_is_no_customer(with_leads: None) -> None:
    assert set(unmatched()) == {"A2", "A3"}
    assert len(set(unmatched().values())) == 1, "two records of one person"
    assert not Profile.objects.filter(pk__in=unmatched().values()).exists()
    now = snapshot()
    for name in ("unified.profiles", "unified.links", "unified.provenance", "linked.web.leads"):
        ids = now.arrow(now.table(name)).column("profile_id").to_pylist()
        assert not set(ids) & set(unmatched().values()), name
    assert person_of("web", "A1") == person_of("shop", "C1")


def test_they_are_counted(with_leads: None) -> None:
    report = UnificationRun.latest_report()
    assert report["unmatched"] == {"people": 1, "records": 2}
    assert [table["unmatched"] for table in report["tables"]] == [0, 0, 2]
    assert report["people"] == Profile.objects.count()


def test_an_id_stays_when_a_record_matches_later(with_leads: None) -> None:
    ann = unmatched()["A2"]
    put("loyalty.members", "member_id", [*MEMBERS, ANN])
    refresh(["unify"])
    assert ids_of_all() | {"A2": ann, "A3": ann, "9": ann} == ids_of_all()
    assert Profile.objects.filter(pk=ann).exists()


def test_the_id_of_a_customer_is_never_lost_to_one_that_nobody_saw(with_leads: None) -> None:
    mary = person_of("shop", "C2")
    put("web.leads", "lead_id", [LEAD, *[row | {"email": "m@example.com"} for row in (STRANGER, AGAIN)]])
    refresh(["unify"])
    put("shop.customers", "customer_id", [MARY])
    refresh(["unify"])
    assert ids_of_all()["C2"] == ids_of_all()["A2"] == mary
    assert not ProfileRedirect.objects.filter(old_id=mary).exists()
    assert not IdentityEvent.objects.filter(profile_id=mary).exists()


@pytest.mark.parametrize(
    "edit",
    [
        lambda: put("web.leads", "lead_id", [LEAD, STRANGER | {"email": "jm@example.de", "full_name": "J Müller"}]),
        lambda: put("web.leads", "lead_id", [LEAD | {"email": "else@example.com"}, STRANGER, AGAIN]),
        lambda: put("loyalty.members", "member_id", [*MEMBERS, ANN]),
        lambda: put("shop.customers", "customer_id", [*CUSTOMERS[2:], CUSTOMERS[0], MARY | {"email": LEADS_MAIL}]),
    ],
    ids=["matches now", "matches no longer", "customer added", "customer changed"],
)  # fmt: skip
def test_after_a_change_it_is_as_after_a_full_run(
    with_leads: None, edit: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = full_runs(monkeypatch)
    monkeypatch.setattr("profiles.running.stage.MUCH", 10.0)
    edit()
    assert [report.state for report in refresh(["unify"])] == ["done"]
    assert not seen
    small = [everything(), ids_of_all()]
    refresh(["unify"], full=True)
    assert small == [everything(), ids_of_all()]


def test_taking_apart_says_who_will_be_no_customer(with_leads: None, client_of: ClientOf, analyst: User) -> None:
    john, client = person_of("shop", "C1"), client_of(analyst)
    told = "no customer: their tables only add"
    lead, member = "web.leads:A1", "loyalty.members:7"
    pages = [
        client.get(f"/customers/{john}/unmerge/", {"chosen": "1", "record": chosen}).content.decode()
        for chosen in ([lead], [member], [lead, member], ["shop.customers:C1", member])
    ]
    assert [page.count(told) for page in pages] == [1, 0, 0, 1]
    assert client.post(f"/customers/{john}/unmerge/", {"chosen": "1", "record": lead}).status_code == 303
    Job.objects.all().delete()
    people = Profile.objects.count()
    refresh(["unify"])
    assert (Profile.objects.count(), set(unmatched())) == (people, {"A1", "A2", "A3"})


def test_the_id_stays_with_the_part_that_remains_a_customer(
    with_leads: None, client_of: ClientOf, analyst: User
) -> None:
    put("shop.customers", "customer_id", [*CUSTOMERS, MARY | {"customer_id": "C9", "email": LEADS_MAIL}])
    refresh(["unify"])
    ann, client = person_of("shop", "C9"), client_of(analyst)
    assert ids_of_all() | {"A2": ann, "A3": ann} == ids_of_all()
    chosen = {"chosen": "1", "record": ["web.leads:A2", "web.leads:A3"]}
    page = client.get(f"/customers/{ann}/unmerge/", chosen).content.decode()
    assert page.index("keeps the id") < page.index("no customer: their tables only add")
    assert client.post(f"/customers/{ann}/unmerge/", chosen).status_code == 303
    Job.objects.all().delete()
    for full in (False, True):
        refresh(["unify"], full=full)
        assert person_of("shop", "C9") == ann
        assert unmatched()["A2"] == unmatched()["A3"] != ann
    assert not IdentityEvent.objects.filter(kind__in=["split", "unmerge"]).exists()


def test_an_id_that_ends_leads_to_the_part_that_is_a_customer(with_leads: None) -> None:
    """Mary’s only record that makes her a customer goes to Ann; two that only add are left."""
    put("shop.customers", "customer_id", [*CUSTOMERS, MARY | {"customer_id": "C9", "email": LEADS_MAIL}])
    others = [ANN | {"member_id": number, "email": "other@example.com"} for number in (9, 10)]
    put("loyalty.members", "member_id", [*MEMBERS, *others])
    refresh(["unify"])
    gone, kept = person_of("shop", "C9"), person_of("loyalty", "9")
    put("shop.customers", "customer_id", [*CUSTOMERS, MARY | {"customer_id": "C9", "email": "other@example.com"}])
    refresh(["unify"])
    assert person_of("shop", "C9") == person_of("loyalty", "9") == kept
    assert ProfileRedirect.objects.get(old_id=gone).target == kept
    assert gone not in ids_of_all().values()


def test_they_become_customers_when_that_is_wanted(with_leads: None) -> None:
    ann = unmatched()["A2"]
    services.save_unification(tables=["shop.customers", "loyalty.members", "web.leads"])
    refresh(["unify"])
    assert Profile.objects.get(pk=ann).name == "Ann Lee"
    assert unmatched() == {}


def test_the_workspace_file_says_it_and_says_it_again(with_leads: None, tmp_path: Path) -> None:
    section = UnificationSection()
    exported = section.export()
    assert exported is not None
    assert exported["tables"] == TABLES
    spec = UnificationSpec.model_validate(exported)
    assert section.apply(spec, ApplyContext(tmp_path)) == []
    everyone = ["shop.customers", "loyalty.members", {"table": "web.leads", "unmatched": True}]
    changes = section.apply(UnificationSpec.model_validate({"tables": everyone}), ApplyContext(tmp_path))
    assert [change.path for change in changes] == ["unification.tables"]
    assert Unification.current().only_matched == []


@pytest.mark.parametrize(
    ("tables", "place"),
    [
        ([{"table": "web.leads", "unmatched": False}], "unification.tables"),
        (["shop.customers", {"table": "shop.customers", "unmatched": False}], "unification.tables[shop.customers]"),
        (["shop.customers", {"table": "web.leads", "unmatched": "no"}], "unification.tables[1]"),
        (["shop.customers", {"name": "web.leads"}], "unification.tables[1]"),
        (["shop.customers", 7], "unification.tables[1]"),
        (["customers"], "customers"),
    ],
)
def test_what_contradicts_itself_is_refused_with_its_place(retailer: None, tables: list[Any], place: str) -> None:
    with pytest.raises(InvalidInput) as error:
        services.save_unification(tables=tables)
    assert error.value.place == place


def test_the_api_takes_and_gives_it(with_leads: None, client_of: ClientOf, analyst: User) -> None:
    client = client_of(analyst)
    assert client.get("/api/v1/unification/").json()["tables"] == TABLES
    bad = client.post("/api/v1/unification/", {"tables": ["a.b", "a.b"]}, content_type="application/json")
    assert (bad.status_code, bad.json()["error"]["place"]) == (400, "unification.tables[a.b]")


def test_who_was_a_customer_once_is_found_by_that_id_when_tied_to_another(with_leads: None) -> None:
    """In between, the table that tells of them made no customers."""
    services.save_unification(tables=["shop.customers", "loyalty.members", "web.leads"])
    refresh(["unify"])
    stranger = ids_of_all()["A2"]
    assert Profile.objects.filter(pk=stranger).exists()
    services.save_unification(tables=TABLES)
    refresh(["unify"])
    assert not Profile.objects.filter(pk=stranger).exists()
    put("shop.customers", "customer_id", [CUSTOMERS[0], MARY | {"email": LEADS_MAIL}])
    refresh(["unify"])
    assert ProfileRedirect.objects.get(old_id=stranger).target == person_of("shop", "C2")
