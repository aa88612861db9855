"""Times are shown in the workspace's time zone; errors that a person can act on become pages or toasts."""

from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone

from core import htmx
from core.errors import KindredError
from core.models import Workspace
from core.rest_errors import error_body
from core.settings_services import TIME_ZONE_KEY

KEEP_SECONDS = 60


class WorkspaceTimeZone:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with timezone.override(_zone(cache.get_or_set(TIME_ZONE_KEY, _stored, KEEP_SECONDS))):
            return self.get_response(request)


class Errors:
    """A KindredError that no view handled: JSON for scripts and HTMX (shown as a toast), a page for everyone else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, KindredError):
            return None
        if htmx.is_fragment(request) or not request.accepts("text/html"):
            return JsonResponse(error_body(error), status=error.status)
        return render(request, "kindred_error.html", {"error": error}, status=error.status)


def _stored() -> str:
    return Workspace.objects.filter(pk=1).values_list("time_zone", flat=True).first() or "UTC"


def _zone(name: str | None) -> ZoneInfo:
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
