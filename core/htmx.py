"""What HTMX means here, decided in one place."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django_htmx.middleware import HtmxDetails


def is_fragment(request: HttpRequest) -> bool:
    """True when the browser asks for a part of a page (and is not restoring one from its history)."""
    details = cast(HtmxDetails, request.htmx)  # type: ignore[attr-defined]
    return bool(details) and not details.history_restore_request


def page_or_part(request: HttpRequest, page: str, part: str, context: dict[str, Any]) -> HttpResponse:
    """Renders the fragment for HTMX and the whole page, which includes that fragment, for everyone else."""
    return render(request, part if is_fragment(request) else page, context)
