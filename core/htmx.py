"""What HTMX means here, decided in one place."""

from typing import Any, TypeVar, cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event
from django_htmx.middleware import HtmxDetails

R = TypeVar("R", bound=HttpResponse)

PANEL = "components/panel.html"
PANEL_AS_PAGE = "components/panel_page.html"


def details(request: HttpRequest) -> HtmxDetails:
    return cast(HtmxDetails, request.htmx)  # type: ignore[attr-defined]


def is_fragment(request: HttpRequest) -> bool:
    """True when the browser asks for a part of a page (and is not restoring one from its history)."""
    return bool(details(request)) and not details(request).history_restore_request


def page_or_part(request: HttpRequest, page: str, part: str, context: dict[str, Any]) -> HttpResponse:
    """Renders the fragment for HTMX and the whole page, which includes that fragment, for everyone else."""
    return render(request, part if is_fragment(request) else page, context)


def in_panel(request: HttpRequest) -> bool:
    """True when the answer lands in the side panel."""
    return is_fragment(request) and details(request).target == "panel"


def toast(response: R, text: Any, level: str = "success") -> R:
    """Shows a toast beside an HTMX answer. `level`: success, info, warning, error."""
    return trigger_client_event(response, "toast", {"text": str(text), "level": level})


def go_to(request: HttpRequest, url: str) -> HttpResponse:
    """A redirect that also works from the side panel; messages appear on the next page."""
    if is_fragment(request):
        return HttpResponseClientRedirect(url)
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response
