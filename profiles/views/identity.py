"""On a customer's page: take apart who is not one person, join who is, and what happened to the identity."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core import htmx
from core.errors import KindredError
from core.roles import actor
from jobs.models import Job
from lake.queries import Snapshot, snapshot
from profiles.customers import facts, queries
from profiles.models import Profile
from profiles.review import unmerge
from profiles.review.unmerge import Part, Record

FOUND = 8
SHOWN = 12  # attributes of a preview
RECORD = ":"  # between table and id in a form's value


def _page(request: HttpRequest, name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    layout = htmx.PANEL if htmx.is_fragment(request) else htmx.PANEL_AS_PAGE
    return render(request, f"profiles/{name}.html", context | {"panel_layout": layout}, status=status)


def _profile(request: HttpRequest, pk: str) -> Profile:
    profile: Profile = get_object_or_404(Profile.objects.visible_to(request.user), pk=pk)
    return profile


@permission_required(["profiles.view_profile", "profiles.add_decision"], raise_exception=True)
@require_http_methods(["GET", "POST"])
def take_apart(request: HttpRequest, pk: str) -> HttpResponse:
    """Which records are somebody else? With a preview of both people; then decisions, and a run."""
    profile, now = _profile(request, pk), snapshot()
    data = request.POST if request.method == "POST" else request.GET
    chosen = [_record(value) for value in data.getlist("record")]
    if not chosen and "chosen" not in data:
        weakest = unmerge.weakest(now, pk)
        chosen = [weakest] if weakest else []
    error, parts = None, None
    try:
        if request.method == "POST":
            _act, job = unmerge.take_apart(pk, chosen, by=actor(request))
            messages.success(request, _told(_("They will be taken apart."), job))
            return htmx.go_to(request, profile.get_absolute_url())
        parts = unmerge.preview(now, pk, chosen)
    except KindredError as problem:
        error = problem if "chosen" in data else None
    records = [(record, RECORD.join((record.table, record.record_id))) for record in facts.records(now, pk, True)]
    context = {
        "profile": profile,
        "records": [(r, value, (r.table, r.record_id) in chosen) for r, value in records],
        "error": error,
        "parts": [_shown(now, part) for part in parts] if parts else [],
    }
    return _page(request, "unmerge", context, 422 if error and request.method == "POST" else 200)


def _record(text: str) -> Record:
    table, _sign, record = text.partition(RECORD)
    return table, record


def _shown(now: Snapshot, part: Part) -> dict[str, Any]:
    """A person that is not there yet, as far as the page shows them."""
    known = [a for a in now.attributes() if part.attributes.get(a.name) and facts.is_shown(a)]
    values = [(a.label, facts.shown(part.attributes[a.name], a)) for a in known]
    return {"part": part, "values": values[:SHOWN], "count": len(part.records)}


@permission_required(["profiles.view_profile", "profiles.add_decision"], raise_exception=True)
@require_http_methods(["GET", "POST"])
def same_person(request: HttpRequest, pk: str) -> HttpResponse:
    """Search another customer, compare, join."""
    profile, now = _profile(request, pk), snapshot()
    if request.method == "POST":
        try:
            _act, job = unmerge.join(pk, request.POST.get("other", ""), by=actor(request))
        except KindredError as problem:
            return _page(request, "same_person", {"profile": profile, "error": problem}, 422)
        messages.success(request, _told(_("They will be one customer."), job))
        return htmx.go_to(request, profile.get_absolute_url())
    text, other_id = request.GET.get("q", "").strip(), request.GET.get("other", "")
    other = Profile.objects.visible_to(request.user).filter(pk=other_id).first() if other_id else None
    if other_id and other is None:
        raise Http404
    found = [p for p in queries.search(text, FOUND + 1) if p.pk != pk][:FOUND] if text else []
    context: dict[str, Any] = {"profile": profile, "q": text, "found": found, "other": other}
    if other is not None:
        context["rows"] = _compared(now, profile, other)
    return _page(request, "same_person", context)


def _compared(now: Snapshot, one: Profile, other: Profile) -> list[tuple[str, str, str, bool]]:
    """(label, value, value, do they differ) of all that either has."""
    rows: dict[str, list[str]] = {}
    for side, profile in enumerate((one, other)):
        for group in facts.facts(now, profile):
            for fact in group.facts:
                rows.setdefault(fact.label, ["", ""])[side] = fact.value
    return [(label, left, right, bool(left and right and left != right)) for label, (left, right) in rows.items()]


@permission_required(["profiles.view_profile", "profiles.delete_decision"], raise_exception=True)
@require_POST
def undo(request: HttpRequest, pk: str) -> HttpResponse:
    profile = _profile(request, pk)
    try:
        job = unmerge.undo(request.POST.get("act", ""), by=actor(request))
    except KindredError as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _told(_("Taken back."), job))
    return htmx.go_to(request, profile.get_absolute_url())


def _told(what: str, job: Job | None) -> str:
    if job is not None:
        return _("%(what)s A run has started; the pages change when it is over.") % {"what": what}
    return _("%(what)s Another run is under way; it takes effect with the next one.") % {"what": what}
