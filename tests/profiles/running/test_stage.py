"""From source tables to people."""

from collections.abc import Callable
from typing import Any

import pytest

from jobs.refresh import StageReport
from lake.queries import snapshot
from profiles.config import services
from profiles.models import Profile, ProfileRedirect, Unification, UnificationRun
from rules.services import count
from tests.profiles.conftest import CUSTOMERS, MEMBERS, put

Run = Callable[[], list[StageReport]]


def rows(table: str) -> list[dict[str, Any]]:
    now = snapshot()
    found: list[dict[str, Any]] = now.arrow(now.table(table)).to_pylist()
    return found


def person_of(source: str, record: str) -> str:
    return next(r["profile_id"] for r in rows("unified.links") if r["source"] == source and r["record_id"] == record)


def test_john_smith_of_three_systems_is_one_person(unified: None) -> None:
    assert person_of("shop", "C1") == person_of("loyalty", "7") == person_of("till", "T1")
    john = Profile.objects.get(pk=person_of("shop", "C1"))
    assert (john.name, john.email, john.phone) == ("John Smith", "john.smith@example.com", "+12125550123")
    wanted = {"city": "New York", "birth_date": "1980-03-02", "gender": "male", "tier": "Gold", "points": 1500}
    assert wanted.items() <= john.attributes.items()


def test_a_shared_mailbox_and_telephone_do_not_join_a_household(unified: None) -> None:
    assert person_of("shop", "C1") != person_of("shop", "C2")


def test_names_match_across_spellings(unified: None) -> None:
    assert person_of("shop", "C3") == person_of("loyalty", "8")


def test_every_record_has_one_link_and_says_how_it_joined(unified: None) -> None:
    links = {(r["source"], r["table"], r["record_id"]): r for r in rows("unified.links")}
    assert len(links) == len(CUSTOMERS) + len(MEMBERS) + 1
    assert links["loyalty", "members", "8"]["rule"] == "Same e-mail, similar first name"
    assert links["shop", "customers", "C2"]["rule"] is None


def test_placeholders_never_become_values(unified: None) -> None:
    ming = Profile.objects.get(pk=person_of("shop", "C4"))
    assert ming.name == "王小明"
    assert "email" not in ming.attributes
    assert "city" not in ming.attributes


def test_every_differing_value_keeps_its_origin(unified: None) -> None:
    john = person_of("shop", "C1")
    first = [r for r in rows("unified.provenance") if r["profile_id"] == john and r["attribute"] == "first_name"]
    assert {(r["value"], r["table"], r["is_winner"]) for r in first} == {
        ("John", "customers", True),
        ("Jon", "receipts", False),
    }


def test_the_address_comes_from_one_record(retailer: None, run: Run) -> None:
    put("till.receipts", "till_id", [{"till_id": "T1", "full_name": "John Smith", "phone": "2125550123",
                                      "card": "L77", "city": "Boston", "zip": "02108", "street": None}])  # fmt: skip
    put("shop.customers", "customer_id", [CUSTOMERS[0] | {"zip": None}])
    run()
    john = Profile.objects.get(pk=person_of("shop", "C1"))
    assert john.attributes["line"] == "12 Main Street"
    assert "postcode" not in john.attributes


def test_a_rerun_changes_nothing_and_is_skipped(unified: None, run: Run) -> None:
    before = dict(Profile.objects.values_list("pk", "updated_at"))
    assert [report.state for report in run()] == ["skipped"] * 3
    services.save_unification(default_country="DE")
    run()
    after = dict(Profile.objects.values_list("pk", "updated_at"))
    assert set(after) == set(before)


def test_only_changed_people_are_written(unified: None, run: Run) -> None:
    before = dict(Profile.objects.values_list("pk", "updated_at"))
    put("loyalty.members", "member_id", [MEMBERS[0] | {"points": 1600}, MEMBERS[1]])
    run()
    after = dict(Profile.objects.values_list("pk", "updated_at"))
    assert [pk for pk in after if after[pk] != before[pk]] == [person_of("shop", "C1")]


