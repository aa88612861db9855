"""Whoever takes personal data out leaves a row in the audit, whichever door they take."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client

from core.models import AuditEntry
from journeys.models import Journey
from messaging.models import EmailTemplate
from profiles.models import Profile

As = Callable[[User], Client]

FILES = [
    ("/customers/?export=csv", "Customers exported"),
    ("/customers/unify/unmatched/?export=csv", "Records without a customer exported"),
    ("/customers/unify/conflicts/?export=csv", "Conflicting values exported"),
    ("/customers/unify/conflicts/city/?export=csv", "Conflicting values exported"),
    ("/customers/unify/review/list/?export=csv", "Pairs of records exported"),
    ("/customers/unify/decisions/export/", "Decisions on records exported"),
    ("/customers/unify/trial/export/", "Differences of a trial exported"),
    ("/lake/export/shop.customers", "Table exported"),
    ("/api/v1/tables/shop.customers/export/", "Table exported"),
    ("/messages/delivery/?export=csv", "Messages exported"),
    ("/messages/consent/?export=csv", "Unsubscribed addresses exported"),
    ("/messages/consent/export/", "Unsubscribed addresses exported"),
    ("/messages/{email}/results/conversions/?export=csv", "Conversions exported"),
    ("/journeys/thanks/people/?export=csv", "People of a journey exported"),
    ("/journeys/thanks/results/people/?export=csv", "Messages exported"),
    ("/core/people/?export=csv", "List of people exported"),
]


@pytest.mark.parametrize(("address", "words"), FILES)
def test_a_file_of_people_is_noted(unified: None, admin: User, client_of: As, address: str, words: str) -> None:
    Journey.objects.create(name="Thanks", slug="thanks")
    email = EmailTemplate.objects.create(name="Thanks", slug="thanks")
    answer = client_of(admin).get(address.format(email=email.pk))
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert told(client_of(admin)) == [words]


def told(client: Client) -> list[str]:
    """What the page of the audit says that was exported."""
    page = client.get("/core/audit/").content.decode()
    return [text for text in re.findall(r"<td[^>]*>\s*([^<]*?)\s*</td>", page) if text.endswith(" exported")]


def test_picked_customers_are_noted_with_how_many_and_without_the_search(
    unified: None, admin: User, client_of: As
) -> None:
    picked = [str(pk) for pk in Profile.objects.values_list("pk", flat=True)[:2]]
    client_of(admin).post("/customers/?q=john", {"action": "export", "row": picked})
    entry = AuditEntry.objects.get(verb="customer.export", user=admin)
    assert entry.details == {"page": "/customers/", "picked": 2}


def test_a_list_that_names_nobody_is_not_noted(admin: User, client_of: As) -> None:
    client_of(admin).get("/lake/tables/?export=csv")
    assert not AuditEntry.objects.exists()


def test_a_table_written_by_the_command_is_noted(unified: None, tmp_path: Path) -> None:
    call_command("lake", "export", "shop.customers", "--to", str(tmp_path / "customers.csv"))
    assert AuditEntry.objects.filter(verb="table.export", label="shop.customers", user=None).count() == 1
