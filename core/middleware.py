"""Who asks is known behind a proxy, too; times are shown in the workspace's time zone; errors that a person can act on
become pages or toasts; an address of a button alone leads to its page."""

from collections.abc import Callable
from ipaddress import IPv6Address, ip_address
from typing import cast

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import User
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from core import htmx
from core.errors import KindredError, SignOfNoText
from core.models import Workspace, zone_named
from core.rest_errors import API, error_body, is_sign_of_no_text
from core.sessions import session_of, signed_in
from core.settings_services import TIME_ZONE_KEY

KEEP_SECONDS = 60


class ClientAddress:
    """Makes REMOTE_ADDR the client's: of X-Forwarded-For, the last address that is none of TRUSTED_PROXIES. Without a
    trusted proxy the header is whatever somebody wrote, and nothing changes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.TRUSTED_PROXIES:
            address: str = request.META.get("REMOTE_ADDR", "")
            hops = request.headers.get("X-Forwarded-For", "").split(",")
            while hops and _is_trusted(address):
                address = hops.pop().strip() or address
            request.META["REMOTE_ADDR"] = address
        return self.get_response(request)


class Authentication(AuthenticationMiddleware):
    """`request.user` was read with the session."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = cast(User, SimpleLazyObject(lambda: signed_in(request)))


class WorkspaceTimeZone:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with timezone.override(zone_named(_told(request) or cache.get_or_set(TIME_ZONE_KEY, _stored, KEEP_SECONDS))):
            return self.get_response(request)


class Errors:
    """A KindredError that no view handled: JSON for the API, scripts and HTMX (shown as a toast), a page for everyone
    else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if is_sign_of_no_text(error):
            error = SignOfNoText()
        if not isinstance(error, KindredError):
            return None
        is_api = request.path.startswith(API)
        if is_api or htmx.is_fragment(request) or not request.accepts("text/html"):
            return JsonResponse(error_body(error), status=error.status)
        return render(request, "kindred_error.html", {"error": error}, status=error.status)


class ButtonAddresses:
    """Who reloads, or keeps, an address that only a button posts to comes to the page that the button stands on: the
    nearest one above it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_visit = request.method in ("GET", "HEAD") and request.accepts("text/html") and not htmx.is_fragment(request)
        if not isinstance(response, HttpResponseNotAllowed) or not is_visit:  # the API refuses in its own way
            return response
        return redirect(_page_above(request.path))


def _page_above(path: str) -> str:
    """ "/segments/loyal/publish/" → "/segments/loyal/"."""
    above = path.rstrip("/").rpartition("/")[0] + "/"
    while above != "/":
        try:
            resolve(above)
        except Resolver404:
            above = above.rstrip("/").rpartition("/")[0] + "/"
        else:
            return above
    return above


def _is_trusted(address: str) -> bool:
    """A socket has no address: only who runs on this machine gets in there."""
    if not address:
        return True
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return any(found in network for network in settings.TRUSTED_PROXIES)


def _told(request: HttpRequest) -> str | None:
    """The zone that was read with the session of who is signed in."""
    session = session_of(request)
    return session.time_zone if session.session_key and request.user.is_authenticated else None


def _stored() -> str:
    return Workspace.objects.filter(pk=1).values_list("time_zone", flat=True).first() or "UTC"
