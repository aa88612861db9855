"""What every page's frame needs."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from core import htmx, nav

THEMES = ("auto", "light", "dark")


def page(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    theme = request.COOKIES.get("theme", "auto")
    return {
        "navigation": nav.visible_to(user) if user is not None and user.is_authenticated else [],
        "nav_folded": request.COOKIES.get("nav") == "folded",
        "theme": theme if theme in THEMES else "auto",
        "languages": settings.LANGUAGES,
        "panel_layout": htmx.PANEL if hasattr(request, "htmx") and htmx.in_panel(request) else htmx.PANEL_AS_PAGE,
        "nav_here": _nav_here(request),
        "running_url": _url("jobs:running"),
    }


def _nav_here(request: HttpRequest) -> str:
    """The address of the item whose page, or a page below it, is open: the longest one that this path starts with."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return ""
    urls = [_url(item.url_name) for _key, _label, items in nav.visible_to(user) for item in items]
    return max((url for url in urls if url and request.path.startswith(url)), key=len, default="")


def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
