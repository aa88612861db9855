"""What the API is told in a name that it does not know is refused, wherever a body is sent: else a mistyped name would
change nothing, and nobody would know."""

import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.cdp_site.test_permissions import ROUTES

pytestmark = pytest.mark.django_db
# They take no body; and one that asks for the rule first.
OTHERS = {
    "api/v1/unification/run/",
    "api/v1/unification/suggest/",
    "api/v1/unification-trial/drop/",
    "api/v1/rules/count/",
}
DOORS = [route for route in ROUTES if route.startswith("api/v1/") and not re.search("[<(]", route)]
DOORS = sorted({*DOORS} - OTHERS)
TAKEN = {"api/v1/", "api/v1/segments/", "api/v1/sources/", "api/v1/journeys/"}


def test_all_doors_are_found() -> None:
    assert set(DOORS) >= TAKEN


@pytest.mark.parametrize("door", DOORS)
def test_a_name_that_nobody_knows_is_refused(client_of: Callable[[User], Client], admin: User, door: str) -> None:
    answer = client_of(admin).post(f"/{door}", {"nmae": "x"}, content_type="application/json")
    if answer.status_code in {405, 415}:  # only read, or takes a file
        return
    assert answer.status_code == 400, answer.content
    assert "nmae" in answer.json()["error"]["fields"]
