"""Map and match in the browser's forms: order, meanings, values, rules one by one, and what a rule would do."""

import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from profiles.config import services
from profiles.models import Unification
from sources.models import Source, SourceColumn, SourceTable
from tests.profiles.conftest import CUSTOMERS, put
from tests.profiles.running.test_changes import RULES

ClientOf = Callable[[User], Client]
UNIFY = "/customers/unify/"
TABLES = ["shop.customers", "loyalty.members", "till.receipts"]


@pytest.fixture
def client(unified: None, client_of: ClientOf, analyst: User) -> Client:
    services.save_unification(rules=RULES)
    return client_of(analyst)


def test_the_order_is_tried_before_it_is_saved(client: Client) -> None:
    form = {"order": TABLES, "use": TABLES, "unmatched": TABLES, "default_country": "US"}
    page = client.post(f"{UNIFY}map/", form | {"move": "up loyalty.members"}).content.decode()
    assert re.findall(r'name="order" value="([\w.]+)"', page)[:2] == ["loyalty.members", "shop.customers"]
    assert Unification.current().tables == TABLES
    client.post(f"{UNIFY}map/", form | {"order": TABLES[::-1], "unmatched": TABLES[:2]})
    config = Unification.current()
    assert (config.tables, config.only_matched) == (TABLES[::-1], ["till.receipts"])


def test_what_contradicts_itself_is_said_and_nothing_typed_is_lost(client: Client) -> None:
    form = {"order": TABLES, "use": TABLES[:1], "unmatched": TABLES[1:], "default_country": "Atlantis"}
    answer = client.post(f"{UNIFY}map/", form)
    assert answer.status_code == 422
    assert "No table makes customers by itself" in answer.content.decode()
    assert 'value="Atlantis"' in answer.content.decode()
    assert Unification.current().tables == TABLES


@pytest.mark.parametrize("code", ["ZZ", "Atlantis", "1A"])
def test_a_country_that_is_none_is_refused(client: Client, code: str) -> None:
    form = {"order": TABLES, "use": TABLES, "unmatched": TABLES, "default_country": code}
    answer = client.post(f"{UNIFY}map/", form)
    assert answer.status_code == 422
    assert "is no country" in answer.content.decode()
    assert Unification.current().default_country == "US"


def test_a_meaning_is_saved_to_the_source(client: Client) -> None:
    table = SourceTable.objects.create(source=Source.objects.create(name="till", connector="file"), name="receipts")
    column = SourceColumn.objects.create(table=table, name="card", position=0, semantic="id.loyalty_card")
    client.post(f"{UNIFY}map/meanings/till.receipts/", {"meaning-card": "none"})
    column.refresh_from_db()
    assert (column.semantic, column.stated) == ("none", ["semantic"])
    assert "counts when the table is loaded again" not in client.get(UNIFY).content.decode()


def test_values_are_stated_changed_and_taken_back(client: Client) -> None:
    form = {"name": "person.first_name", "aliases": "gigi = luigi\n\nbob=robert", "ignore": "test", "trusted": ""}
    client.post(f"{UNIFY}map/values/", form)
    stated = {"aliases": {"gigi": "luigi", "bob": "robert"}, "ignore": ["test"]}
    assert Unification.current().values == {"person.first_name": stated}
    assert "gigi = luigi" in client.get(f"{UNIFY}map/values/person.first_name/").content.decode()
    bad = client.post(f"{UNIFY}map/values/person.first_name/", {"aliases": "a = b\nnonsense"})
    assert (bad.status_code, "Line 2" in bad.content.decode()) == (422, True)
    client.post(f"{UNIFY}map/values/person.first_name/", {"remove": "1"})
    assert Unification.current().values == {}


def test_a_value_set_aside_is_trusted_or_ignored(client: Client) -> None:
    for how, key in (("trust", "trusted_values"), ("ignore", "ignore")):
        client.post(f"{UNIFY}map/value/", {"name": "contact.email", "value": "info@example.com", "how": how})
        assert Unification.current().values == {"contact.email": {key: ["info@example.com"]}}


def test_rules_are_ordered_switched_removed_and_brought_back(client: Client) -> None:
    def names() -> list[str]:
        return [rule["name"] for rule in Unification.current().rules]

    for wish, after in (("down 0", ["Mail", "Card", "Phone"]), ("up 2", ["Mail", "Phone", "Card"]),
                        ("drop 0", ["Phone", "Card"]), ("undo", ["Mail", "Phone", "Card"])):  # fmt: skip
        client.post(f"{UNIFY}match/change/", {"do": wish})
        assert names() == after
    client.post(f"{UNIFY}match/change/", {"order": ["2", "0", "1"]})
    assert names() == ["Card", "Mail", "Phone"]
    client.post(f"{UNIFY}match/change/", {"do": "toggle 1"})
    assert Unification.current().rules[1]["active"] is False
    assert client.post(f"{UNIFY}match/change/", {"order": ["0", "0", "1"]}).status_code == 404
    assert client.post(f"{UNIFY}match/change/", {"do": "drop 9"}).status_code == 404
    client.post(f"{UNIFY}match/change/", {"do": "suggested"})
    assert Unification.current().suggest_rules


def rule_form(what: str, **more: str) -> dict[str, str]:
    return {"rule-0-name": "New", "rule-0-active": "on", "rule-0-when-0-what": what,
            "rule-0-when-0-compare": "exact", "rule-0-when-0-threshold": ""} | more  # fmt: skip


