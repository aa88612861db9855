"""People enter in sets: the members of the start segment are copied beside the enrolments and inserted in one
statement."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pyarrow as pa
from django.db import connection, transaction
from django.db.models import QuerySet
from pyarrow import csv

from journeys import runtime
from journeys.graph import START, Graph, problems
from journeys.kinds import kind_of
from journeys.models import Journey, JourneyVersion, StepFlow
from journeys.plans import Plan, arrival, plan_of
from lake.queries import Snapshot, snapshot

MEMBERS = "segments.members"
MEMBERS_AT_ONCE = 100_000

_NEW = """
INSERT INTO journeys_enrolment (journey_id, version_id, profile_id, occurrence, state, reason, step,
                                entered_at, arrived_at, due_at, trail, trail_seconds, entered_as)
SELECT %(journey)s, %(version)s, profile_id, 1, %(state)s, %(reason)s, %(step)s,
       %(now)s, %(now)s, %(due)s, '{}', '{}', ''
FROM entering ON CONFLICT (journey_id, profile_id, occurrence) DO NOTHING
"""
_AGAIN = """
INSERT INTO journeys_enrolment (journey_id, version_id, profile_id, occurrence, state, reason, step,
                                entered_at, arrived_at, due_at, trail, trail_seconds, entered_as)
SELECT %(journey)s, %(version)s, entering.profile_id, newest.occurrence + 1, %(state)s, %(reason)s, %(step)s,
       %(now)s, %(now)s, %(due)s, '{}', '{}', ''
FROM entering CROSS JOIN LATERAL (
    SELECT occurrence, state, entered_at FROM journeys_enrolment e
    WHERE e.journey_id = %(journey)s AND e.profile_id = entering.profile_id ORDER BY occurrence DESC LIMIT 1) AS newest
WHERE newest.state <> 'active' AND entering.since > newest.entered_at
ON CONFLICT (journey_id, profile_id, occurrence) DO NOTHING
"""


@transaction.atomic
def enrol(version: JourneyVersion, now: datetime, snap: Snapshot | None = None) -> int:
    """Lets everyone enter who belongs into a live journey and is not in it yet; how many that were.

    Present members enter once, as soon as the segment has any. With "also later", newcomers enter at every refresh;
    with re-entry, so does whoever left the segment and came back after an earlier run. Repeating this changes nothing.
    """
    plan = plan_of(version)
    start = plan.graph.start
    journey = Journey.objects.filter(pk=plan.journey_id)
    # The lake is read before the row is locked: who wants to pause or stop the journey does not wait for that.
    if _open_version(journey, plan) is None or not _copy_members(snap or snapshot(), start.segment):
        return 0
    newest = _open_version(journey.select_for_update(), plan)
    if newest is None or not _pin(newest, plan, now):
        return 0
    there = arrival(plan, start.next, now)
    values: dict[str, Any] = {
        "journey": plan.journey_id,
        "version": version.pk,
        "state": there.state,
        "reason": there.reason,
        "step": there.step,
        "now": now,
        "due": there.due_at,
    }
    entered: int = 0
    with connection.cursor() as cursor:
        if start.reentry:
            cursor.execute(_AGAIN, values)
            entered += cursor.rowcount
        cursor.execute(_NEW, values)
        entered += cursor.rowcount
    if entered:
        moved = runtime.Movements(version.pk)
        moved.add(START, StepFlow.Event.PASSED, entered)
        moved.add_arrival(there, entered)
        moved.write()
    JourneyVersion.objects.filter(pk=version.pk, enrolled_at=None).update(enrolled_at=now)
    return entered


def _open_version(journey: QuerySet[Journey], plan: Plan) -> JourneyVersion | None:
    """The version, if people may enter on it: the newest of a live journey, and not yet used up."""
    found = journey.get()
    newest = found.latest()
    if found.state != Journey.State.LIVE or newest is None or newest.pk != plan.version_id:
        return None
    return None if plan.graph.start.joining == "present" and newest.enrolled_at else newest


def pinned_parts(graph: Graph) -> dict[str, Any]:
    """Per step what must stay as it is for everyone who enters on a version, e.g. the e-mails' content."""
    return {step.id: kind_of(step).freeze(step) for step in graph.steps}


def _pin(version: JourneyVersion, plan: Plan, now: datetime) -> bool:
    """Pins what could not be pinned at publication, because nothing was loaded then. False, and noted, when it
    cannot be."""
    if version.frozen is not None:
        return True
    found = problems(plan.graph)
    if found:
        runtime.note_trouble(version.pk, found[0].step, now, found[0].message)
        return False
    JourneyVersion.objects.filter(pk=version.pk).update(frozen=pinned_parts(plan.graph))
    version.troubles.all().delete()
    return True


def member_batches(snap: Snapshot, segment: str) -> Iterator[pa.RecordBatch]:
    """`profile_id, since` of a segment's members as of its last refresh, MEMBERS_AT_ONCE at a time; nothing before the
    first one."""
    if not snap.has(MEMBERS):
        return
    members = snap.table(MEMBERS)
    yield from snap.batches(members.filter(members.segment == segment).select("profile_id", "since"), MEMBERS_AT_ONCE)


def _copy_members(snap: Snapshot, segment: str) -> int:
    """Fills the temporary table `entering`; how many members there are."""
    rows = 0
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.entering")
        cursor.execute("CREATE TEMPORARY TABLE entering (profile_id text, since timestamptz) ON COMMIT DROP")
        with cursor.copy("COPY entering FROM STDIN (FORMAT csv)") as copy:
            for batch in member_batches(snap, segment):
                sink = pa.BufferOutputStream()
                csv.write_csv(batch, sink, csv.WriteOptions(include_header=False))
                copy.write(sink.getvalue().to_pybytes())
                rows += batch.num_rows
    return rows
