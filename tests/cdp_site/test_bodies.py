"""What the API is told in a name that it does not know is refused, wherever a body is sent: else a mistyped name would
change nothing, and nobody would know."""

import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.cdp_site.test_permissions import ROUTES, address
from tests.cdp_site.test_permissions import something as something

pytestmark = pytest.mark.django_db
# They take no body; and one that asks for the rule first.
OTHERS = {
    "api/v1/unification/run/",
    "api/v1/unification/suggest/",
    "api/v1/unification-trial/drop/",
    "api/v1/rules/count/",
}
OF_ONE = [route for route in ROUTES if route.startswith("api/v1/") and re.search("[<(]", route)]
# They ask what is stored, or do it: they take no body.
BARE = re.compile(
    r"api/v1/((journeys|segments)/[^/]+/(duplicate|pause|publish|resume|stop|unpublish)|sources/[^/]+/(preview|test))/"
)
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


def test_so_it_is_where_one_thing_is_changed(
    client_of: Callable[[User], Client], admin: User, something: dict[str, str]
) -> None:
    client, asked, taken = client_of(admin), [], []
    paths = [path for route in OF_ONE if not BARE.fullmatch((path := address(route, something)).removeprefix("/"))]
    for path in paths:
        for method in ("post", "put", "patch"):
            answer = getattr(client, method)(path, {"nmae": "x"}, content_type="application/json")
            if answer.status_code in {404, 405, 415}:
                continue
            asked.append((method, path))
            if answer.status_code != 400 or "nmae" not in answer.json()["error"]["fields"]:
                taken.append((method, path, answer.status_code))
    assert len(asked) > 10
    assert not taken


@pytest.mark.parametrize("door", [*DOORS, "api/v1/rules/count/"])
@pytest.mark.parametrize("body", ['{"rule":' * 3_000 + "1" + "}" * 3_000, "[" * 100_000, r'{"\ud800": "\ud800"}'])
def test_what_nobody_can_read_is_refused_in_the_one_shape(
    client_of: Callable[[User], Client], admin: User, door: str, body: str
) -> None:
    answer = client_of(admin).post(f"/{door}", body, content_type="application/json")
    assert answer.status_code in {400, 405, 415}, answer.content
    assert answer.json()["error"]["message"]
