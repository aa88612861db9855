"""A refresh after a small change: as a full one, for less."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from jobs.refresh import refresh
from lake import services as lake_services
from lake.queries import snapshot
from lake.services import stage
from profiles import tables
from profiles.config import services
from profiles.inputs import kept, state
from profiles.models import Identifier, Profile, ProfileRedirect, UnificationRun
from profiles.running import stage as unifying
from profiles.unify.run import Unified
from tests.profiles.conftest import CUSTOMERS, MEMBERS, open_shop, put
from tests.support.engines import answered_by
from tests.support.worlds import Once, World

pytestmark = pytest.mark.django_db(transaction=True)


# Nothing of these is learned from the data, which a full run would do anew.
RULES = [
    {"name": "Card", "when": [{"semantic": "id.loyalty_card"}]},
    {
        "name": "Mail",
        "when": [{"semantic": "contact.email"}, {"semantic": "person.first_name", "compare": "given_name"}],
    },
    {"name": "Phone", "when": [{"semantic": "contact.phone"}, {"semantic": "person.name", "compare": "name"}]},
]


def unify_by_rules() -> None:
    open_shop()
    services.save_unification(rules=RULES)
    assert [report.state for report in refresh(["unify"])] == ["done"]


@pytest.fixture(scope="session")
def world_by_rules(made_once: Once) -> World:
    return made_once(unify_by_rules)


@pytest.fixture
def by_rules(db: None, world_by_rules: World) -> None:
    world_by_rules.enter()


def everything() -> list[Any]:
    now = snapshot()
    found = [
        sorted(now.arrow(now.table(name)).to_pylist(), key=str)
        for name in (*tables.WRITTEN, state.COMPARED, state.PAIRS)
    ]
    served = list(Profile.objects.order_by("pk").values("pk", "name", "email", "attributes", "identifiers", "digest"))
    return [*found, served, sorted(Identifier.objects.values_list("word", "profile_id"))]


def changed(rows: list[dict[str, Any]], **values: Any) -> list[dict[str, Any]]:
    """The rows with other values in the first one."""
    found = deepcopy(rows)
    found[0] |= values
    return found


def full_runs(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Grows with every run that looks at everything."""
    seen: list[bool] = []
    real = unifying.unify

    def spy(*args: Any, **named: Any) -> Unified:
        seen.append(True)
        return real(*args, **named)

    monkeypatch.setattr(unifying, "unify", spy)
    return seen


@pytest.mark.parametrize(
    "edit",
    [
        lambda: put("shop.customers", "customer_id", changed(CUSTOMERS, phone="+1 212 555 0199")),
        lambda: put("shop.customers", "customer_id", changed(CUSTOMERS, last_name="Brown", email="b@example.com")),
        lambda: put("shop.customers", "customer_id", CUSTOMERS[1:]),
        lambda: put("loyalty.members", "member_id", changed(MEMBERS, points=9000)),
        # Its country is told: what normalisers read from a whole column is of the changed rows alone.
        lambda: put(
            "loyalty.members", "member_id", [*MEMBERS, MEMBERS[1] | {"member_id": 9, "phone": "+49 30 1234567"}]
        ),
    ],
    ids=["phone", "another person", "deleted", "nothing compared", "new"],
)
def test_after_a_change_the_result_is_that_of_a_full_run(
    by_rules: None, edit: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = full_runs(monkeypatch)
    monkeypatch.setattr(lake_services, "PATCHED_SHARE", 10.0**6)  # so small a table would soon be written whole
    edit()
    assert [report.state for report in refresh(["unify"])] == ["done"]
    assert not seen
    assert state.people() is not None, "the next run need not look at everybody's household"
    assert snapshot().gone(tables.LINKS) or snapshot().info(tables.LINKS).rows > len(CUSTOMERS + MEMBERS) + 1
    small = everything()
    assert [report.state for report in refresh(["unify"], full=True)] == ["done"]
    assert len(seen) == 1
    assert small == everything()


def test_one_change_after_another(by_rules: None, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = full_runs(monkeypatch)
    monkeypatch.setattr(unifying, "MUCH", 0.3)
    before = everything()
    for rows in (CUSTOMERS[1:], CUSTOMERS):
        put("shop.customers", "customer_id", rows)
        refresh(["unify"])
    assert not seen
    after = everything()
    assert [row["record_id"] for row in after[0]] == [row["record_id"] for row in before[0]]
    put("shop.customers", "customer_id", CUSTOMERS[1:])
    refresh(["unify"])
    assert seen, "so much has changed in all that it is time to learn again"
    assert not ProfileRedirect.objects.exclude(target__in=Profile.objects.values("pk")).exists()


def test_other_rules_are_learned_from_everything(by_rules: None, monkeypatch: pytest.MonkeyPatch) -> None:

    seen = full_runs(monkeypatch)
    services.save_unification(rules=[{"name": "E-mail", "when": [{"semantic": "contact.email"}]}])
    refresh(["unify"])
    assert len(seen) == 1
    assert UnificationRun.objects.exclude(state={}).count() == 1


def test_a_state_that_was_tampered_with_is_not_gone_on_from(by_rules: None, monkeypatch: pytest.MonkeyPatch) -> None:

    seen = full_runs(monkeypatch)
    work = stage()
    work.drop(state.PAIRS)
    work.publish()
    put("shop.customers", "customer_id", CUSTOMERS[1:])
    assert [report.state for report in refresh(["unify"])] == ["done"]
    assert len(seen) == 1


def test_where_nothing_is_kept_beside_the_tables_everything_is_looked_at(
    by_rules: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = full_runs(monkeypatch)
    kept.forget_all_but("")
    put("shop.customers", "customer_id", CUSTOMERS[1:])
    assert [report.state for report in refresh(["unify"])] == ["done"]
    assert len(seen) == 1
    put("shop.customers", "customer_id", CUSTOMERS)
    refresh(["unify"])
    assert len(seen) == 1, "the next run goes on from this one"


@pytest.mark.parametrize("full", [False, True])
def test_where_writing_fails_nothing_of_the_run_is_seen(
    by_rules: None, monkeypatch: pytest.MonkeyPatch, full: bool
) -> None:
    before = everything()

    def no_room(_tables: Any) -> str:
        raise OSError(28, "No space left on device")

    put("shop.customers", "customer_id", changed(CUSTOMERS, last_name="Brown", email="b@example.com"))
    with monkeypatch.context() as patched:
        patched.setattr(kept, "write", no_room)
        assert [report.state for report in refresh(["unify"], full=full)] == ["failed"]
    assert everything() == before
    assert [report.state for report in refresh(["unify"])] == ["done"]
    assert everything() != before


def test_so_it_is_where_a_server_answers_questions(
    retailer: None, sail_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answered_by(sail_address):
        services.save_unification(rules=RULES)
        refresh(["unify"])
        seen = full_runs(monkeypatch)
        put("shop.customers", "customer_id", changed(CUSTOMERS, last_name="Brown", email="b@example.com"))
        refresh(["unify"])
        assert not seen
        small = everything()
        refresh(["unify"], full=True)
        assert small == everything()
