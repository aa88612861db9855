"""The flow of a journey: drawing a draft, watching a live one, trying it out."""

import json
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core import json_text
from core.errors import InvalidInput, KindredError
from journeys import graph as graphs
from journeys import kinds, queries, rehearsal, services
from journeys.cards import cards, kinds_json
from journeys.forms import GoalForm
from journeys.graph import START, Graph, Start
from journeys.models import Journey, JourneyVersion
from journeys.reasons import reason_words
from journeys.services.drafts import graph_from
from journeys.tree import Node, start_of, to_tree
from journeys.views.pages import actor, frame, loaded
from profiles.customers.queries import search
from profiles.models import Profile
from segments.models import Segment

MAX_FOUND = 8


@permission_required("journeys.view_journey", raise_exception=True)
@require_GET
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Drafts open for drawing; a journey with a version shows its people, and opens for drawing on request."""
    journey = loaded(request, slug)
    context = frame(request, journey, "detail")
    version = _shown_version(request, journey)
    is_over = journey.state in {Journey.State.COMPLETED, Journey.State.STOPPED}
    is_draft = version is None or ("edit" in request.GET and not is_over)
    graph = graphs.parse(journey.draft if is_draft or version is None else version.graph)
    can_draw = is_draft and context["can_edit"]
    data = _data(journey, graph, can_draw)
    if not is_draft and version is not None:
        data |= {"counts": _counts(version), "state": journey.state}
        data["urls"]["counts"] += f"?version={version.number}"
    context |= {
        "data": data,
        "outline": list(_outline(to_tree(graph), data["cards"], 0)),
        "start_card": data["cards"][START],
        "is_draft": is_draft,
        "can_draw": can_draw,
        "is_over": is_over,
        "shown": version,
        "versions": journey.versions.order_by("-number"),
        "troubles": list(version.troubles.all()) if version and not is_draft else [],
        "kinds": {kind.name: kind for kind in kinds.all_kinds()},
    }
    return render(request, "journeys/detail.html", context)


def _shown_version(request: HttpRequest, journey: Journey) -> JourneyVersion | None:
    asked = request.GET.get("version", "")
    rows = journey.versions.order_by("-number")
    return (rows.filter(number=int(asked)).first() if asked.isdecimal() and len(asked) < 6 else None) or rows.first()


def _data(journey: Journey, graph: Graph, can_edit: bool) -> dict[str, Any]:
    names = ("draft", "panel", "counts", "dry_run", "walk", "people")
    urls = {name: reverse(f"journeys:{name}", args=[journey.slug]) for name in names}
    return {
        "start": start_of(graph),
        "steps": to_tree(graph),
        "revision": journey.revision,
        "can_edit": can_edit,
        "cards": cards(graph),
        "kinds": kinds_json(),
        "problems": [p.as_dict() for p in services.validate(graph)] if can_edit else [],
        "hints": [hint.as_dict() for hint in services.hints(graph)] if can_edit else [],
        "reasons": reason_words(),
        "urls": urls,
    }


def _outline(nodes: list[Node], words: dict[str, Any], depth: int) -> Any:
    """The steps as indented lines: what is read before, or without, scripts."""
    for node in nodes:
        if "go_to" in node:
            continue
        kind = kinds.get(node["kind"])
        card = words.get(node["id"], {})
        label = node["label"] or (str(kind.label) if kind else node["kind"])
        yield {"label": label, "detail": card.get("detail", ""), "depth": depth, "icon": kind.icon if kind else ""}
        if "branches" in node:
            lists = [branch["steps"] for branch in node["branches"]] + [node["otherwise"]]
            for label, steps in zip(card.get("exits", []), lists, strict=False):
                yield {"label": label, "detail": "", "depth": depth + 1, "icon": "arrow-return-right"}
                yield from _outline(steps, words, depth + 2)


def _counts(version: JourneyVersion) -> dict[str, Any]:
    """By step id who stands where, and what became of those who passed, each with the address of its people."""
    found = queries.standings(JourneyVersion.objects.filter(pk=version.pk))
    counts: dict[str, Any] = {step_id: standing.as_dict() for step_id, standing in found.items()}
    behind = reverse("journeys:people_behind", args=[version.journey.slug])
    for step_id, figures in queries.figures(version).items():
        asked = {"step": step_id, "version": version.number}
        counts.setdefault(step_id, queries.Standing().as_dict())["figures"] = [
            figure.as_dict() | {"url": f"{behind}?{urlencode({'show': figure.show, **asked})}"} for figure in figures
        ]
    return counts


def _body(request: HttpRequest) -> dict[str, Any]:
    if len(request.body) > 2 * graphs.MAX_BYTES:
        raise InvalidInput(_("This journey is too large. Split it into several journeys."), code="too_large")
    value = json_text.load(request.body)
    if not isinstance(value, dict):
        raise InvalidInput(_("A journey is an object with a start and steps."))
    return value


def _refused(error: KindredError) -> JsonResponse:
    body = {"code": error.code, "message": str(error.message), "fields": error.fields, "place": error.place}
    return JsonResponse({"error": body}, status=error.status)


@permission_required("journeys.change_journey", raise_exception=True)
@require_POST
def draft(request: HttpRequest, slug: str) -> JsonResponse:
    """Autosave: the nested steps in; the revision, words for the cards and problems out."""
    journey = loaded(request, slug)
    try:
        body = _body(request)
        revision = body.get("revision")
        graph = graph_from(body)
        saved = services.save_draft(
            journey, graph, by=actor(request), revision=revision if isinstance(revision, int) else None
        )
    except KindredError as error:
        return _refused(error)
    return JsonResponse(
        {
            "revision": saved.revision,
            "cards": cards(graph),
            "problems": [problem.as_dict() for problem in services.validate(graph)],
            "hints": [hint.as_dict() for hint in services.hints(graph)],
            "has_changes": services.has_changes(saved),
        }
    )


@permission_required("journeys.view_journey", raise_exception=True)
@require_POST
def panel(request: HttpRequest, slug: str) -> HttpResponse:
    """The side panel of one step as it stands in the browser, of the start, or of the whole journey."""
    journey = loaded(request, slug)
    try:
        body = _body(request)
        can_edit = bool(body.get("can_edit")) and request.user.has_perm("journeys.change_journey")
        if body.get("id") == START:
            return render(request, "journeys/panels/start.html", _start_context(body, journey) | {"can_edit": can_edit})
        if body.get("step"):
            return render(request, "journeys/panels/step.html", _step_context(body, journey) | {"can_edit": can_edit})
    except KindredError as error:
        return render(request, "journeys/panels/refused.html", {"message": error.message})
    graph = graphs.parse(journey.draft)
    context = {
        "journey": journey,
        "can_edit": can_edit,
        "problems": _named(graph, services.validate(graph)) if can_edit else [],
        "hints": _named(graph, services.hints(graph)) if can_edit else [],
        "form": GoalForm(journey),
        "steps": len(graph.steps),
    }
    return render(request, "journeys/panels/journey.html", context)


def _start_context(body: dict[str, Any], journey: Journey) -> dict[str, Any]:
    start = Start(**{key: value for key, value in dict(body.get("start") or {}).items() if key in Start.model_fields})
    segments = list(Segment.objects.order_by("name"))
    return {
        "journey": journey,
        "start": start,
        "segments": segments,
        "chosen": next((segment for segment in segments if segment.slug == start.segment), None),
    }


def _step_context(body: dict[str, Any], journey: Journey) -> dict[str, Any]:
    graph = graph_from(
        {"start": {}, "steps": [{**body["step"], "otherwise": []}] if "branches" in body["step"] else [body["step"]]}
    )
    step = graph.steps[0]
    kind = kinds.kind_of(step)
    return {"journey": journey, "step": step, "kind": kind, "panel": kind.panel, **kind.panel_context(step)}


def _named(graph: Graph, problems: list[kinds.Problem]) -> list[dict[str, str]]:
    """Problems or hints with the name of their step, as a list to jump from."""
    steps = graph.by_id()
    found = []
    for problem in problems:
        step = steps.get(problem.step)
        name = _("Start") if step is None else step.label or str(kinds.kind_of(step).label)
        found.append({"step": problem.step, "name": name, "message": problem.message})
    return found


@permission_required("journeys.change_journey", raise_exception=True)
@require_POST
def goal(request: HttpRequest, slug: str) -> HttpResponse:
    journey = loaded(request, slug)
    form = GoalForm(journey, request.POST)
    if form.is_valid():
        data = form.cleaned_data
        services.set_goal(journey, data["conversion_activity"], data["conversion_days"], by=actor(request))
    return render(
        request,
        "journeys/partials/goal.html",
        {"journey": journey, "form": form, "saved": form.is_valid(), "can_edit": True},
        status=200 if form.is_valid() else 422,
    )


@permission_required("journeys.view_journey", raise_exception=True)
@require_GET
def counts(request: HttpRequest, slug: str) -> JsonResponse:
    journey = loaded(request, slug)
    version = _shown_version(request, journey)
    return JsonResponse({"state": journey.state, "counts": _counts(version) if version else {}})


@permission_required("journeys.view_journey", raise_exception=True)
@require_POST
def dry_run(request: HttpRequest, slug: str) -> JsonResponse:
    """Counts per step and branch on the real segment; nothing is written or sent."""
    journey = loaded(request, slug)
    try:
        return JsonResponse(rehearsal.dry_run(graphs.parse(journey.draft), timezone.now()).as_dict())
    except KindredError as error:
        return _refused(error)


@permission_required("journeys.view_journey", raise_exception=True)
@require_GET
def walk_person(request: HttpRequest, slug: str) -> HttpResponse:
    """Walk this person through: search, choose, and see the way. Needs the right to see customers."""
    journey = loaded(request, slug)
    people = Profile.objects.visible_to(request.user)
    context: dict[str, Any] = {"journey": journey, "query": request.GET.get("q", "").strip()}
    graph = graphs.parse(journey.draft)
    if profile_id := request.GET.get("profile", ""):
        person = people.filter(pk=profile_id).first()
        context["person"] = person
        try:
            context["way"] = rehearsal.walk(graph, person.pk, timezone.now()) if person else []
        except KindredError as error:
            context["error"] = error.message
        context["marks_json"] = json.dumps(_marks(context.get("way", [])))
    elif context["query"]:
        context["found"] = search(context["query"], MAX_FOUND) if people.exists() else []
    else:
        ids = rehearsal.some_members(graph.start.segment, MAX_FOUND)
        context["found"] = list(people.filter(pk__in=ids)) or list(people[:MAX_FOUND])
        context["is_sample"] = bool(ids)
    return render(request, "journeys/panels/walk.html", context)


def _marks(way: list[rehearsal.WalkStep]) -> list[str]:
    """Ids of the cards and paths that the canvas lights up."""
    marks = []
    for step in way:
        marks.append(step.step)
        if step.exit is not None:
            marks.append(f"{step.step}:{step.exit}")
    return marks


__all__ = ["counts", "detail", "draft", "dry_run", "goal", "panel", "walk_person"]
