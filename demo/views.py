"""The mail reader of the local SMTP sink."""

import re
from datetime import UTC, datetime
from pathlib import Path

from csp.constants import NONE, UNSAFE_INLINE
from csp.decorators import csp
from django.conf import settings
from django.contrib.auth.decorators import permission_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from core.lists import Column, Empty, ListPage
from demo import mailbox
from demo.sink import Entry, path_of

MAY_READ = permission_required("core.view_workspace", raise_exception=True)
IMAGES = ["http:", "https:", "data:"]
PICTURE = re.compile(r"(<img\b[^>]*?)\ssrc=", re.IGNORECASE)
# A mail is somebody else's page: no script, no form, no frame, and nothing of ours to read.
SANDBOX = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
}

PAGE = ListPage(
    name="mails",
    columns=[
        Column("recipients", gettext_lazy("To"), sort=False, link=True),
        Column("subject", gettext_lazy("Subject"), sort=False),
        Column("at", gettext_lazy("Arrived"), "ago", sort=False, value=lambda entry: _arrived(entry)),
        Column("size", gettext_lazy("Size"), "bytes", sort=False),
    ],
    search=["recipients", "subject"],
    search_hint=gettext_lazy("Recipient or subject"),
    key=lambda entry: str(entry.number),
    url=lambda entry: reverse("demo:mail", args=[entry.number]),
    empty=Empty(
        gettext_lazy("No mail yet"),
        gettext_lazy("Publish a journey or send a test: what is sent arrives here and goes nowhere else."),
        icon="envelope",
    ),
)


def _arrived(entry: Entry) -> datetime:
    return datetime.fromtimestamp(entry.at, UTC)


def _folder() -> Path:
    if not settings.USES_SINK:
        raise Http404(_("Mail goes to a real mail server, not to the local sink."))
    return Path(settings.DATA_DIR) / "mail"


def _mail(number: int) -> mailbox.Mail:
    mail = mailbox.read(_folder(), number)
    if mail is None:
        raise Http404(_("There is no such mail."))
    return mail


@MAY_READ
@require_http_methods(["GET", "HEAD", "POST"])
def mails(request: HttpRequest) -> HttpResponse:
    return PAGE.response(request, mailbox.MailRows(_folder()), "demo/mails.html")


@MAY_READ
@require_safe
def mail(request: HttpRequest, number: int) -> HttpResponse:
    found = _mail(number)
    folder = _folder()
    return render(
        request,
        "demo/mail.html",
        {
            "mail": found,
            "images": "images" in request.GET,
            "has_images": "<img" in found.html.lower(),
            "older": number - 1 if path_of(folder, number - 1).is_file() else None,
            "newer": number + 1 if path_of(folder, number + 1).is_file() else None,
        },
    )


@MAY_READ
@require_safe
@csp(SANDBOX)  # type: ignore[arg-type]  # it passes on what the address holds
def mail_html(request: HttpRequest, number: int) -> HttpResponse:
    """The mail's own page, without its pictures: loading them counts as opening the mail."""
    return _html(PICTURE.sub(r"\1 data-src=", _mail(number).html))


@MAY_READ
@require_safe
@csp(SANDBOX | {"img-src": IMAGES})  # type: ignore[arg-type]
def mail_html_images(request: HttpRequest, number: int) -> HttpResponse:
    return _html(_mail(number).html)


def _html(text: str) -> HttpResponse:
    response = HttpResponse('<!doctype html><base target="_blank">' + text)
    response["Referrer-Policy"] = "no-referrer"
    return response


@MAY_READ
@require_safe
def mail_source(request: HttpRequest, number: int) -> FileResponse:
    _mail(number)
    path = path_of(_folder(), number)
    return FileResponse(path.open("rb"), as_attachment=True, filename=f"{number}.eml", content_type="message/rfc822")
