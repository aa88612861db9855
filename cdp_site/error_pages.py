"""What answers where no view did: a page for people, the API's one error shape for programs."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.utils.translation import gettext as _
from django.views import defaults

API = "/api/v1/"


def not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    if request.path.startswith(API):
        return _error(404, "not_found", _("There is nothing at this address. All of them are in /api/schema/."))
    return defaults.page_not_found(request, exception)


def failed(request: HttpRequest, *args: Any) -> HttpResponseBase:
    if request.path.startswith(API):
        return _error(500, "failed", _("Something went wrong here. It is in the log; try again later."))
    return defaults.server_error(request)


def _error(status: int, code: str, message: str) -> JsonResponse:
    return JsonResponse({"error": {"code": code, "message": message, "fields": {}, "place": ""}}, status=status)
