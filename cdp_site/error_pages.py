"""What answers where no view did: a page for people, the API's one error shape for programs."""

import sys
from typing import Any

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views import defaults

API = "/api/v1/"
RETRY_SECONDS = 5


def not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    if request.path.startswith(API):
        return _error(404, "not_found", _("There is nothing at this address. All of them are in /api/schema/."))
    return defaults.page_not_found(request, exception)


def failed(request: HttpRequest, *args: Any) -> HttpResponseBase:
    """503 where it is the database that does not answer: that passes, and whoever asks may ask again."""
    if isinstance(sys.exception(), OperationalError):
        answer = _away(request)
        answer.headers["Retry-After"] = str(RETRY_SECONDS)
        return answer
    if request.path.startswith(API):
        return _error(500, "failed", _("Something went wrong here. It is in the log; try again later."))
    return defaults.server_error(request)


def _away(request: HttpRequest) -> HttpResponse:
    if request.path.startswith(API) or "HX-Request" in request.headers:  # `request.htmx` may not be there yet
        return _error(503, "unavailable", _("The database does not answer. Try again in a moment."))
    return HttpResponse(render_to_string("500.html", {"away": True}), status=503)


def _error(status: int, code: str, message: str) -> JsonResponse:
    return JsonResponse({"error": {"code": code, "message": message, "fields": {}, "place": ""}}, status=status)
