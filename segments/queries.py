"""Named reads: segments by their references, their trends, and what they hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from core.errors import KindredError
from rules.language import Rule, parse, segments_in
from rules.references import SegmentReference
from segments.models import Segment, SegmentRun
from segments.usage import Use

TREND_RUNS = 30


def references() -> list[SegmentReference]:
    """What the rule builder offers as "is in a segment"."""
    rows = Segment.objects.order_by("name").values_list("slug", "name", "state", "size", "rule")
    return [
        SegmentReference(slug, name, state == Segment.State.LIVE, size, rule) for slug, name, state, size, rule in rows
    ]


def refers_to(slug: str) -> list[Use]:
    """Segments whose rules speak of this one."""
    others = Segment.objects.exclude(slug=slug).order_by("name")
    return [Use(_("Segment"), s.name, s.get_absolute_url()) for s in others if slug in segments_of(s.rule)]


def segments_of(rule: Any) -> set[str]:
    """Short names of segments in a stored rule; none for a rule that cannot be read."""
    try:
        return segments_in(parse(rule))
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


def trends(segments: Iterable[Segment], runs: int = TREND_RUNS) -> dict[int, list[int]]:
    """The last sizes of each segment, oldest first."""
    found: dict[int, list[int]] = defaultdict(list)
    rows = SegmentRun.objects.filter(segment__in=list(segments)).order_by("segment_id", "-at", "-pk")
    for segment_id, size in rows.values_list("segment_id", "size"):
        if len(found[segment_id]) < runs:
            found[segment_id].insert(0, size)
    return found
