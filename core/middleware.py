"""Times are shown in the workspace's time zone."""

from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from core.models import Workspace
from core.settings_services import TIME_ZONE_KEY

KEEP_SECONDS = 60


class WorkspaceTimeZone:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with timezone.override(_zone(cache.get_or_set(TIME_ZONE_KEY, _stored, KEEP_SECONDS))):
            return self.get_response(request)


def _stored() -> str:
    return Workspace.objects.filter(pk=1).values_list("time_zone", flat=True).first() or "UTC"


def _zone(name: str | None) -> ZoneInfo:
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
