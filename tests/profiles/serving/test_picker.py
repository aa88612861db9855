"""What the rule builder offers first."""

from collections.abc import Callable

from django.contrib.auth.models import User
from django.test import Client


def test_identifiers_stand_behind_what_rules_are_about(
    unified: None, client_of: Callable[[User], Client], analyst: User
) -> None:
    customer = client_of(analyst).get("/rules/attributes/").json()["groups"][0]["attributes"]
    are_ids = [attribute["semantic"].startswith("id.") for attribute in customer]
    assert any(are_ids)
    assert are_ids == sorted(are_ids)
