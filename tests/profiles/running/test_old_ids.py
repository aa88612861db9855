"""Old ids lead to whoever has their records today, however often these went on."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from jobs.refresh import refresh
from profiles.config import services
from profiles.models import Profile, ProfileRedirect, Unification
from tests.profiles.conftest import put
from tests.profiles.running.test_stage import person_of
from tests.support.worlds import Once, World

ClientOf = Callable[[User], Client]
RULES = [{"name": "Mail", "when": [{"semantic": "contact.email"}]}]
ONE = {"1": "one", "12": "one", "13": "one", "14": "one"}
TWO = {"2": "two", "21": "two"}
EVERYBODY: list[Any] = ["shop.people", "web.leads"]
ONLY_MATCHED: list[Any] = ["shop.people", {"table": "web.leads", "unmatched": False}]


@pytest.fixture(params=[False, True], ids=["changes", "full"])
def full(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    monkeypatch.setattr("profiles.running.stage.MUCH", 10.0)
    return bool(request.param)


def run(shop: dict[str, str], leads: dict[str, str], full: bool = False, tables: list[Any] | None = None) -> None:
    """Each record has an e-mail address of its own name."""
    for table, rows in (("shop.people", shop), ("web.leads", leads)):
        put(table, "id", [{"id": key, "email": f"{mail}@example.com"} for key, mail in rows.items()])
    if tables or not Unification.current().tables:
        services.save_unification(tables=tables or EVERYBODY, rules=RULES)
    assert [report.state for report in refresh(["unify"], full=full)] == ["done"]


def begin() -> None:
    run(ONE | TWO | {"S": "old", "T": "old"}, {"L": "old"})


@pytest.fixture(scope="session")
def world_at_first(made_once: Once) -> World:
    return made_once(begin)


@pytest.fixture
def parted(db: None, full: bool, world_at_first: World) -> tuple[str, str]:
    """The id of who is gone: two records went to One, whom it leads to, the other one to Two. And the id of One."""
    world_at_first.enter()
    old = person_of("shop", "S")
    run(ONE | TWO | {"S": "one", "T": "one"}, {"L": "two"}, full)
    assert ProfileRedirect.objects.get(pk=old).target == person_of("shop", "1")
    return old, person_of("shop", "1")


def led_to(old: str) -> str:
    return ProfileRedirect.objects.get(pk=old).target


def test_it_leads_on_where_those_are_gone_whom_it_led_to(parted: tuple[str, str], full: bool) -> None:
    old, _one = parted
    run(TWO, {"L": "two"}, full)
    assert led_to(old) == person_of("shop", "2")
    run({"2": "three"}, {"L": "three", "M": "three"}, full)
    assert led_to(old) == person_of("shop", "2")


def test_it_leads_on_where_they_lost_the_records_that_made_it_lead_there(parted: tuple[str, str], full: bool) -> None:
    old, one = parted
    run(ONE | TWO, {"L": "two"}, full)
    assert Profile.objects.filter(pk=one).exists()
    assert led_to(old) == person_of("shop", "2")


def test_it_leads_on_where_they_are_no_customer_any_more(db: None, full: bool) -> None:
    """Their leads are left, which make no customer."""
    run(ONE | TWO, {"L": "old", "M": "old", "N": "old", "A": "one"}, tables=EVERYBODY)
    old = person_of("web", "L")
    run(ONE | TWO, {"L": "one", "M": "one", "N": "two", "A": "one"}, tables=ONLY_MATCHED)
    one = person_of("shop", "1")
    assert led_to(old) == one
    run(TWO, {"L": "one", "M": "one", "N": "two", "A": "one"}, full)
    assert not Profile.objects.filter(pk=one).exists()
    assert led_to(old) == person_of("shop", "2")


def test_pages_and_api_say_that_a_customer_is_gone(
    parted: tuple[str, str], full: bool, client_of: ClientOf, viewer: User
) -> None:
    old, one = parted
    run({"3": "three"}, {"N": "three"}, full)
    client = client_of(viewer)
    for gone in (old, one):
        page = client.get(f"/customers/{gone}/")
        assert (page.status_code, f"Customer {gone} is gone" in page.content.decode()) == (410, True)
        assert '<a class="btn btn-primary" href="/customers/">See all customers</a>' in page.content.decode()
        for address in ("", "timeline/", "groups/"):
            answer = client.get(f"/api/v1/customers/{gone}/{address}")
            assert (answer.status_code, answer.json()["error"]["code"]) == (410, "gone")
    assert client.get("/customers/p" + "a" * 15 + "/").status_code == 404
    run({"3": "three", "1": "one"}, {"N": "three", "L": "three"}, full)
    assert client.get(f"/customers/{one}/").status_code == 200


def test_who_is_only_in_tables_that_add_to_customers_is_told_to_be_none(
    db: None, client_of: ClientOf, viewer: User
) -> None:
    run({"1": "one"}, {"L": "one"}, tables=ONLY_MATCHED)
    one = person_of("shop", "1")
    run({"2": "two"}, {"L": "one"})
    page = client_of(viewer).get(f"/customers/{one}/")
    assert (page.status_code, "is no customer any more" in page.content.decode()) == (410, True)


def test_an_id_that_lives_again_leads_nowhere_also_where_it_is_of_no_customer(db: None, full: bool) -> None:
    run(ONE, {"L": "old"}, tables=EVERYBODY)
    old = person_of("web", "L")
    run(ONE, {"L": "one"}, tables=ONLY_MATCHED)
    assert led_to(old) == person_of("shop", "1")
    run(ONE, {"L": "old"}, full)
    assert not ProfileRedirect.objects.filter(pk=old).exists()