def test_a_rule_says_what_it_would_join_before_it_is_saved(client: Client) -> None:
    page = client.post(f"{UNIFY}match/new/", rule_form("contact.email", preview="1")).content.decode()
    assert "4 pairs satisfy the rule." in page
    assert "2 of them are two customers today." in page
    assert "There would be 1 customer less." in page
    assert page.count('class="pair"') == 2
    assert "New" not in [rule["name"] for rule in Unification.current().rules]


def test_a_preview_of_what_was_never_compared_says_so(client: Client) -> None:
    answer = client.post(f"{UNIFY}match/new/", rule_form("column:tier", preview="1"))
    assert answer.status_code == 422
    assert "After the next run this can be tried." in answer.content.decode()


def test_conditions_come_and_go_and_a_broken_rule_is_not_saved(client: Client) -> None:
    page = client.post(f"{UNIFY}match/0/", rule_form("contact.email", edit="add rule-0-unless")).content.decode()
    assert 'name="rule-0-unless-0-what"' in page
    answer = client.post(f"{UNIFY}match/0/", rule_form("contact.email") | {"rule-0-when-0-compare": "levenshtein"})
    assert (answer.status_code, "At least one condition" in answer.content.decode()) == (422, True)
    assert Unification.current().rules[0]["name"] == "Card"


def test_suggested_rules_are_shown_beside_todays_before_they_replace_them(client: Client) -> None:
    page = client.get(f"{UNIFY}suggest/").content.decode()
    assert 'class="suggest-new"' in page
    assert 'class="suggest-gone"' in page
    assert [rule["name"] for rule in Unification.current().rules] == ["Card", "Mail", "Phone"]
    client.post(f"{UNIFY}suggest/")
    assert "Same e-mail, similar first name" in [rule["name"] for rule in Unification.current().rules]
    again = client.get(f"{UNIFY}suggest/").content.decode()
    assert "There is nothing to change" in again
    assert "Use these rules" not in again


@pytest.mark.parametrize(
    "change",
    [
        lambda: services.save_unification(default_country="DE"),
        lambda: put("shop.customers", "customer_id", CUSTOMERS[1:]),
    ],
    ids=["configuration", "data"],
)
def test_what_was_suggested_is_worked_out_again_after_a_change_alone(
    client: Client, monkeypatch: pytest.MonkeyPatch, change: Callable[[], object]
) -> None:
    first = services.suggested()
    monkeypatch.setattr(services, "suggest", lambda _evidence: [])
    assert services.suggested() == first
    change()
    assert services.suggested() == []


def test_two_records_are_drawn_with_the_evidence_between_them(client: Client) -> None:
    page = client.get(f"{UNIFY}explain/", {"one": "shop.customers:C1", "other": "till.receipts:T1"}).content.decode()
    assert page.count('class="node"') == page.count("<line") + 1 >= 2
    assert 'href="#evidence-list"' in page


def test_a_group_of_customers_is_tried_saved_changed_and_removed(client: Client) -> None:
    form = {"name": "family", "label": "Family", "by": "own", "active": "on", "rule-0-name": "x",
            "rule-0-when-0-what": "person.last_name", "rule-0-when-0-compare": "exact"}  # fmt: skip
    page = client.post(f"{UNIFY}merge/groups/", form | {"preview": "1"}).content.decode()
    assert "1 group with 2 people." in page
    assert Unification.current().groups is None
    client.post(f"{UNIFY}merge/groups/", form)
    household = {"name": "household", "by": "address and surname"}
    family = {"name": "family", "label": "Family", "when": [{"semantic": "person.last_name"}]}
    assert Unification.current().groups == [household, family]
    client.post(f"{UNIFY}merge/groups/family/", form | {"by": "address", "largest": "5"})
    assert (Unification.current().groups or [])[1] == {
        "name": "family",
        "label": "Family",
        "by": "address",
        "largest": 5,
    }
    bad = client.post(f"{UNIFY}merge/groups/", form | {"name": "No Name"})
    assert bad.status_code == 422
    client.post(f"{UNIFY}merge/groups/family/", {"remove": "1"})
    assert Unification.current().groups == [household]


def test_a_viewer_makes_no_groups(unified: None, client_of: ClientOf, viewer: User) -> None:
    assert client_of(viewer).post(f"{UNIFY}merge/groups/", {"name": "x", "by": "address"}).status_code == 403


def test_a_mistake_in_a_rule_is_told_in_words(client: Client) -> None:
    form = {
        "rule-0-name": "Near",
        "rule-0-when-0-what": "contact.email",
        "rule-0-when-0-compare": "exact",
        "rule-0-when-1-what": "person.last_name",
        "rule-0-when-1-compare": "jaro_winkler",
        "rule-0-when-1-threshold": "1.5",
    }
    page = client.post(f"{UNIFY}match/new/", form).content.decode()
    assert "Rule “Near”, condition 2:</strong> A threshold lies between 0 and 1." in page
    services.save_unification(rules=[{"name": "Card", "when": [{"semantic": "id.loyalty_card"}]}])
    form = {"order": TABLES, "use": TABLES[:1], "unmatched": TABLES[:1], "default_country": "US"}
    page = client.post(f"{UNIFY}map/", form).content.decode()
    assert "Rule “Card”:</strong> None of the tables has a column that means" in page
