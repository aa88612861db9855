"""A refresh after a small change: as a full one, for less."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from jobs.refresh import StageReport, refresh
from lake.queries import snapshot
from lake.services import stage
from profiles import services, state, unifying
from profiles.models import Identifier, Profile, ProfileRedirect, UnificationRun
from tests.profiles.conftest import CUSTOMERS, MEMBERS, put

pytestmark = pytest.mark.django_db(transaction=True)
Run = Callable[[], list[StageReport]]


def everything() -> list[Any]:
    now = snapshot()
    tables = [now.arrow(now.table(name)).sort_by("profile_id").to_pylist() for name in unifying.OUTPUT]
    links = sorted(tables[0], key=lambda row: (row["source"], row["table"], row["record_id"]))
    served = list(Profile.objects.order_by("pk").values("pk", "name", "email", "attributes", "identifiers", "digest"))
    return [links, *tables[1:], served, sorted(Identifier.objects.values_list("word", "profile_id"))]


def changed(rows: list[dict[str, Any]], **values: Any) -> list[dict[str, Any]]:
    """The rows with other values in the first one."""
    found = deepcopy(rows)
    found[0] |= values
    return found


def looked_at_changes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many records each run had to look at; full runs are not in it."""
    seen: list[int] = []
    real = state.changes

    def spy(*args: Any) -> state.Changes:
        found = real(*args)
        seen.append(found.rows)
        return found

    monkeypatch.setattr(state, "changes", spy)
    return seen


@pytest.mark.parametrize(
    "edit",
    [
        lambda: put("shop.customers", "customer_id", changed(CUSTOMERS, phone="+1 212 555 0199")),
        lambda: put("shop.customers", "customer_id", changed(CUSTOMERS, last_name="Brown", email="b@example.com")),
        lambda: put("shop.customers", "customer_id", CUSTOMERS[1:]),
        lambda: put("loyalty.members", "member_id", changed(MEMBERS, points=9000)),
        lambda: put("loyalty.members", "member_id", [*MEMBERS, MEMBERS[1] | {"member_id": 9, "points": 1}]),
    ],
    ids=["phone", "another person", "deleted", "nothing compared", "new"],
)
def test_after_a_change_the_result_is_that_of_a_full_run(
    unified: None, run: Run, edit: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = looked_at_changes(monkeypatch)
    edit()
    assert [report.state for report in refresh(["unify"])] == ["done"]
    assert seen == [1]
    small = everything()
    assert [report.state for report in refresh(["unify"], full=True)] == ["done"]
    assert seen == [1]
    assert small == everything()


def test_one_change_after_another(unified: None, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = looked_at_changes(monkeypatch)
    before = everything()
    for rows in (CUSTOMERS[1:], CUSTOMERS):
        put("shop.customers", "customer_id", rows)
        refresh(["unify"])
    assert seen == [1, 1]
    after = everything()
    assert [row["record_id"] for row in after[0]] == [row["record_id"] for row in before[0]]
    assert not ProfileRedirect.objects.exclude(target__in=Profile.objects.values("pk")).exists()


def test_other_rules_are_learned_from_everything(unified: None, monkeypatch: pytest.MonkeyPatch) -> None:

    seen = looked_at_changes(monkeypatch)
    services.save_unification(rules=[{"name": "E-mail", "when": [{"semantic": "contact.email"}]}])
    refresh(["unify"])
    assert seen == []
    assert UnificationRun.objects.exclude(state={}).count() == 1


def test_a_state_that_was_tampered_with_is_not_gone_on_from(unified: None, monkeypatch: pytest.MonkeyPatch) -> None:

    seen = looked_at_changes(monkeypatch)
    work = stage()
    work.drop(state.PAIRS)
    work.publish()
    put("shop.customers", "customer_id", CUSTOMERS[1:])
    assert [report.state for report in refresh(["unify"])] == ["done"]
    assert seen == []
