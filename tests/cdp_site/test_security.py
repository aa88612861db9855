"""Doors beside the front door, what is kept of secrets, and what still works when the cache is away."""

import importlib
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from django.http.request import validate_host
from django.test import Client

from core.embedded.server import free_port
from core.models import ApiToken
from core.sessions import SessionStore

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]


def test_there_is_one_place_to_sign_in(admin: User, client: Client) -> None:
    """The administration's own would let people guess without end."""
    User.objects.filter(pk=admin.pk).update(is_staff=True, is_superuser=True)
    form = {"username": "administrator", "password": "secret"}
    door = "/admin/login/?next=/admin/jobs/"
    for answer in (client.get(door), client.post(door, form)):
        assert answer.headers["Location"] == "/signin/?next=/admin/jobs/"
    assert client.post("/signin/?next=/admin/", form, follow=True).redirect_chain[-1][0] == "/admin/"


def test_who_may_not_administer_is_told_so(marketer: User, client_of: ClientOf) -> None:
    answer = client_of(marketer).get("/admin/", follow=True)
    assert answer.status_code == 403
    assert "Ask an administrator" in answer.content.decode()


def test_the_description_of_the_api_is_for_who_signed_in(stranger: User, client: Client, client_of: ClientOf) -> None:
    assert client.get("/api/").headers["Location"] == "/signin/?next=/api/"
    assert client.get("/api/schema/").status_code == 401
    for address in ("/api/", "/api/schema/"):
        assert client_of(stranger).get(address).status_code == 200


def test_a_browser_gets_no_forms_from_the_api(admin: User, client_of: ClientOf) -> None:
    """They would offer all rows of a table to choose from."""
    answer = client_of(admin).get("/api/v1/interactions/", headers={"Accept": "text/html,*/*"})
    assert answer.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded", "text/csv"])
def test_a_body_that_would_fill_the_memory_is_refused_unread(kind: str, admin: User, client_of: ClientOf) -> None:
    address = "/api/v1/decisions/import/" if kind == "text/csv" else "/api/v1/workspace/diff/"
    answer = client_of(admin).post(address, b"x", content_type=kind, CONTENT_LENGTH=str(10**9))
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")


def test_a_session_of_before_signing_in_is_not_the_one_after(admin: User, client: Client) -> None:
    """Whoever gave somebody a session does not come in with it."""
    planted = SessionStore()
    planted["something"] = 1
    planted.save()
    client.cookies["sessionid"] = planted.session_key
    client.post("/signin/", {"username": "administrator", "password": "secret"})
    assert client.cookies["sessionid"].value != planted.session_key
    other = Client()
    other.cookies["sessionid"] = planted.session_key
    assert other.get("/core/people/").status_code == 302


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example"])
def test_no_foreign_name_leads_into_a_demo(host: str) -> None:
    """A page elsewhere could call itself this machine (DNS rebinding) and sign in with the password that all know."""
    assert not validate_host(host, settings.ALLOWED_HOSTS)
    assert validate_host("localhost", settings.ALLOWED_HOSTS)


def token_of(client: Client) -> str:
    client.post("/core/api-token/create/")
    text = client.get("/core/api-token/").context["new_token"]
    assert text
    return str(text)


def test_no_table_holds_the_text_of_a_token(viewer: User, client: Client, client_of: ClientOf) -> None:
    key = token_of(client_of(viewer))
    assert client.get("/api/v1/", headers={"Authorization": f"Token {key}"}).status_code == 200
    with connection.cursor() as cursor:
        for table in [model._meta.db_table for model in apps.get_models() if model._meta.managed]:
            cursor.execute(f"SELECT count(*) FROM {table} AS one WHERE one::text LIKE %s", [f"%{key}%"])
            assert cursor.fetchone() == (0,), table


@pytest.mark.parametrize("end", ["deactivate", "wrong", "replace"])
def test_a_token_ends(end: str, viewer: User, client: Client, client_of: ClientOf) -> None:
    key = token_of(client_of(viewer))
    if end == "deactivate":
        User.objects.filter(pk=viewer.pk).update(is_active=False)
    elif end == "replace":
        token_of(client_of(viewer))
    else:
        key = key[:-1] + "x"
    assert client.get("/api/v1/", headers={"Authorization": f"Token {key}"}).status_code == 401


def test_tokens_that_were_given_out_before_go_on_working(viewer: User, client: Client) -> None:
    key = "0123456789abcdef0123456789abcdef01234567"
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE authtoken_token (key varchar(40), created timestamptz, user_id integer)")
        cursor.execute("INSERT INTO authtoken_token VALUES (%s, now(), %s)", [key, viewer.pk])
        migration = importlib.import_module("core.migrations.0004_tokens_by_digest")
        with connection.schema_editor(atomic=True) as editor:
            migration.take_over(apps, editor)
    assert client.get("/api/v1/", headers={"Authorization": f"Token {key}"}).status_code == 200
    assert ApiToken.objects.get().user == viewer


@pytest.fixture
def no_broker(settings: Any) -> None:
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": f"redis://127.0.0.1:{free_port()}"}}


def test_people_sign_in_and_work_while_the_cache_is_away(no_broker: None, admin: User, client: Client) -> None:
    form = {"username": "administrator", "password": "wrong"}
    assert "do not belong together" in client.post("/signin/", form).content.decode()
    assert client.post("/signin/", form | {"password": "secret"}).status_code == 302
    for page in ("/", "/journeys/", "/messages/delivery/", "/core/workspace/"):
        assert client.get(page).status_code == 200, page


def test_links_in_mails_work_while_the_cache_is_away(no_broker: None, client: Client) -> None:
    assert client.get("/t/o/unknown.gif").status_code == 200


def test_health_says_that_the_cache_is_away(no_broker: None, client: Client) -> None:
    answer = client.get("/health/")
    assert (answer.status_code, answer.json()) == (503, {"database": True, "broker": False})
