"""Named reads: segments by their references, their trends, and what they hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth.models import User
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import QuerySet
from django.db.models.functions import NullIf
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import audit, formats
from core.errors import KindredError
from core.home import Kpi, StoryStep, Todo
from core.models import AuditEntry
from core.palette import Hit
from core.usage import Use
from lake.queries import snapshot
from profiles.customers.panels import Panel
from rules.catalog import ID, MEMBERS
from rules.language import Rule, attributes_in, parse, segments_in, tables_in
from rules.references import SegmentReference
from segments.models import Segment, SegmentRun

TREND_RUNS = 30
HISTORY_SHOWN = 8


def references() -> list[SegmentReference]:
    """What the rule builder offers as "is in a segment"."""
    rows = Segment.objects.order_by("name").values_list("slug", "name", "state", "size", "rule")
    return [
        SegmentReference(slug, name, state == Segment.State.LIVE, size, rule) for slug, name, state, size, rule in rows
    ]


def uses() -> list[tuple[Use, set[str]]]:
    """Segments and the others that their rules speak of."""
    return [
        (Use(_("Segment"), s.name, s.get_absolute_url()), segments_of(s.rule) - {s.slug})
        for s in Segment.objects.order_by("name")
    ]


def uses_of_attributes() -> list[tuple[Use, set[str]]]:
    """Segments and the attributes that their rules speak of."""
    return [
        (Use(_("Segment"), s.name, s.get_absolute_url()), attributes_of(s.rule))
        for s in Segment.objects.order_by("name")
    ]


def uses_of_tables() -> list[tuple[Use, set[str]]]:
    """Segments and the tables that their rules speak of."""
    return [
        (Use(_("Segment"), s.name, s.get_absolute_url()), tables_of(s.rule)) for s in Segment.objects.order_by("name")
    ]


def attributes_of(rule: Any) -> set[str]:
    """Attributes in a stored rule; none for a rule that cannot be read."""
    try:
        return attributes_in(parse(rule))
    except KindredError:
        return set()


def segments_of(rule: Any) -> set[str]:
    """Short names of segments in a stored rule; none for a rule that cannot be read."""
    try:
        return segments_in(parse(rule))
    except KindredError:
        return set()


def tables_of(rule: Any) -> set[str]:
    """Tables in a stored rule, as they are written; none for a rule that cannot be read."""
    try:
        return tables_in(parse(rule))
    except KindredError:
        return set()


def circle(slug: str, rule: Rule) -> list[str]:
    """The short names of the circle that this rule of a segment would close, from it to itself; [] for none."""
    others = {s.slug: segments_of(s.rule) for s in Segment.objects.only("slug", "rule")} | {slug: segments_in(rule)}
    return _path(slug, slug, others, set()) or []


def _path(start: str, goal: str, others: Mapping[str, Iterable[str]], seen: set[str]) -> list[str] | None:
    for following in sorted(others.get(start, ())):
        if following == goal:
            return [start, goal]
        if following not in seen:
            seen.add(following)
            if rest := _path(following, goal, others, seen):
                return [start, *rest]
    return None


def trend(segment: Segment) -> list[int]:
    """The last sizes, oldest first."""
    return list(segment.runs.values_list("size", flat=True)[:TREND_RUNS])[::-1]


def overview(segments: QuerySet[Segment]) -> QuerySet[Segment]:
    """Segments with `share` of all customers and `trend`, the last sizes, newest first, for their list."""
    return segments.annotate(
        share=models.ExpressionWrapper(
            models.F("size") * 1.0 / NullIf(models.Subquery(_newest_run().values("of_all")), 0),
            output_field=models.FloatField(null=True),
        ),
        trend=ArraySubquery(_newest_run(TREND_RUNS).values("size")),
    )


def _newest_run(runs: int = 1) -> QuerySet[SegmentRun]:
    return SegmentRun.objects.filter(segment=models.OuterRef("pk")).order_by("-at", "-pk")[:runs]


def chart(segment: Segment) -> dict[str, Any] | None:
    """The sizes of the last refreshes for a line chart; None where there are fewer than two."""
    runs = list(segment.runs.all()[:TREND_RUNS])[::-1]
    if len(runs) < 2:
        return None
    return {
        "labels": formats.moments([run.at for run in runs]),
        "series": [{"name": _("Members"), "values": [run.size for run in runs]}],
        "format": "number",
    }


def palette_hits(user: User, query: str) -> list[Hit]:
    found = Segment.objects.visible_to(user).filter(name__icontains=query).order_by("name")[:6]
    return [Hit(s.name, s.get_absolute_url(), _("Segment"), "bullseye", _members(s)) for s in found]


def kpis(user: User) -> list[Kpi]:
    live = Segment.objects.visible_to(user).filter(state=Segment.State.LIVE)
    if not live.exists():
        return []
    largest = live.filter(size__isnull=False).order_by("-size").first()
    hint = _("Largest: %(name)s, %(count)s") % {"name": largest.name, "count": _members(largest)} if largest else ""
    return [Kpi(_("Live segments"), formats.number(live.count()), reverse("segments:list"), hint, order=30)]


def todos(user: User) -> list[Todo]:
    if not user.has_perm("segments.change_segment"):
        return []
    broken = Segment.objects.filter(state=Segment.State.LIVE).exclude(problem="").order_by("name")[:5]
    text = _("The segment “%(name)s” could not be refreshed: %(problem)s")
    return [
        Todo(text % {"name": s.name, "problem": s.problem}, reverse("segments:edit", args=[s.slug]), _("Edit segment"))
        for s in broken
    ]


def story_step(user: User) -> StoryStep:
    return StoryStep(
        order=3,
        title=_("Make a segment"),
        text=_("Find the people you want to reach, for example everyone with more than 1,000 loyalty points."),
        url=reverse("segments:new"),
        action=_("New segment"),
        done=Segment.objects.filter(state=Segment.State.LIVE).exists(),
    )


def panels(user: User, profile_id: str) -> list[Panel]:
    """The live segments that a customer is in, for the customer's page."""
    lake = snapshot()
    if not user.has_perm("segments.view_segment") or not lake.has(MEMBERS):
        return []
    rows = lake.lookup(MEMBERS, {ID: profile_id}, ["segment", "since"]).to_pylist()
    since = {row["segment"]: row["since"] for row in rows}
    segments = Segment.objects.filter(slug__in=since, state=Segment.State.LIVE).order_by("name")
    found = [{"segment": segment, "since": since[segment.slug]} for segment in segments]
    context = {"memberships": found, "profile_id": profile_id}
    return [Panel(_("Segments"), "segments/partials/customer_panel.html", context, order=20)]


def history(segment: Segment) -> list[tuple[AuditEntry, str]]:
    """The newest changes with what happened in words."""
    words = {
        "segment.add": _("made it"),
        "segment.change": _("changed it"),
        "segment.publish": _("made it live"),
        "segment.unpublish": _("made it a draft"),
        "segment.export": _("exported its members"),
    }
    return [(entry, words.get(entry.verb, entry.verb)) for entry in audit.history(segment)[:HISTORY_SHOWN]]


def _members(segment: Segment) -> str:
    if segment.size is None:
        return str(segment.get_state_display())
    return ngettext("%(count)s member", "%(count)s members", segment.size) % {"count": formats.number(segment.size)}
