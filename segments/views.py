"""Pages of segments."""

import json
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRefresh

from core import htmx
from core.csv_files import csv_response
from core.errors import KindredError
from core.roles import actor
from rules.words import describe
from segments import export, lists, queries, services, usage
from segments.forms import SegmentForm
from segments.models import Segment
from segments.rows import MemberRows


@permission_required("segments.view_segment", raise_exception=True)
@require_http_methods(["GET", "POST"])
def list_(request: HttpRequest) -> HttpResponse:
    rows = lists.rows(queries.overview(Segment.objects.visible_to(request.user)))
    return lists.SEGMENTS.response(request, rows, "segments/list.html")


@permission_required("segments.add_segment", raise_exception=True)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    return _edit(request, None)


@permission_required("segments.change_segment", raise_exception=True)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    return _edit(request, _segment(request, slug))


@permission_required("segments.view_segment", raise_exception=True)
@require_http_methods(["GET", "POST"])
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    segment = _segment(request, slug)
    context: dict[str, Any] = {
        "segment": segment,
        "words": _words(segment),
        "uses": usage.segments.of(segment.slug),
        "chart": queries.chart(segment),
        "last_run": segment.runs.first(),
        "history": queries.history(segment),
        "problem": segment.problem,
    }
    try:
        return lists.MEMBERS.response(request, MemberRows.of(segment), "segments/detail.html", context)
    except KindredError as error:
        return render(request, "segments/detail.html", context | {"problem": error.message, "list": None})


@permission_required("segments.view_segment", raise_exception=True)
@require_GET
def gathering(request: HttpRequest, slug: str) -> HttpResponse:
    """Asked by the page of a segment that has just been made live, until its members are known."""
    segment = _segment(request, slug)
    if segment.size is None and not segment.problem and htmx.is_fragment(request):
        return render(request, "segments/partials/tiles.html", {"segment": segment})
    return HttpResponseClientRefresh() if htmx.is_fragment(request) else redirect(segment)


@permission_required("segments.view_segment", raise_exception=True)
@require_GET
def explain(request: HttpRequest, slug: str) -> HttpResponse:
    """Why somebody is in the segment or not, in the side panel."""
    segment = _segment(request, slug)
    profile_id = request.GET.get("profile", "").strip()
    context: dict[str, Any] = {
        "segment": segment,
        "profile_id": profile_id,
        "customer_url": reverse("profiles:detail", args=[profile_id or "-"]),
    }
    context["panel_layout"] = htmx.PANEL if htmx.in_panel(request) else htmx.PANEL_AS_PAGE
    if profile_id:
        try:
            context["verdict"] = services.explain(segment, profile_id, by=actor(request))
            context["person"] = services.person(profile_id)
        except KindredError as error:
            context["problem"] = error.message
    return render(request, "segments/explain.html", context)


@permission_required("segments.export_segment", raise_exception=True)
@require_GET
def members_csv(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    segment = _segment(request, slug)
    services.record_export(segment, by=actor(request))
    return csv_response(segment.slug, export.csv_lines(segment))


@require_POST
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    return _change(request, slug, services.publish, _("“%(name)s” is live."))


@require_POST
def unpublish(request: HttpRequest, slug: str) -> HttpResponse:
    return _change(request, slug, services.unpublish, _("“%(name)s” is a draft again."))


@require_POST
def duplicate(request: HttpRequest, slug: str) -> HttpResponse:
    copy = services.duplicate(_segment(request, slug), by=actor(request))
    messages.success(request, _("“%(name)s” was made.") % {"name": copy.name})
    return htmx.go_to(request, _address("segments:edit", copy))


@require_POST
def delete(request: HttpRequest, slug: str) -> HttpResponse:
    segment = _segment(request, slug)
    try:
        services.delete(segment, by=actor(request))
    except KindredError as error:
        messages.error(request, error.html)
        return htmx.go_to(request, segment.get_absolute_url())
    messages.success(request, _("“%(name)s” was deleted.") % {"name": segment.name})
    return htmx.go_to(request, _address("segments:list"))


def _edit(request: HttpRequest, segment: Segment | None) -> HttpResponse:
    initial = (
        {"name": segment.name, "description": segment.description, "rule": json.dumps(segment.rule)} if segment else {}
    )
    form = SegmentForm(request.POST or None, initial=initial or {"rule": '{"all": []}'})
    if request.method == "POST" and form.is_valid():
        try:
            saved = services.save(segment=segment, by=actor(request), **form.cleaned_data)
            if request.POST.get("then") == "publish":
                services.publish(saved, by=actor(request))
        except KindredError as error:
            form.add_error("name" if "name" in error.fields else None, str(error))
        else:
            words = _("“%(name)s” is live.") if saved.is_live else _("“%(name)s” was saved as a draft.")
            messages.success(request, words % {"name": saved.name})
            return htmx.go_to(request, saved.get_absolute_url())
    context = {
        "form": form,
        "segment": segment,
        "rule_json": form["rule"].value(),
        "words": _words(segment) if segment else "",
        "trend": queries.trend(segment) if segment else [],
        "uses": usage.segments.of(segment.slug) if segment else [],
    }
    return render(request, "segments/edit.html", context, status=422 if form.errors else 200)


def _change(request: HttpRequest, slug: str, verb: Any, words: str) -> HttpResponse:
    segment = _segment(request, slug)
    try:
        verb(segment, by=actor(request))
    except KindredError as error:
        messages.error(request, error.html)
    else:
        messages.success(request, words % {"name": segment.name})
    return htmx.go_to(request, segment.get_absolute_url())


def _segment(request: HttpRequest, slug: str) -> Segment:
    return get_object_or_404(Segment.objects.visible_to(request.user), slug=slug)


def _words(segment: Segment) -> str:
    try:
        return describe(segment.rule)
    except KindredError as error:
        return str(error)


def _address(name: str, segment: Segment | None = None) -> str:
    return reverse(name, args=[segment.slug] if segment else [])
