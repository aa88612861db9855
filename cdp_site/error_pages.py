"""What answers where no view did: a page for people, the API's one error shape for programs."""

import errno
import sys
from typing import Any

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views import defaults
from psycopg.errors import DiskFull

from core.rest_errors import API

RETRY_SECONDS = 5


def not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    if request.path.startswith(API):
        return _error(404, "not_found", _("There is nothing at this address. All of them are in /api/schema/."))
    return defaults.page_not_found(request, exception)


def misread(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    if request.path.startswith(API):
        return _error(400, "invalid", _("This request cannot be understood."))
    return defaults.bad_request(request, exception)


def failed(request: HttpRequest, *args: Any) -> HttpResponseBase:
    """503 where what Kindred stands on gave way: that passes, and whoever asks may ask again."""
    away = _away(sys.exception())
    wants_json = request.path.startswith(API) or "HX-Request" in request.headers  # `request.htmx` may not be there yet
    if away is None:
        if request.path.startswith(API):
            return _error(500, "failed", _("Something went wrong here. It is in the log; try again later."))
        return defaults.server_error(request)
    answer: HttpResponse = (
        _error(503, "unavailable", away)
        if wants_json
        else HttpResponse(render_to_string("500.html", {"away": away}), status=503)
    )
    answer.headers["Retry-After"] = str(RETRY_SECONDS)
    return answer


def _away(error: BaseException | None) -> str | None:
    """What gave way, in words; None where it is a fault of our own."""
    is_full = isinstance(error, OSError) and error.errno == errno.ENOSPC
    if isinstance(error, OperationalError):
        is_full = isinstance(error.__cause__, DiskFull)
    if is_full:
        return _("The server's disk is full. Tell an administrator: there must be room before anything can be saved.")
    if isinstance(error, OperationalError):
        return _("The database does not answer. Try again in a moment; if it stays, tell an administrator.")
    return None


def _error(status: int, code: str, message: str) -> JsonResponse:
    return JsonResponse({"error": {"code": code, "message": message, "fields": {}, "place": ""}}, status=status)
