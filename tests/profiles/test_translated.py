"""Names that Kindred gives are kept as they are written and shown in the reader's language."""

import json
from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils.translation import override, trans_real

from lake import mirror, words
from lake.models import TableVersion
from lake.queries import snapshot
from profiles.config import services
from profiles.models import Unification
from tests.profiles.conftest import put
from tests.support.pseudo import LANGUAGE, Longer, longer

ClientOf = Callable[[User], Client]


@pytest.fixture
def translated(monkeypatch: pytest.MonkeyPatch, settings: object) -> Iterator[None]:
    settings.LANGUAGE_CODE, settings.LANGUAGES = LANGUAGE, [(LANGUAGE, "Longer")]  # type: ignore[attr-defined]
    monkeypatch.setitem(trans_real._translations, LANGUAGE, Longer())
    monkeypatch.setattr(trans_real, "_default", None)
    with override(LANGUAGE):
        yield


def test_suggested_rules_are(unified: None, client_of: ClientOf, analyst: User, translated: None) -> None:
    services.save_unification(rules=[{"name": "Same e-mail", "when": [{"semantic": "contact.email"}]}])
    assert Unification.current().rules[0]["name"] == "Same e-mail"
    page = client_of(analyst).get("/customers/unify/match/").content.decode()
    assert longer("Same e-mail") in page


class Pattern(Longer):
    """Knows the one text that is not whole."""

    def gettext(self, message: str) -> str:
        return "Gleiche %(what)s" if message == "Same %(what)s" else message


def test_a_rule_of_an_id_is(
    unified: None, client_of: ClientOf, analyst: User, translated: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(trans_real._translations, LANGUAGE, Pattern())
    services.save_unification(rules=[{"name": "Same card", "when": [{"semantic": "id.loyalty_card"}]}])
    assert "Gleiche card" in client_of(analyst).get("/customers/unify/match/").content.decode()


def test_titles_of_tables_are(unified: None, client_of: ClientOf, analyst: User, translated: None) -> None:
    assert TableVersion.objects.filter(name="unified.links", label="Links").exists()
    client = client_of(analyst)
    for path in ("/lake/tables/", "/lake/tables/unified.links"):
        page = client.get(path).content.decode()
        assert longer("Links") in page
        assert longer("source record") in page


def test_titles_of_a_source_are_its_own(unified: None, client_of: ClientOf, analyst: User, translated: None) -> None:
    page = client_of(analyst).get("/lake/tables/shop.customers").content.decode()
    assert longer("Customers") not in page.partition("<h1")[2].partition("</h1>")[0]


def test_titles_of_mirrored_tables_are(db: None, translated: None) -> None:
    mirror.sync(["kindred.messages"])
    table = snapshot().info("kindred.messages")
    assert (words.title(table), words.one_row_per(table)) == (longer("Messages"), longer("message"))


def test_labels_of_columns_are(unified: None, client_of: ClientOf, analyst: User, translated: None) -> None:
    column = snapshot().info("unified.profiles").column("phones")
    assert column is not None
    assert column.label == "Phone numbers"
    client = client_of(analyst)
    page = client.get("/lake/tables/unified.profiles").content.decode()
    assert longer("Phone numbers") in page
    assert '<th scope="row">First name' in page  # as the source calls it; what it means is translated
    assert longer("First name") in page
    offered = json.loads(client.get("/rules/attributes/").content)
    assert longer("Phone numbers") in json.dumps(offered, ensure_ascii=False)
    assert longer("First name") not in json.dumps(offered, ensure_ascii=False)


def test_parts_of_a_whole_address_are(retailer: None, client_of: ClientOf, analyst: User, translated: None) -> None:
    put("club.members", "id", [{"id": "1", "where": "12 Main St., New York 10001"}], {"where": "address.full"})
    services.save_unification(tables=["shop.customers", "club.members"])
    page = client_of(analyst).get("/customers/unify/merge/").content.decode()
    assert f"where › {longer('City')}" in page
    assert "where › city" not in page
