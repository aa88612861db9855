"""Pages of the site itself."""

from itertools import groupby
from typing import Any, cast

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cdp_site import home as now
from cdp_site import styleguide as guide
from core import home as registry
from core import htmx, nav, palette
from core.context import THEMES
from core.text import fold

YEAR_SECONDS = 31_536_000


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    story = registry.story(user)
    following = next((step for step in story if not step.done), None)
    context = {"kpis": registry.kpis(user), "todos": registry.todos(user), "story": story, "following": following}
    return render(request, "home.html", context | _work(user))


@require_GET
def home_work(request: HttpRequest) -> HttpResponse:
    """The part of the home page that shows running work and fresh data; it asks again while something runs."""
    return render(request, "home/work.html", _work(cast(User, request.user)))


def _work(user: User) -> dict[str, Any]:
    return {
        "active": now.active_jobs(user),
        "last_refresh": now.last_refresh(user),
        "freshness": now.freshness(user),
    }


@require_POST
@login_not_required
def theme(request: HttpRequest) -> HttpResponse:
    """Keeps the choice of light or dark in a cookie, so that the first paint is right."""
    target = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()})
    response = HttpResponseRedirect(target if is_ours else reverse("home"))
    choice = request.POST.get("theme", "")
    if choice in THEMES:
        response.set_cookie("theme", choice, max_age=YEAR_SECONDS, samesite="Lax", secure=request.is_secure())
    return response


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Hits of the search for anything, grouped by kind: a fragment for the dialog, else a page."""
    query = request.GET.get("q", "").strip()
    user = cast(User, request.user)
    hits = [*_pages(user, query), *_actions(user, query), *palette.search(user, query)]
    groups = [(kind, list(found)) for kind, found in groupby(hits, key=lambda hit: hit.kind)]
    context = {"groups": groups, "query": query}
    return htmx.page_or_part(request, "search.html", "components/palette_results.html", context)


def _pages(user: User, query: str) -> list[palette.Hit]:
    """Pages of the navigation: every word of the query begins a word of the name, or of its section; names first."""
    words = fold(query).split()
    hits = [palette.Hit(_("Home"), reverse("home"), _("Pages"), "house")]
    for _key, section, items in nav.visible_to(user):
        for item in items:
            try:
                url = reverse(item.url_name)
            except NoReverseMatch:
                continue
            hits.append(palette.Hit(str(item.label), url, _("Pages"), item.icon, str(section)))
    by_name = [hit for hit in hits if _begins(hit.label, words)]
    by_section = [hit for hit in hits if hit not in by_name and words and _begins(f"{hit.label} {hit.hint}", words)]
    return [*by_name, *by_section]


def _actions(user: User, query: str) -> list[palette.Hit]:
    """What the user may begin: every word of the query begins a word of its name."""
    words = fold(query).split()
    return [
        palette.Hit(str(action.label), reverse(action.url_name), _("Actions"), action.icon)
        for action in palette.actions(user)
        if _begins(str(action.label), words)
    ]


def _begins(text: str, words: list[str]) -> bool:
    return all(any(part.startswith(word) for part in fold(text).split()) for word in words)


@require_GET
@login_not_required
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component in all its states, light and dark."""
    if "panel" in request.GET:
        return render(request, "styleguide/panel.html")
    return render(request, "styleguide/styleguide.html", guide.context(request))
