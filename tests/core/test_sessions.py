"""Who is signed in is known from one question, and what ends a session ends it with the next request."""

from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.backends.base import UpdateError
from django.db import connection
from django.test import Client
from django.utils import timezone

from core import audit
from core.models import Session, Workspace
from core.sessions import SessionStore

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
PAGE = "/segments/"


@pytest.fixture
def client(client_of: ClientOf, marketer: User) -> Client:
    found = client_of(marketer)
    assert found.get(PAGE).status_code == 200
    return found


def is_out(client: Client) -> bool:
    answer = client.get(PAGE)
    return answer.status_code == 302 and answer["Location"].startswith("/signin/")


def test_one_question_tells_who_asks(client: Client, marketer: User, django_assert_num_queries: Any) -> None:
    store = SessionStore(client.cookies["sessionid"].value)
    with django_assert_num_queries(1):
        assert store["_auth_user_id"] == str(marketer.pk)
        assert store.user == marketer


def test_who_may_do_everything_may(client_of: ClientOf, marketer: User) -> None:
    User.objects.filter(pk=marketer.pk).update(is_superuser=True)
    marketer.groups.clear()
    assert client_of(marketer).get(PAGE).status_code == 200


def test_the_session_knows_its_user(client: Client, marketer: User) -> None:
    assert Session.objects.get().user == marketer


def test_a_cookie_of_before_is_worth_nothing_after_signing_out(client: Client) -> None:
    kept = client.cookies["sessionid"].value
    client.post("/signout/")
    client.cookies["sessionid"] = kept
    assert is_out(client)
    assert not Session.objects.exists()


def test_a_session_ends_when_its_row_is_deleted(client: Client) -> None:
    Session.objects.all().delete()
    assert is_out(client)


def test_a_session_ends_in_time(client: Client) -> None:
    Session.objects.update(expire_date=timezone.now())
    assert is_out(client)


def test_who_is_no_longer_active_is_out(client: Client, marketer: User) -> None:
    User.objects.filter(pk=marketer.pk).update(is_active=False)
    assert is_out(client)


def test_a_new_password_ends_other_sessions(client: Client, marketer: User) -> None:
    marketer.set_password("another secret")
    marketer.save()
    assert is_out(client)


def test_a_deleted_user_is_out(client: Client, marketer: User) -> None:
    marketer.delete()
    assert is_out(client)


def test_a_session_is_of_whom_it_names(client: Client, stranger: User) -> None:
    """Also where its row says otherwise."""
    Session.objects.update(user=stranger)
    assert client.get(PAGE).status_code == 200


def test_a_changed_secret_keeps_who_is_signed_in(client: Client, settings: Any) -> None:
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another " * 10
    assert client.get(PAGE).status_code == 200
    settings.SECRET_KEY_FALLBACKS = []
    assert client.get(PAGE).status_code == 200


def test_a_time_zone_that_was_changed_elsewhere_is_that_of_the_next_page(client_of: ClientOf, admin: User) -> None:
    audit.record(admin, "workspace.change", Workspace.current())
    client = client_of(admin)
    assert "UTC" in client.get("/core/audit/").content.decode()
    Workspace.objects.update(time_zone="Asia/Tokyo")
    assert "JST" in client.get("/core/audit/").content.decode()


def test_a_session_that_was_ended_elsewhere_is_not_brought_back(client: Client) -> None:
    store = SessionStore(client.cookies["sessionid"].value)
    store["note"] = "kept"
    Session.objects.all().delete()
    with pytest.raises(UpdateError):
        store.save()


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_ends_at_the_last_moment_is_replaced(client_of: ClientOf, marketer: User) -> None:
    """When it was looked at, it was there."""
    store = SessionStore(client_of(marketer).cookies["sessionid"].value)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (process,) = cursor.fetchone()
    connection.health_check_done = True
    other = connection.copy()
    with closing(other), other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [process])  # waits until it is gone
    assert store["_auth_user_id"] == str(marketer.pk)
