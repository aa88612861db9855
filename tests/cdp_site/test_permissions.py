"""Every address there is, asked by everyone: what a role may not see or change is refused at whatever door."""

import re
from collections.abc import Callable, Iterator

import pytest
from django.apps import apps
from django.contrib import admin as pages
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from journeys import services
from measures.models import Measure
from messaging.models import Message, Suppression
from messaging.services import Origin, Recipient, freeze, plan
from profiles.models import Unification
from sources.models import Source
from tests.journeys import world

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]

# Open to everyone: sign-in, what mails link to, what a browser needs before.
PUBLIC = re.compile(r"signin/|favicon|password/<uidb64>|theme/|i18n/|jsi18n/|styleguide/|t/[ocu]/")
# Open to everyone who is signed in, and about themselves or empty without a permission.
OWN = re.compile(
    r"$|work/|signout/|password/(done/)?$|search/|core/api-token/|jobs/(pulse|running)/|api/(schema/|v1/)?$"
)
# A file that cannot be read is refused before it is asked what it would change.
FILES = {"api/v1/workspace/apply/": 400, "api/v1/workspace/diff/": 400}
REFUSED = {403, 404, 405}
BACK = {302, 303}  # to a page that says why, or that only reads
# What may be posted without changing anything: questions that are too long for an address.
QUESTIONS = re.compile(
    r"rules/|api/v1/rules/|measures/(conditions|try)/|journeys/[^/]+/(dry-run|panel)/|lake/preview/|"
    r"api/v1/(segments/[^/]+/(count|explain)|journeys/[^/]+/dry-run|workspace/diff)/"
)
# The rooms in which a role changes something.
MAY_CHANGE = {
    "analyst": r"lake|jobs|sources|customers|measures|segments|tables|relationships|refresh|source-tables|loads|"
    r"unification|activity-types|decisions|review|unification-trial|workspace",
    "marketer": r"jobs|refresh|measures|segments|messages|journeys|templates|suppressions|workspace",
    "sales": r"(?!)",
    "viewer": r"(?!)",
}


def routes(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    for pattern in patterns:
        here = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, here)
        elif not here.startswith("admin/") and "format" not in here:
            yield here.replace("^", "").replace("$", "")


ROUTES = sorted(set(routes(get_resolver().url_patterns)))


@pytest.fixture
def something(marketer: User) -> dict[str, str]:
    """One of each, so that no refusal is only for want of a row; by the first part of an address, its name."""
    world.publish_people(3)
    segment, template = world.make_segment(), world.make_template()
    world.publish_members(segment.slug, [world.person_id(0)])
    journey = world.draw(world.EMAIL, world.END, by=marketer)
    services.publish(journey, by=marketer)
    measure = Measure.objects.create(name="Orders", function="count", table="shop.orders")
    source = Source.objects.create(name="Shop", connector="files")
    plan(freeze(template), [Recipient(world.person_id(0), "c")], Origin("campaign", "mail"))
    Unification.current()  # the one row that reading makes
    row = Suppression.objects.create(address="a@b.example", reason="manual")
    return {
        "journeys": journey.slug,
        "segments": segment.slug,
        "measures": measure.slug,
        "sources": source.slug,
        "templates": str(template.pk),
        "messages": str(template.pk),
        "suppressions": str(row.pk),
        "customers": world.person_id(0),
    }


def address(route: str, something: dict[str, str]) -> str:
    room = route.removeprefix("api/v1/").split("/")[0]
    name = something.get(room, "1")
    if route.startswith("api/v1/messages"):
        name = str(Message.objects.get().pk)
    filled = re.sub(r"\(\?P<\w+>.*?\)|<str:pk>|<(?:str|slug):slug>", name, route)
    filled = re.sub(r"<int:pk>", name if name.isdecimal() else "1", filled)
    return "/" + re.sub(r"<int:\w+>", "1", re.sub(r"<(?:str|slug|path):(\w+)>|<\w+>", "unified.profiles", filled))


