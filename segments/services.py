"""The verbs of segments. Changes that people make are audited; counts and members are of the rule as it is now."""

from __future__ import annotations

import itertools
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import InvalidInput
from core.roles import Actor, require
from core.text import label_key
from core.usage import InUse
from jobs.services import enqueue
from rules import references, services
from rules.explain import Verdict
from rules.language import Rule, parse
from segments import queries, usage
from segments.members import refresh_members
from segments.models import Segment

__all__ = ["count", "delete", "duplicate", "explain", "publish", "refresh_members", "save", "unpublish"]

REFRESH_KIND = "segments.members"


def save(
    *,
    name: str,
    rule: Any,
    description: str = "",
    segment: Segment | None = None,
    slug: str = "",
    by: Actor = None,
) -> Segment:
    """Makes a draft, with the short name `slug` or one made from its name, or changes a segment. A live one is
    refreshed soon after.

    The rule need not fit today's data: attributes that are not there yet are a problem of the refresh. Raises
    InvalidInput for an empty name, a rule that is no rule, and for segments that refer to each other in a circle.
    """
    require(by, "segments.change_segment" if segment else "segments.add_segment")
    parsed = parse(rule)
    services.refuse_unknown_operators(parsed)
    target = segment or Segment(slug=slug, created_by=by)
    target.name = _checked_name(name, target)
    _refuse_circle(target, parsed)
    before = {"rule": target.rule, "name": target.name} if segment else {}
    target.rule, target.description, target.updated_by = parsed.as_json(), description.strip(), by
    with transaction.atomic():
        target.save()
        audit.record(by, "segment.change" if segment else "segment.add", target, before=before, rule=target.rule)
        _refresh_soon(target, by=by)
    return target


def publish(segment: Segment, *, by: Actor = None) -> Segment:
    """Makes a segment live: from now on the refresh keeps its members. Publishing a live one changes nothing."""
    require(by, "segments.change_segment")
    if segment.is_live:
        return segment
    references.segment_rules(parse(segment.rule))
    return _set_state(segment, Segment.State.LIVE, "segment.publish", by)


def unpublish(segment: Segment, *, by: Actor = None) -> Segment:
    """Makes a live segment a draft again: its members leave at the next refresh. Raises Conflict while it is used."""
    require(by, "segments.change_segment")
    if not segment.is_live:
        return segment
    _refuse_used(segment, _("“%(name)s” is used by %(uses)s. Remove it there before you make it a draft."))
    return _set_state(segment, Segment.State.DRAFT, "segment.unpublish", by)


def duplicate(segment: Segment, *, by: Actor = None) -> Segment:
    """A draft with the same rule."""
    taken = {label_key(name) for name in Segment.objects.values_list("name", flat=True)}
    names = (_("%(name)s (copy %(number)s)") % {"name": segment.name[:180], "number": n} for n in itertools.count(1))
    name = next(name for name in names if label_key(name) not in taken)
    return save(name=name, rule=segment.rule, description=segment.description, by=by)


def delete(segment: Segment, *, by: Actor = None) -> None:
    """Raises Conflict, with the list, while something uses the segment."""
    require(by, "segments.delete_segment")
    _refuse_used(segment, _("“%(name)s” is used by %(uses)s. Remove it there first."))
    with transaction.atomic():
        audit.record(by, "segment.delete", segment, rule=segment.rule)
        was_live = segment.is_live
        segment.delete()
        if was_live:
            _gather(segment, by)


def count(segment: Segment) -> services.Count:
    """How many meet the rule now, for drafts too."""
    return services.count(segment.rule)


def explain(segment: Segment, profile_id: str, *, by: Actor = None) -> Verdict:
    """Why a customer is in the segment, or not, as of now."""
    require(by, "segments.view_segment")
    return services.explain(segment.rule, profile_id)


def person(profile_id: str) -> services.Person:
    """Who an explanation is about."""
    return services.people([profile_id])[0]


def record_export(segment: Segment, *, by: Actor = None) -> None:
    """Notes that somebody took the members with them. Raises NotAllowed."""
    require(by, "segments.export_segment")
    audit.record(by, "segment.export", segment)


def readable_rule(segment: Segment) -> Rule | None:
    """The stored rule, None where it cannot be read any more."""
    try:
        return parse(segment.rule)
    except InvalidInput:
        return None


def _set_state(segment: Segment, state: str, verb: str, by: Actor) -> Segment:
    with transaction.atomic():
        segment.state, segment.updated_by = state, by
        segment.save(update_fields=["state", "updated_by", "updated_at"])
        audit.record(by, verb, segment)
        _refresh_soon(segment, always=True, by=by)
    return segment


def _refresh_soon(segment: Segment, always: bool = False, by: Actor = None) -> None:
    if always or segment.is_live:
        _gather(segment, by)


def _gather(segment: Segment, by: Actor) -> None:
    enqueue(REFRESH_KIND, {"slugs": [segment.slug]}, key=f"{REFRESH_KIND}:{segment.slug}", by=by)


def _checked_name(name: str, segment: Segment) -> str:
    cleaned = " ".join(name.split())
    if not cleaned:
        raise InvalidInput(_("Give the segment a name."), fields={"name": [_("Give the segment a name.")]})
    if len(cleaned) > 200:
        raise InvalidInput(_("The name can have at most 200 characters."), fields={"name": [_("Too long.")]})
    others = Segment.objects.exclude(pk=segment.pk).values_list("name", flat=True)
    if label_key(cleaned) in {label_key(other) for other in others}:
        message = _("There is already a segment with this name. Choose another.")
        raise InvalidInput(message, fields={"name": [message]})
    return cleaned


def _refuse_circle(segment: Segment, rule: Rule) -> None:
    if segment.slug and (circle := queries.circle(segment.slug, rule)):
        names = references.segment_names(circle)
        raise InvalidInput(
            _("Segments cannot refer to each other in a circle: %(names)s.")
            % {"names": " → ".join(names.get(slug, slug) for slug in circle)},
            place="rule",
        )


def _refuse_used(segment: Segment, message: str) -> None:
    if uses := usage.segments.of(segment.slug):
        raise InUse(message, uses, name=segment.name)
