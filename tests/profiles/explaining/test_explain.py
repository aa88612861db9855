"""Why two are one person, and why they are not: page, API and command tell the same."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client

from core.errors import NotFound
from lake.queries import snapshot
from profiles.decisions import services as decisions
from profiles.decisions.services import Answer, Origin, Pair
from profiles.explaining.why import explanation
from profiles.models import Profile
from profiles.tables import LINKS
from profiles.unify.judging.explain import Link, chain, tree

ClientOf = Callable[[User], Client]
API = "/api/v1/decisions/explain/"
PAGE = "/customers/unify/explain/"


def owner(table: str, record_id: str) -> str:
    source, _dot, name = table.partition(".")
    found = snapshot().lookup(LINKS, {"source": source, "table": name, "record_id": record_id}).to_pylist()
    return str(found[0]["profile_id"])


def links(*pairs: tuple[int, int, float]) -> list[Link]:
    return [Link(left, right, "rule", score) for left, right, score in pairs]


def test_the_way_goes_round_a_weak_pair() -> None:
    found = chain(links((0, 1, 0.9), (1, 2, 0.8), (0, 2, 0.5), (5, 6, 1.0)), 0, 2, None)
    assert [(step.left, step.right) for step in found] == [(0, 1), (1, 2)]
    assert chain(links((0, 1, 0.9)), 0, 2, None) == []


def test_no_pair_too_many_holds_all_together() -> None:
    assert len(tree(links((0, 1, 0.9), (1, 2, 0.8), (0, 2, 0.5), (2, 3, 0.4)), None)) == 3


def test_one_person_is_a_chain_of_pairs(unified: None) -> None:
    found = explanation("shop.customers:C1", "till.receipts:T1")
    assert found.same
    assert {name for step in found.path for name in (found.names[step.left], found.names[step.right])} >= {
        ("shop.customers", "C1"),
        ("till.receipts", "T1"),
    }
    assert all(step.rule and step.probability is not None and step.reasons for step in found.path)
    whole = explanation(owner("shop.customers", "C1"))
    assert len(whole.path) == 2  # three records


def test_two_people_are_told_by_their_most_similar_records(unified: None) -> None:
    found = explanation("shop.customers:C1", "shop.customers:C2")
    assert not found.same
    (step,) = found.path
    assert any(reason.weight < 0 for reason in step.reasons), "another first name, another birth date"
    assert found.verdicts
    assert all(verdict.failing or verdict.vetoed_by for verdict in found.verdicts)


def test_a_decision_is_named(unified: None) -> None:
    pair = Pair.of(("shop.customers", "C1"), ("shop.customers", "C2"))
    decisions.record([Answer(pair, "apart")], origin=Origin.LIST)
    assert explanation("shop.customers:C1", "shop.customers:C2").kept_apart == "decision"


@pytest.mark.parametrize("name", ["nobody", "shop.customers:X", "no.table:1", "p' OR 1=1 --"])
def test_unknown_names_are_said(unified: None, name: str) -> None:
    with pytest.raises(NotFound):
        explanation("shop.customers:C1", name)


def test_a_customer_is_named_by_what_they_are_found_by(unified: None, client_of: ClientOf, analyst: User) -> None:
    answer = client_of(analyst).get(PAGE, {"one": "jürgen müller"})
    assert answer.status_code == 200
    assert "shop.customers:C3" in answer.content.decode()


def test_of_several_customers_one_is_chosen(unified: None, client_of: ClientOf, analyst: User) -> None:
    answer = client_of(analyst).get(PAGE, {"one": "smith", "other": "shop.customers:C3"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Several customers are found by “smith”" in page
    for record in ("C1", "C2"):
        assert f"?one={owner('shop.customers', record)}&amp;other=shop.customers%3AC3" in page


def test_nothing_was_unified_yet(db: None) -> None:
    with pytest.raises(NotFound, match="Run the unification"):
        explanation("a", "b")


def test_all_doors_tell_the_same(
    unified: None, client_of: ClientOf, analyst: User, salesperson: User, capsys: pytest.CaptureFixture[str]
) -> None:
    query = {"one": "shop.customers:C1", "other": "shop.customers:C2"}
    call_command("unify", "explain", *query.values(), "--json")
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert client_of(analyst).get(API, query).json() == told
    page = client_of(analyst).get(PAGE, query).content.decode()
    assert "Two people" in page
    assert told["rules"][0]["rule"] in page
    call_command("unify", "explain", *query.values())
    assert "two people" in capsys.readouterr().out
    for path in (API, PAGE):
        assert client_of(salesperson).get(path, query).status_code == 403
    assert client_of(analyst).get(API, {"one": "nobody"}).status_code == 404
    assert client_of(analyst).get(PAGE, {"one": "<script>"}).status_code == 422
    with pytest.raises(CommandError):
        call_command("unify", "explain", "nobody")


def test_the_customer_leads_to_it(unified: None, client_of: ClientOf, analyst: User) -> None:
    profile = Profile.objects.get(pk=owner("shop.customers", "C1"))
    page = client_of(analyst).get(profile.get_absolute_url()).content.decode()
    assert f"{PAGE}?one={profile.pk}" in page


def test_run_and_suggest_by_command(unified: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("unify", "suggest", "--json")
    assert json.loads(capsys.readouterr().out)["rules"]
    call_command("unify", "run", "--full", "--json")
    found = json.loads(capsys.readouterr().out)
    assert (found["records"], found["people"]) == (7, 4)
    assert [stage["state"] for stage in found["stages"]] == ["done", "done", "done"]


def test_before_tables_are_chosen_the_command_says_so(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("unify", "run")
    told = capsys.readouterr().out
    assert "No tables are chosen yet." in told
    assert "None" not in told
