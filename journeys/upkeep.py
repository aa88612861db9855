"""What keeps journeys going: entering after a publication or refresh, walking on, settling what was stopped."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Max

from jobs.registry import Context
from journeys import runtime
from journeys.entering import enrol
from journeys.models import Journey, JourneyVersion, StepFlow
from lake.queries import snapshot

WALK_LOCK = 7_204_201  # any number: one process walks at a time, the others leave at once
LONGEST_WALK_SECONDS = 600.0

_RETURN = """
UPDATE journeys_enrolment e SET profile_id = e.entered_as, entered_as = ''
WHERE e.entered_as <> '' AND EXISTS (SELECT 1 FROM profiles_profile p WHERE p.id = e.entered_as)
  AND NOT EXISTS (
    SELECT 1 FROM journeys_enrolment other
    WHERE other.journey_id = e.journey_id AND other.profile_id = e.entered_as AND other.occurrence = e.occurrence)
"""
_FOLLOW = """
UPDATE journeys_enrolment e
SET profile_id = r.target, entered_as = CASE WHEN e.entered_as = '' THEN e.profile_id ELSE e.entered_as END
FROM profiles_profileredirect r
WHERE r.old_id = e.profile_id AND NOT EXISTS (
    SELECT 1 FROM journeys_enrolment other
    WHERE other.journey_id = e.journey_id AND other.profile_id = r.target AND other.occurrence = e.occurrence)
  AND NOT EXISTS (
    SELECT 1 FROM profiles_profileredirect r2 JOIN journeys_enrolment e2 ON e2.profile_id = r2.old_id
    WHERE r2.target = r.target AND e2.journey_id = e.journey_id AND e2.occurrence = e.occurrence AND e2.id < e.id)
"""
_MERGED = """
WITH merged AS (
    UPDATE journeys_enrolment e SET state = 'left', reason = 'merged', due_at = NULL
    FROM profiles_profileredirect r WHERE r.old_id = e.profile_id AND e.state = 'active'
    RETURNING e.version_id, e.step)
SELECT version_id, step, count(*) FROM merged GROUP BY version_id, step
"""


def newest_versions() -> list[JourneyVersion]:
    """The versions that take new people: the newest of each live journey."""
    live = Journey.objects.filter(state=Journey.State.LIVE).annotate(newest=Max("versions__pk"))
    return list(JourneyVersion.objects.filter(pk__in=[j.newest for j in live]).select_related("journey").order_by("pk"))


def refresh_entries(now: datetime, context: Context | None = None) -> int:
    """After a refresh: follows merged people, then lets everyone enter who belongs into a live journey."""
    follow_merged(now)
    snap = snapshot()
    versions, entered = newest_versions(), 0
    for done, version in enumerate(versions):
        if context is not None:
            context.progress(done, len(versions), version.journey.name)
        entered += enrol(version, now, snap)
    return entered


@transaction.atomic
def follow_merged(now: datetime) -> int:
    """People who turned out to be one go on as one; a second run of the same person in the same journey ends. Who was
    taken apart again has their own run back, so that they do not enter a second time."""
    with connection.cursor() as cursor:
        cursor.execute(_RETURN)
        cursor.execute(_FOLLOW)
        cursor.execute(_MERGED)
        rows = cursor.fetchall()
    return runtime.count_ended(rows, StepFlow.Event.LEFT, "merged")


def enter_published(now: datetime) -> int:
    """Lets the first people into versions that were published since the last refresh."""
    waiting = [version for version in newest_versions() if version.enrolled_at is None]
    return sum(enrol(version, now) for version in waiting)


def run_due(clock: Callable[[], datetime]) -> int:
    """Enters, walks and settles until nothing is due or the time is up; how many moves. 0 where another process
    walks."""
    until, moves = time.monotonic() + LONGEST_WALK_SECONDS, 0
    with _alone() as is_alone:
        if not is_alone:
            return 0
        moves += enter_published(clock())
        while time.monotonic() < until:
            moved = runtime.advance(clock()) + runtime.settle_all_stopped(clock())
            moves += moved
            if not moved:
                break
    return moves


@contextmanager
def _alone() -> Iterator[bool]:
    """A lock of this connection: when the process dies, it is free."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [WALK_LOCK])
        (is_alone,) = cursor.fetchone()
    try:
        yield is_alone
    finally:
        if is_alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [WALK_LOCK])
