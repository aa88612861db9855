"""From draft to live to its end."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import audit, roles
from core.errors import Conflict, InvalidInput
from core.roles import Actor
from journeys import graph as graphs
from journeys import runtime
from journeys.entering import pinned_parts
from journeys.models import Journey, JourneyVersion
from journeys.services.drafts import validate
from lake.queries import snapshot
from messaging import services as messaging

PUBLISH = "journeys.publish_journey"
_bells: list[Callable[[], None]] = []


def on_publish(bell: Callable[[], None]) -> None:
    """Registers who is told, after the commit, that there may be somebody to move."""
    if bell not in _bells:
        _bells.append(bell)


def ring() -> None:
    for bell in _bells:
        transaction.on_commit(partial(bell), robust=True)


def has_changes(journey: Journey) -> bool:
    """True when the draft differs from what was published last, or nothing was."""
    version = journey.latest()
    return version is None or version.graph != journey.draft


@transaction.atomic
def publish(journey: Journey, *, by: Actor, now: datetime | None = None) -> JourneyVersion:
    """Freezes the draft as a version. Who is under way stays on theirs; who enters from now on gets this one.

    Raises InvalidInput with all problems, Conflict when the journey is over or nothing changed.
    """
    roles.require(by, PUBLISH)
    locked = Journey.objects.select_for_update().get(pk=journey.pk)
    if locked.state in {Journey.State.COMPLETED, Journey.State.STOPPED}:
        raise Conflict(_("This journey is over. Duplicate it to go on with a new one."))
    graph = graphs.parse(locked.draft)
    found = validate(graph)
    if found:
        text = ngettext(
            "There is %(n)s problem to solve before publishing: %(first)s",
            "There are %(n)s problems to solve before publishing. The first: %(first)s",
            len(found),
        ) % {"n": len(found), "first": found[0].message}
        fields: dict[str, list[str]] = {}
        for problem in found:
            fields.setdefault(problem.step, []).append(problem.message)
        raise InvalidInput(text, place=found[0].step, fields=fields)
    if not has_changes(locked):
        raise Conflict(_("Nothing has changed since this journey was published."))
    before = locked.latest()
    version = JourneyVersion.objects.create(
        journey=locked,
        number=before.number + 1 if before else 1,
        graph=locked.draft,
        frozen=pinned_parts(graph) if snapshot().attributes() else None,
        published_at=now or timezone.now(),
        published_by=by,
    )
    if locked.state == Journey.State.DRAFT:
        locked.state = Journey.State.LIVE
    locked.updated_by = by
    locked.save(update_fields=["state", "updated_by", "updated_at"])
    audit.record(by, "journey.publish", locked, version=version.number)
    ring()
    return version


@transaction.atomic
def pause(journey: Journey, *, by: Actor) -> Journey:
    """Nobody enters or moves until it is resumed, and what the mail server does not have yet is held; waits go on
    counting."""
    changed = _change(journey, "journey.pause", {Journey.State.LIVE}, Journey.State.PAUSED, by)
    messaging.hold(changed.slug)
    return changed


@transaction.atomic
def resume(journey: Journey, *, by: Actor) -> Journey:
    """Goes on where everybody stands; whose wait ended meanwhile moves at once, and what was held is sent."""
    changed = _change(journey, "journey.resume", {Journey.State.PAUSED}, Journey.State.LIVE, by)
    messaging.release(changed.slug)
    ring()
    return changed


@transaction.atomic
def stop(journey: Journey, *, by: Actor, now: datetime | None = None) -> Journey:
    """Ends the journey for good: nobody moves any more, and messages that the mail server does not have are skipped."""
    changed = _change(journey, "journey.stop", {Journey.State.LIVE, Journey.State.PAUSED}, Journey.State.STOPPED, by)
    messaging.stop(changed.slug)
    runtime.settle_stopped(now or timezone.now(), changed)
    ring()
    return changed


def _change(journey: Journey, verb: str, allowed: set[Journey.State], to: Journey.State, by: Actor) -> Journey:
    roles.require(by, PUBLISH)
    locked = Journey.objects.select_for_update().get(pk=journey.pk)
    if locked.state not in allowed:
        text = _("This is not possible: the journey is %(state)s.") % {"state": locked.get_state_display().lower()}
        raise Conflict(text)
    locked.state, locked.updated_by = to, by
    locked.save(update_fields=["state", "updated_by", "updated_at"])
    audit.record(by, verb, locked)
    return locked