def test_a_merge_leaves_a_redirect(unified: None, run: Run) -> None:
    old = person_of("shop", "C4")
    put("shop.customers", "customer_id", [*CUSTOMERS[:3], CUSTOMERS[0] | {"customer_id": "C4"}])
    run()
    assert ProfileRedirect.objects.get(pk=old).target == person_of("shop", "C1")
    assert not Profile.objects.filter(pk=old).exists()


def test_suggested_rules_are_written_down(unified: None) -> None:
    config = Unification.current()
    assert "Same e-mail, similar first name" in [rule["name"] for rule in config.rules]
    assert config.suggest_rules


def test_the_report_adds_up(unified: None) -> None:
    report = UnificationRun.latest_report()
    assert report["records"] == sum(table["records"] for table in report["tables"]) == 7
    assert report["people"] == Profile.objects.count() == 4
    joined = sum(rule["records"] for rule in report["rules"])
    assert report["records"] - joined == 2


@pytest.mark.parametrize("table", ["shop.nothing", "shop.orders"])
def test_a_failed_run_leaves_the_old_result(unified: None, run: Run, table: str) -> None:
    services.save_unification(rules=[{"name": "x", "when": [{"column": "order_id"}]}], tables=[table])
    assert [report.state for report in run()] == ["failed", "skipped", "skipped"]
    assert Profile.objects.count() == 4
    assert len(rows("unified.profiles")) == 4


def test_the_most_recent_value_wins_where_it_is_asked_for(retailer: None, run: Run) -> None:
    put("till.receipts", "till_id", [{"till_id": "T1", "full_name": "Jon Smith", "phone": "2125550123", "card": "L77",
                                      "seen": CUSTOMERS[2]["updated_at"]}])  # fmt: skip
    wanted = [{"attribute": "first_name", "policy": "oldest", "label": "Given name"}]
    services.save_unification(merge={"attributes": wanted})
    run()
    assert Profile.objects.get(pk=person_of("shop", "C1")).attributes["first_name"] == "Jon"
    assert ("first_name", "Given name") in {(attribute.name, attribute.label) for attribute in snapshot().attributes()}
    services.save_unification(
        merge={"attributes": [wanted[0] | {"policy": "recent"}], "recency": {"till.receipts": "seen"}}
    )
    run()
    assert Profile.objects.get(pk=person_of("shop", "C1")).attributes["first_name"] == "John"


def test_a_household_is_on_its_members_and_in_segments(unified: None) -> None:
    john, mary = (Profile.objects.get(pk=person_of("shop", key)) for key in ("C1", "C2"))
    assert john.attributes["household_id"] == mary.attributes["household_id"]
    assert {row["profile_id"] for row in rows("unified.groups")} == {john.pk, mary.pk}
    rule = {"all": [{"attribute": "household_size", "op": "gte", "value": 2}]}
    assert count(rule).total == 2
    assert UnificationRun.latest_report()["groups"][0]["groups"] == 1


def test_households_can_be_switched_off(unified: None, run: Run) -> None:
    services.save_unification(groups=[])
    run()
    assert "household_id" not in Profile.objects.get(pk=person_of("shop", "C1")).attributes
    assert rows("unified.groups") == []


def test_who_moves_out_changes_the_household_of_who_stays(unified: None, run: Run) -> None:
    moved = CUSTOMERS[1] | {"street": "9 Oak Road", "zip": "94105", "city": "San Francisco"}
    put("shop.customers", "customer_id", [CUSTOMERS[0], moved, *CUSTOMERS[2:]])
    run()
    john = Profile.objects.get(pk=person_of("shop", "C1"))
    assert "household_id" not in john.attributes
    assert john.attributes["household_size"] == 1
    assert rows("unified.groups") == []
    put("shop.customers", "customer_id", CUSTOMERS)
    run()
    assert len({row["group_id"] for row in rows("unified.groups")}) == 1
    assert Profile.objects.get(pk=john.pk).attributes["household_size"] == 2
