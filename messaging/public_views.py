"""The addresses in sent mails. Open to everyone, without cookies; each does one thing and tells nothing."""

from base64 import b64decode

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from core.models import Workspace
from messaging import tracking
from messaging.models import Message

PIXEL = b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
MAX_AGENT = 500


def _agent(request: HttpRequest) -> str:
    return request.headers.get("User-Agent", "")[:MAX_AGENT]


def _is_machine(request: HttpRequest) -> bool:
    return tracking.is_machine(request.method or "GET", request.headers)


@login_not_required
@never_cache
@require_safe
def open_pixel(request: HttpRequest, token: str) -> HttpResponse:
    """Always the same picture, so that nobody learns whether a token is good."""
    tracking.opened(token, user_agent=_agent(request), by_machine=_is_machine(request))
    return HttpResponse(PIXEL, content_type="image/gif")


@login_not_required
@never_cache
@require_safe
def click(request: HttpRequest, token: str) -> HttpResponse:
    url = tracking.clicked(token, user_agent=_agent(request), by_machine=_is_machine(request))
    if url is None:
        raise Http404
    response = HttpResponseRedirect(url)
    response["Referrer-Policy"] = "no-referrer"
    return response


@csrf_exempt
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks, and changes nothing (scanners follow links); POST does it: the page's button, or RFC 8058 one click.

    The token is the permission: it was sent to this address alone. So no cookie is needed.
    """
    message = tracking.message_of(token)
    if message is None:
        raise Http404
    if request.method != "POST":
        return _page(request, message, "ask")
    if request.POST.get("List-Unsubscribe") == "One-Click":
        tracking.unsubscribed(message, source="one click", user_agent=_agent(request))
        return HttpResponse(status=200)
    if request.POST.get("action") == "resubscribe":
        tracking.resubscribed(message)
        return _page(request, message, "back")
    tracking.unsubscribed(message, source="unsubscribe page", user_agent=_agent(request))
    return _page(request, message, "done")


def _page(request: HttpRequest, message: Message, state: str) -> HttpResponse:
    context = {"state": state, "address": message.address, "company": Workspace.current().company_name}
    return render(request, "messaging/unsubscribe.html", context)
