"""Sessions in the database, each read together with who is signed in and the workspace's time zone: one question tells
a request all that it must know before it is let in."""

from typing import Any, cast

from django.conf import settings
from django.contrib import auth
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import OperationalError, connection, models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

_OF_USER = [field.attname for field in User._meta.concrete_fields]
# Written out: putting such a statement together takes Django longer than it takes the database to answer it.
SIGNED_IN = f"""
    SELECT {", ".join(f"auth_user.{name}" for name in _OF_USER)}, session_data, coalesce(time_zone, 'UTC')
    FROM core_session JOIN auth_user ON auth_user.id = core_session.user_id
    LEFT JOIN core_workspace ON core_workspace.id = 1
    WHERE session_key = %s AND expire_date > %s
"""  # noqa: S608 - names of columns


class SessionStore(db.SessionStore):
    """`user` and `time_zone` are there once a session of somebody who signed in was read; else None."""

    user: User | None = None
    time_zone: str | None = None

    @classmethod
    def get_model_class(cls) -> "type[Session]":
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> "Session":
        row = cast(Session, super().create_model_instance(data))
        row.user_id = data.get(auth.SESSION_KEY)
        return row

    def load(self) -> dict[str, Any]:
        try:
            row = self._signed_in()
        except OperationalError:
            if connection.in_atomic_block:
                raise
            connection.close()  # the server was about to end it; a request that asks who is there has done nothing yet
            row = self._signed_in()
        if row is None:
            return super().load()
        *user, data, self.time_zone = row
        self.user = User.from_db(connection.alias, _OF_USER, user)
        return dict(self.decode(data))

    def _signed_in(self) -> tuple[Any, ...] | None:
        with connection.cursor() as cursor:
            cursor.execute(SIGNED_IN, [self.session_key, timezone.now()])
            found: tuple[Any, ...] | None = cursor.fetchone()
            return found


class Session(AbstractBaseSession):
    """A browser that came with a cookie. `user`: who signed in with it; sessions end with their user."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")

    class Meta(AbstractBaseSession.Meta):
        default_permissions = ()

    @classmethod
    def get_session_store_class(cls) -> type[SessionStore]:
        return SessionStore


def session_of(request: HttpRequest) -> SessionStore:
    return cast(SessionStore, request.session)


def signed_in(request: HttpRequest) -> AbstractBaseUser | AnonymousUser:
    """Who asks. As Django's `get_user`, which is asked itself where anything is unlike the usual."""
    session = session_of(request)
    told = {key: session.get(key, "") for key in (auth.SESSION_KEY, auth.BACKEND_SESSION_KEY, auth.HASH_SESSION_KEY)}
    user = session.user
    if (
        user is not None
        and user.is_active
        and str(user.pk) == told[auth.SESSION_KEY]
        and told[auth.BACKEND_SESSION_KEY] in settings.AUTHENTICATION_BACKENDS
        and constant_time_compare(told[auth.HASH_SESSION_KEY], user.get_session_auth_hash())
    ):
        return user
    return auth.get_user(request)
