"""Customers: the list and one person's page."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from core import formats, htmx
from core.roles import actor
from lake.queries import snapshot
from lake.specs import Attribute
from lake.words import column_title, table_title
from profiles.customers import facts, history, queries
from profiles.customers.kept_texts import for_reader
from profiles.customers.page import customers_page
from profiles.customers.panels import panels
from profiles.customers.rows import CustomerRows
from profiles.customers.timeline import Activity, Kind, timeline, timeline_with_kinds
from profiles.models import ActivityType, Profile
from profiles.review import unmerge

# By a word in the kind of activity.
ICONS = (
    ("order", "bag"), ("purchase", "bag"), ("receipt", "receipt"), ("web", "globe"), ("visit", "globe"),
    ("review", "star"), ("point", "award"), ("mail", "envelope"), ("message", "envelope"), ("case", "chat-left-text"),
)  # fmt: skip
OTHER_ICON = "calendar-event"
EVENTS_SHOWN = 5  # of the identity; the timeline has all


@permission_required("profiles.view_profile", raise_exception=True)
@require_http_methods(["GET", "POST"])
def list_(request: HttpRequest) -> HttpResponse:
    rows = CustomerRows(Profile.objects.visible_to(request.user))
    page = customers_page(snapshot())
    return page.response(request, rows, "profiles/list.html", {"people": queries.total()})


@permission_required("profiles.view_profile", raise_exception=True)
@require_GET
def detail(request: HttpRequest, pk: str) -> HttpResponse:
    profile = queries.person(Profile.objects.visible_to(request.user), pk)
    if profile.pk != pk:
        return redirect(profile, permanent=False)
    now = snapshot()
    measures = facts.key_measures(now, profile.pk)
    records = facts.records(now, profile.pk)
    context = {
        "profile": profile,
        "groups": facts.facts(now, profile),
        "measures": measures,
        "key_measures": measures[: facts.KEY_MEASURES],
        "records": records,
        "acts": unmerge.acts_of([(r.table, r.record_id) for r in records]),
        "events": history.of(profile.pk, actor(request), limit=EVENTS_SHOWN),
        "panels": panels(actor(request), profile.pk),
        **_timeline(request, profile),
    }
    return render(request, "profiles/detail.html", context)


@permission_required("profiles.view_profile", raise_exception=True)
@require_GET
def timeline_part(request: HttpRequest, pk: str) -> HttpResponse:
    """The next activities; without HTMX, the page with the same filters."""
    profile = get_object_or_404(Profile.objects.visible_to(request.user), pk=pk)
    if not htmx.is_fragment(request):
        return redirect(f"{profile.get_absolute_url()}?{request.GET.urlencode()}")
    part = "items" if request.GET.get("before") else "timeline"
    return render(request, f"profiles/partials/{part}.html", {"profile": profile, **_timeline(request, profile)})


@permission_required("profiles.view_profile", raise_exception=True)
@require_GET
def origin(request: HttpRequest, pk: str, attribute: str) -> HttpResponse:
    """Where one value comes from, and the values that lost."""
    profile = get_object_or_404(Profile.objects.visible_to(request.user), pk=pk)
    now = snapshot()
    known = {a.name: a for a in now.attributes()}
    if attribute not in known:
        raise Http404
    kind = known[attribute]
    found = [
        (item, _in_words(item.value, kind), table_title(now, item.table)) for item in facts.origins(now, pk, attribute)
    ]
    context = {"profile": profile, "label": column_title(kind), "origins": found, "panel_layout": _layout(request)}
    return render(request, "profiles/origin.html", context)


@permission_required("profiles.view_profile", raise_exception=True)
@require_GET
def records(request: HttpRequest, pk: str) -> HttpResponse:
    """The source records of a person as they were delivered."""
    profile = get_object_or_404(Profile.objects.visible_to(request.user), pk=pk)
    found = facts.records(snapshot(), pk, with_values=True)
    context = {"profile": profile, "records": found, "panel_layout": _layout(request)}
    return render(request, "profiles/records.html", context)


def _in_words(value: str, kind: Attribute) -> str:
    return formats.phone(value) if kind.semantic == "contact.phone" else for_reader(value, kind)


def _layout(request: HttpRequest) -> str:
    return htmx.PANEL if htmx.is_fragment(request) else htmx.PANEL_AS_PAGE


def _timeline(request: HttpRequest, profile: Profile) -> dict[str, Any]:
    chosen = [kind for kind in request.GET.getlist("type") if kind]
    before, user = request.GET.get("before", ""), actor(request)
    kinds: list[Kind] = []
    if before:
        page = timeline(profile.pk, chosen, before, user=user)
    else:
        page, kinds = timeline_with_kinds(profile.pk, chosen, user)
    return {
        "activities": [_shown(item) for item in page.items],
        "next": page.next,
        "chosen": chosen,
        "is_declared": bool(page.items) or ActivityType.objects.exists(),
        "kinds": [{"kind": kind, "on": kind.type in chosen} for kind in kinds],
    }


def _shown(item: Activity) -> dict[str, Any]:
    amount = formats.money(item.amount, item.currency) if item.amount is not None else ""
    icon = item.icon or next((icon for word, icon in ICONS if word in item.type.lower()), OTHER_ICON)
    return {"item": item, "icon": icon, "end": amount, "text": item.kind}
