"""Whether this process can do its work, for load balancers and process managers."""

from collections.abc import Callable
from typing import cast

from django.core.cache import caches
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from core.cache import Cache

PATH = "/health/"


def health_middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answers `/health/` before hosts, https and sign-in are looked at: probes come from inside."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return answer() if request.path == PATH else get_response(request)

    return middleware


def answer() -> JsonResponse:
    """200 when database and broker answer, else 503; says which does not."""
    parts = {"database": _database_answers(), "broker": _broker_answers()}
    return JsonResponse(parts, status=200 if all(parts.values()) else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _broker_answers() -> bool:
    return cast(Cache, caches["default"]).answers()
