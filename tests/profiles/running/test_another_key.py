"""A table of which another column is the key now: the same records under other ids."""

from typing import Any

import pytest

from jobs.refresh import refresh
from lake.queries import snapshot
from profiles import tables
from profiles.config import services
from profiles.decisions import services as decisions
from profiles.decisions.services import Pair, Verdict
from profiles.models import Decision, Profile, ProfileRedirect
from profiles.trials import services as trials
from tests.profiles.conftest import CUSTOMERS, open_shop, put
from tests.support.worlds import Once, World

pytestmark = pytest.mark.django_db(transaction=True)
RULES = [{"name": "Mail", "when": [{"semantic": "contact.email"}, {"semantic": "person.first_name"}]}]
# Some numbers are ids of other rows.
NUMBERED = [row | {"number": number} for row, number in zip(CUSTOMERS, ("C2", "N2", "N3", "N4"), strict=True)]


def ids() -> dict[str, str]:
    now = snapshot()
    rows = now.arrow(now.table(tables.LINKS)).to_pylist()
    return {row["record_id"]: row["profile_id"] for row in rows if row["source"] == "shop"}


def unify_the_numbered() -> None:
    open_shop()
    put("shop.customers", "customer_id", NUMBERED)
    services.save_unification(rules=RULES)
    refresh(["unify"])


@pytest.fixture(scope="session")
def numbered_world(made_once: Once) -> World:
    return made_once(unify_the_numbered)


@pytest.fixture
def before(db: None, numbered_world: World) -> dict[str, str]:
    numbered_world.enter()
    return ids()


def with_other_key(rows: list[dict[str, Any]] = NUMBERED) -> None:
    put("shop.customers", "number", rows)
    assert [report.state for report in refresh(["unify"])] == ["done"]


def test_everybody_keeps_their_id(before: dict[str, str]) -> None:
    changed = [NUMBERED[0] | {"phone": None}, *NUMBERED[1:]]
    with_other_key(changed)
    assert ids() == {"C2": before["C1"], "N2": before["C2"], "N3": before["C3"], "N4": before["C4"]}
    assert not ProfileRedirect.objects.exists()


def test_who_left_with_the_old_key_gives_the_id_to_nobody(before: dict[str, str]) -> None:
    with_other_key([row for row in NUMBERED if row["customer_id"] != "C2"])
    assert not Profile.objects.filter(pk=before["C2"]).exists()
    assert ids()["C2"] == before["C1"]


def test_an_id_that_is_gone_is_given_back(before: dict[str, str]) -> None:
    decisions.decide([Pair.of(("shop.customers", "C1"), ("shop.customers", "C4"))], Verdict.JOIN)
    refresh(["unify"])
    assert len(set(ids().values())) == 3
    with_other_key()
    assert len(set(ids().values())) == 3, "what people decided is obeyed"
    row = Decision.objects.get()
    assert {row.left_id, row.right_id} == {"C2", "N4"}
    decisions.withdraw([row.pk])
    refresh(["unify"])
    assert (ids()["C2"], ids()["N4"]) == (before["C1"], before["C4"])


def test_decisions_for_the_new_key_are_obeyed_at_once(before: dict[str, str]) -> None:
    decisions.decide([Pair.of(("shop.customers", "N3"), ("shop.customers", "N4"))], Verdict.JOIN)
    with_other_key()
    assert ids()["N3"] == ids()["N4"]


def test_a_trial_compares_the_same_records(before: dict[str, str]) -> None:
    put("shop.customers", "number", NUMBERED)
    kinds = trials.start(here=True).report["kinds"]
    assert {kind for kind, told in kinds.items() if told["cases"]} == {"same"}
    assert kinds["same"]["cases"] == Profile.objects.count()


def test_a_column_with_another_name_is_the_same_key(before: dict[str, str]) -> None:
    put("shop.customers", "id", [{"id" if k == "customer_id" else k: v for k, v in row.items()} for row in NUMBERED])
    refresh(["unify"])
    assert ids() == before


def test_changes_after_it_are_looked_at_alone(before: dict[str, str]) -> None:
    with_other_key()
    put("shop.customers", "number", [NUMBERED[0] | {"gender": None}, *NUMBERED[1:]])
    report = refresh(["unify"])[0]
    assert (report.state, report.note) == ("done", "1 changed records were looked at.")
