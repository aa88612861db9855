"""Rules that ask for too many pairs are refused beforehand; a shared value among others is not what refuses them."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client

from core.errors import InvalidInput
from jobs.refresh import refresh
from profiles.config import services
from profiles.models import Profile, Unification
from profiles.unify.config.rules import parse_rules
from profiles.unify.matching.match import match
from profiles.unify.pairs import cost
from profiles.unify.pairs.cost import TooManyPairs, too_costly
from profiles.unify.reading.records import Records, TableInput, read_records
from profiles.unify.run import unify
from profiles.unify.setup import Setup
from tests.profiles.conftest import put

ClientOf = Callable[[User], Client]
COUNT = 120_000
CITY = {"semantic": "address.city"}
NAME = {"semantic": "person.name", "compare": "name", "threshold": "medium"}


def town(cities: list[str], count: int = COUNT) -> TableInput:
    """`count` people, of whom each n-th lives in the n-th city, with names that few share."""
    numbers = np.arange(count)
    data = pa.table(
        {
            "id": pa.array(numbers.astype(str)),
            "city": pa.array(np.array(cities, dtype=object)[numbers % len(cities)], pa.string()),
            "given": pa.array([f"{chr(97 + n % 26)}{n // 26 % 300}x" for n in range(count)]),
            "family": pa.array([f"{chr(97 + n % 23)}{n % 911}y" for n in range(count)]),
        }
    )
    meanings = {"city": "address.city", "given": "person.first_name", "family": "person.last_name"}
    return TableInput("x", "people", ("id",), data, meanings)


@pytest.fixture(scope="module")
def crowded() -> Records:
    return read_records([town(["Berlin", "Paris", "Rome", "Lima"])], "US")


def refused(records: Records, *when: dict[str, Any], **more: Any) -> list[cost.Cost]:
    return list(too_costly(records, parse_rules([{"name": "City", "when": list(when)} | more])))


def test_a_city_alone_is_refused_with_the_number(crowded: Records) -> None:
    found = refused(crowded, CITY)[0]
    each = COUNT // 4
    assert found.pairs == 4 * (each * (each - 1) // 2) == 1_799_940_000
    assert (found.sharing, found.features) == (each, ("address.city",))


def test_what_names_divide_is_compared(crowded: Records) -> None:
    assert refused(crowded, CITY, NAME) == []


def test_a_rule_that_is_off_costs_nothing(crowded: Records) -> None:
    assert refused(crowded, CITY, active=False) == []


def test_one_large_city_among_others_is_passed_over_and_does_not_explode() -> None:
    others = [f"Village {n}" for n in range(COUNT)]
    table = town([*others[: COUNT * 6 // 10], *["Berlin"] * (COUNT * 4 // 10)])
    records = read_records([table], "US")
    rules = parse_rules([{"name": "City", "when": [CITY]}])
    assert list(too_costly(records, rules)) == []

    class NoEvidence:
        limits, scope = None, None

    result = match(records, rules, NoEvidence()).rules[0]  # type: ignore[arg-type]
    assert (result.compared, result.refused_groups) == (0, 1)


def test_a_run_is_refused_before_anything_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("profiles.unify.run.match", lambda *args: pytest.fail("it compared"))
    setup = Setup(country="US", rules=tuple(parse_rules([{"name": "City", "when": [CITY]}])))
    with pytest.raises(TooManyPairs):
        unify([town(["Berlin", "Paris"], 5_000)], setup, lambda records: pa.nulls(records.count))


@pytest.fixture
def many(retailer: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A shop all of whose customers live in one of two cities; tens are too many already."""
    monkeypatch.setattr(cost, "FEW", 20)
    monkeypatch.setattr(cost, "FEW_PER_RECORD", 1)
    monkeypatch.setattr(cost, "LARGEST_GROUP", 8)
    rows = [{"customer_id": f"C{n}", "email": f"{n}@example.com", "city": ("Rome", "Lima")[n % 2]} for n in range(40)]
    put("shop.customers", "customer_id", rows)
    services.save_unification(tables=["shop.customers"], rules=[{"name": "M", "when": [{"semantic": "contact.email"}]}])
    refresh(["unify"])


def test_it_is_refused_when_saved_with_number_and_way_out(many: None, client_of: ClientOf, analyst: User) -> None:
    with pytest.raises(InvalidInput, match="380 pairs: 20 records alone have the same City") as error:
        services.save_unification(rules=[{"name": "City", "when": [CITY]}])
    assert error.value.place == "unification.rules[City]"
    data = {"rules": [{"name": "City", "when": [CITY]}]}
    answer = client_of(analyst).post("/api/v1/unification/", data, content_type="application/json")
    assert (answer.status_code, answer.json()["error"]["place"]) == (400, "unification.rules[City]")
    assert [rule["name"] for rule in Unification.current().rules] == ["M"]


def test_what_was_not_known_when_saved_is_refused_by_the_run(many: None) -> None:
    people = Profile.objects.count()
    Unification.objects.update(rules=[{"name": "City", "when": [CITY]}])
    with pytest.raises(CommandError, match="380 pairs"):
        call_command("unify", "run")
    assert Profile.objects.count() == people


@pytest.mark.parametrize("threshold", [-0.1, 1.1, float("nan"), "very", 7])
def test_a_threshold_outside_0_to_1_is_refused_with_its_place(retailer: None, threshold: Any) -> None:
    condition = {"semantic": "contact.email", "compare": "levenshtein", "threshold": threshold}
    with pytest.raises(InvalidInput) as error:
        services.save_unification(rules=[{"name": "x", "when": [{"semantic": "contact.phone"}, condition]}])
    assert error.value.place.startswith("rules[x].when[1]")


def test_a_column_that_is_gone_fails_the_run_with_its_name(many: None) -> None:
    put("shop.customers", "customer_id", [{"customer_id": "C1", "city": "Rome"}])
    with pytest.raises(CommandError, match="contact.email"):
        call_command("unify", "run")
    assert Profile.objects.count() == 40


def test_a_table_taken_out_whose_column_a_rule_needs_is_refused(retailer: None) -> None:
    services.save_unification(rules=[{"name": "Card", "when": [{"semantic": "id.loyalty_card"}]}])
    with pytest.raises(InvalidInput, match="loyalty_card"):
        services.save_unification(tables=["shop.customers"])
