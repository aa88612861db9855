"""What a preview of a rule counts is what a run would join, whatever the report of the last run has room for."""

from typing import Any

import pytest

from jobs.refresh import refresh
from lake.queries import snapshot
from profiles.config import services
from profiles.config.rule_preview import RulePreview, preview
from profiles.explaining.why import explanation
from profiles.models import Unification, UnificationRun
from profiles.unify.config.rules import parse_rules
from tests.profiles.conftest import put

SAME_NAME = {"name": "Same name", "when": [{"semantic": "person.full_name"}, {"semantic": "address.postcode"}]}
SAME_MAIL = {"name": "Same mailbox", "when": [{"semantic": "contact.email"}]}
MEANINGS = {"name": "person.full_name", "mail": "contact.email", "zip": "address.postcode"}
GIVEN = ("Ada", "Bo", "Cleo", "Dan", "Eve", "Finn", "Gus", "Hal", "Ida", "Jon", "Kai", "Liv")


@pytest.fixture
def shared_mailboxes(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two mailboxes that a dozen people share each, of which the report names one; and one person with a mailbox."""
    monkeypatch.setattr("profiles.unify.run.HUBS_SHOWN", 1)
    people: list[dict[str, Any]] = [
        {"id": f"{box}{n}", "name": f"{given} {box.title()}son", "mail": f"{box}@example.com", "zip": f"1000{n}"}
        for box in ("info", "office")
        for n, given in enumerate(GIVEN)
    ]
    people += [
        {"id": f"own{n}", "name": name, "mail": "zoe@example.com", "zip": "2"}
        for n, name in enumerate(["Zoe Ray", "Z Ray"])
    ]
    put("club.people", "id", people, MEANINGS)
    services.save_unification(tables=["club.people"], rules=[SAME_NAME], default_country="US")
    assert refresh(["unify"])[0].state == "done"
    assert UnificationRun.latest_report()["hub_count"] == 2


def tried(rule: dict[str, Any]) -> RulePreview:
    return preview(snapshot(), Unification.current(), parse_rules([rule])[0])


def test_all_shared_values_are_left_out_of_a_preview(shared_mailboxes: None) -> None:
    found = tried(SAME_MAIL)
    assert (found.candidates, found.holding, found.fewer, found.is_whole) == (1, 1, 1, True)


def test_a_preview_is_what_a_run_does(shared_mailboxes: None) -> None:
    before, found = UnificationRun.latest_report()["people"], tried(SAME_MAIL)
    services.save_unification(rules=[SAME_NAME, SAME_MAIL])
    refresh(["unify"])
    assert UnificationRun.latest_report()["people"] == before - found.fewer


def test_a_value_that_was_said_to_be_trusted_counts(shared_mailboxes: None) -> None:
    services.save_unification(values={"contact.email": {"trusted_values": ["office@example.com"]}})
    refresh(["unify"])
    assert tried(SAME_MAIL).candidates == 1 + 12 * 11 / 2


def test_no_rule_joins_two_by_a_value_that_was_set_aside(shared_mailboxes: None) -> None:
    services.save_unification(rules=[SAME_NAME, SAME_MAIL])
    refresh(["unify"])
    for box in ("info", "office"):
        told = explanation(f"club.people:{box}0", f"club.people:{box}1")
        assert {verdict.rule.name for verdict in told.verdicts if verdict.failing} == {"Same name", "Same mailbox"}
