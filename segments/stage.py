"""The refresh's step for segments, and the same work for single ones after a change."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from jobs.registry import Context, Subject, job_kind
from jobs.stages import RefreshStage, StageResult
from lake.queries import snapshot
from lake.specs import MIRRORED
from rules.catalog import ACTIVITIES, MEASURES, MEMBERS, PROFILES
from rules.language import is_relative
from rules.services import moment
from segments.members import refresh_members
from segments.models import Segment
from segments.services import REFRESH_KIND, readable_rule


def run(context: Context, full: bool) -> StageResult:
    report = refresh_members(context)
    broken = len(report.problems)
    note = ""
    if broken:
        note = ngettext("%(count)s segment has a problem.", "%(count)s segments have problems.", broken) % {
            "count": broken
        }
    return StageResult(report.rows, note)


def reads() -> list[str]:
    """Whatever a rule may speak of."""
    names = snapshot().names()
    beside = ("linked.", f"{MIRRORED}.")
    return [name for name in names if name in {PROFILES, MEASURES, ACTIVITIES} or name.startswith(beside)]


def definition() -> Any:
    """The rules; and the time, where one of them looks back from now: its members change while nothing else does."""
    segments = list(Segment.objects.order_by("slug"))
    rules = {segment.slug: [segment.rule, segment.state] for segment in segments}
    relative = any(rule is not None and is_relative(rule) for rule in map(readable_rule, segments))
    return [rules, moment().isoformat() if relative else None]


def subjects(many: Sequence[Mapping[str, Any]]) -> list[list[Subject]]:
    slugs = {slug for params in many for slug in params.get("slugs", ())}
    known = {row.slug: Subject(row.name, row.get_absolute_url()) for row in Segment.objects.filter(slug__in=slugs)}
    return [[known[slug] for slug in params.get("slugs", ()) if slug in known] for params in many]


@job_kind(REFRESH_KIND, _("Find the members of a segment"), _("segments"), subjects=subjects)
def refresh_some(context: Context, slugs: Collection[str]) -> dict[str, Any]:
    """The members of these segments, anew; the others keep theirs."""
    report = refresh_members(context, only=set(slugs))
    return {"sizes": report.sizes, "problems": report.problems}


STAGE = RefreshStage(
    name="segments",
    label=_("Find the members of segments"),
    run=run,
    after=["unify", "link", "activities", "measures"],
    reads=reads,
    definition=definition,
    writes=lambda: [MEMBERS],
)