def state() -> list[tuple[str, int, str]]:
    """Per table how many rows there are, and which transaction wrote last: any change shows."""
    tables = sorted(model._meta.db_table for model in apps.get_models() if model._meta.managed)
    ask = " UNION ALL ".join(f"SELECT '{t}', count(*), max(xmin::text) || max(ctid::text) FROM {t}" for t in tables)
    with connection.cursor() as cursor:
        cursor.execute(ask)
        return cursor.fetchall()


def knock(client: Client, method: str, path: str) -> int:
    ask = getattr(client, method)
    answer = ask(path) if method in {"get", "delete"} else ask(path, {}, content_type="application/json")
    return int(answer.status_code)


def methods(route: str) -> tuple[str, ...]:
    """Those that may change something. To most pages any other method than POST is one that reads."""
    return ("post", "put", "patch", "delete") if route.startswith("api/") else ("post",)


def test_nobody_gets_in_without_signing_in(something: dict[str, str]) -> None:
    client, before, let_in = Client(), state(), []
    for route in ROUTES:
        if PUBLIC.match(route):
            continue
        for method in ("get", *methods(route)):
            answer = getattr(client, method)(address(route, something))
            where = answer.headers.get("Location", "")
            if answer.status_code not in {401, *REFUSED} and not where.startswith("/signin/"):
                let_in.append((method, route, answer.status_code))
    assert not let_in, "\n".join(map(str, let_in))
    assert state() == before


def test_who_has_no_role_sees_and_changes_nothing(
    something: dict[str, str], stranger: User, client_of: ClientOf
) -> None:
    client, before, let_in = client_of(stranger), state(), []
    for route in ROUTES:
        if PUBLIC.match(route) or OWN.match(route):
            continue
        for method in ("get", *methods(route)):
            status = knock(client, method, address(route, something))
            if status not in REFUSED | BACK and FILES.get(route) != status:
                let_in.append((method, route, status))
    assert not let_in, "\n".join(map(str, let_in))
    assert state() == before


@pytest.mark.parametrize("role", ["viewer", "salesperson", "analyst", "marketer"])
def test_a_role_changes_nothing_outside_its_rooms(
    role: str, something: dict[str, str], client_of: ClientOf, request: pytest.FixtureRequest
) -> None:
    user: User = request.getfixturevalue(role)
    mine = re.compile(rf"(?:api/v1/)?(?:{MAY_CHANGE[user.username]})/")
    client, before, let_in = client_of(user), state(), []
    for route in ROUTES:
        path = address(route, something)
        if PUBLIC.match(route) or OWN.match(route) or mine.match(route) or QUESTIONS.match(path[1:]):
            continue
        for method in methods(route):
            status = knock(client, method, path)
            if status in REFUSED | BACK or FILES.get(route) == status:
                continue
            if route.startswith("api/") or status != knock(client, "get", path):  # else a page that only reads
                let_in.append((method, route, status))
    assert not let_in, "\n".join(map(str, let_in))
    assert state() == before


def test_an_administrator_is_refused_nowhere(something: dict[str, str], admin: User, client_of: ClientOf) -> None:
    """The same addresses lead somewhere: else the refusals above would prove nothing."""
    client, statuses = client_of(admin), {}
    for route in ROUTES:
        statuses[route] = knock(client, "get", address(route, something))
    assert [route for route, status in statuses.items() if status in {401, 403} or status >= 500] == []
    found = [route for route, status in statuses.items() if status != 404]
    assert len(found) > 0.8 * len(ROUTES)


def test_the_administration_pages_open_for_administrators_alone(
    marketer: User, admin: User, client_of: ClientOf
) -> None:
    assert client_of(marketer).get("/admin/").status_code == 302
    admin.is_staff = admin.is_superuser = True
    admin.save()
    client = client_of(admin)
    for model in pages.site._registry:
        place = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        assert client.get(place).status_code == 200, place
