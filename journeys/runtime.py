"""People walk in sets: a batch that is due leaves its step in a few statements, all in one transaction.

A process that is killed anywhere leaves either the whole move of a batch or nothing of it: the messages are
planned, the people stand at their next step and the counts are written together. Two processes never hold the same
person (`SKIP LOCKED`), and nobody moves in a journey while it is paused or stopped (the journey's row is locked for
sharing).
"""

import logging
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter

from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from core.errors import KindredError
from journeys.kinds import Batch, Person, kind_of
from journeys.models import Enrolment, Journey, JourneyVersion, StepFlow, StepTrouble
from journeys.plans import Arrival, Plan, arrival, plan_of
from messaging.queries import waits_to_be_sent

log = logging.getLogger(__name__)

BATCH = 5_000  # people per move: some 100 ms, so a pause or stop never waits long
EXITS = 32  # room for the exit's number in a trail; more than steps.branch.MAX_BRANCHES + 1
FIRST_RETRY = timedelta(seconds=15)
LAST_RETRY = timedelta(hours=1)

_DUE = """
SELECT place.version_id, place.step FROM unnest(%s::bigint[], %s::text[]) AS place (version_id, step)
WHERE EXISTS (SELECT 1 FROM journeys_enrolment e
              WHERE e.version_id = place.version_id AND e.step = place.step AND e.state = 'active' AND e.due_at <= %s)
  AND NOT EXISTS (SELECT 1 FROM journeys_steptrouble t
                  WHERE t.version_id = place.version_id AND t.step = place.step AND t.retry_at > %s)
"""
# Under the id that the person has today: between the merging of two customers and the refresh of journeys, rules know
# only that one.
_CLAIM = """
SELECT id, COALESCE((SELECT target FROM profiles_profileredirect WHERE old_id = profile_id), profile_id)
FROM journeys_enrolment
WHERE version_id = %s AND step = %s AND state = 'active' AND due_at <= %s
ORDER BY due_at, id LIMIT %s FOR UPDATE SKIP LOCKED
"""
_MOVE = """
UPDATE journeys_enrolment
SET step = COALESCE(%s, step), state = %s, reason = %s, arrived_at = %s, due_at = %s,
    trail = trail || %s::smallint,
    trail_seconds = trail_seconds || LEAST(2147483647, EXTRACT(EPOCH FROM %s - entered_at))::int
WHERE id = ANY(%s)
"""
_COUNT = """
INSERT INTO journeys_stepflow AS known (version_id, step, event, outcome, reason, people)
SELECT %s, * FROM unnest(%s::text[], %s::text[], %s::int[], %s::text[], %s::bigint[])
ON CONFLICT (version_id, step, event, outcome, reason) DO UPDATE SET people = known.people + excluded.people
"""


def advance(now: datetime, limit: int = BATCH) -> int:
    """Lets every group of people who are due leave its step once, at most `limit` of a group; how many people moved."""
    moved = sum(_move_safely(plan, step, now, limit) for plan, step in due_places(now))
    if not moved:
        complete_finished()
    return moved


def due_places(now: datetime) -> list[tuple[Plan, str]]:
    """(version, step) of live journeys at which somebody may leave; steps in trouble wait for their next try."""
    versions = JourneyVersion.objects.filter(journey__state=Journey.State.LIVE)
    plans = {version.pk: plan_of(version) for version in versions}
    places = [(plan.version_id, step) for plan in plans.values() for step in plan.steps]
    with connection.cursor() as cursor:
        cursor.execute(_DUE, [[pk for pk, _step in places], [step for _pk, step in places], now, now])
        return [(plans[version_id], step) for version_id, step in cursor.fetchall()]


def _move_safely(plan: Plan, step_id: str, now: datetime, limit: int) -> int:
    """One step that cannot be left must not hold up the others: it is noted, shown, and tried again later."""
    try:
        moved = move(plan, step_id, now, limit)
    except KindredError as error:
        note_trouble(plan.version_id, step_id, now, error.message)
        return 0
    except Exception:
        log.exception("Step %s of journey version %s cannot be left", step_id, plan.version_id)
        text = _("Something went wrong here. An administrator finds the details in the log.")
        note_trouble(plan.version_id, step_id, now, text)
        return 0
    StepTrouble.objects.filter(version_id=plan.version_id, step=step_id).delete()
    return moved


@transaction.atomic
def move(plan: Plan, step_id: str, now: datetime, limit: int = BATCH) -> int:
    """Moves at most `limit` people of one step, all or none; 0 when the journey is not live (any longer)."""
    if not _is_live(plan.journey_id):
        return 0
    step = plan.steps[step_id]
    kind = kind_of(step)
    people = _claim(plan, step_id, now, limit)
    if not people:
        return 0
    kind.act(step, _batch(plan, step_id, people, now))
    taken = kind.decide(step, [person.profile_id for person in people], now)
    ways = step.exits()
    groups: dict[int, list[int]] = defaultdict(list)
    for person in people:
        groups[taken[person.profile_id]].append(person.enrolment_id)
    moved = Movements(plan.version_id)
    for outcome, enrolments in groups.items():
        there = _leave(plan, step_id, outcome, ways[outcome].target, enrolments, now)
        moved.add(step_id, StepFlow.Event.PASSED, len(enrolments), outcome=outcome)
        moved.add_arrival(there, len(enrolments))
    moved.write()
    return len(people)


def _is_live(journey_id: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT state FROM journeys_journey WHERE id = %s FOR SHARE", [journey_id])
        row = cursor.fetchone()
    return row is not None and row[0] == Journey.State.LIVE


def _claim(plan: Plan, step_id: str, now: datetime, limit: int) -> list[Person]:
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [plan.version_id, step_id, now, limit])
        return [Person(*row) for row in cursor.fetchall()]


def _batch(plan: Plan, step_id: str, people: Sequence[Person], now: datetime) -> Batch:
    return Batch(
        journey_id=plan.journey_id,
        journey_slug=plan.journey_slug,
        version_id=plan.version_id,
        version_number=plan.number,
        people=people,
        now=now,
        frozen=plan.frozen.get(step_id, {}),
    )


def _leave(plan: Plan, step_id: str, outcome: int, target: str | None, enrolments: list[int], now: datetime) -> Arrival:
    """Writes one group's way out: where they stand now, and their trail."""
    there = arrival(plan, target, now)
    mark = plan.index[step_id] * EXITS + outcome
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, [there.step, there.state, there.reason, now, there.due_at, mark, now, enrolments])
    return there


class Movements:
    """What is added to the counters of a version at the end of a transaction, in one statement: so that its locks are
    short, and taken in one order by everybody."""

    def __init__(self, version_id: int) -> None:
        self.version_id = version_id
        self.people: Counter[tuple[str, str, int, str]] = Counter()

    def add(self, step: str, event: str, people: int, *, outcome: int = 0, reason: str = "") -> None:
        self.people[step, str(event), outcome, reason] += people

    def add_arrival(self, there: Arrival, people: int) -> None:
        """Counts people who came to a step; an end counts them as completed too."""
        if there.step is None:
            return
        self.add(there.step, StepFlow.Event.ENTERED, people)
        if there.state == Enrolment.State.DONE:
            self.add(there.step, StepFlow.Event.DONE, people)

    def write(self) -> None:
        rows = sorted((*key, people) for key, people in self.people.items())
        with connection.cursor() as cursor:
            cursor.execute(_COUNT, [self.version_id, *map(list, zip(*rows, strict=True))])


def note_trouble(version_id: int, step_id: str, now: datetime, message: str) -> None:
    trouble, is_new = StepTrouble.objects.get_or_create(
        version_id=version_id,
        step=step_id,
        defaults={"message": message, "since": now, "retry_at": now + FIRST_RETRY},
    )
    if not is_new:
        pause = min(FIRST_RETRY * 2 ** min(trouble.tries, 10), LAST_RETRY)
        trouble.message, trouble.retry_at, trouble.tries = message, now + pause, trouble.tries + 1
        trouble.save()


_SETTLE = """
WITH ended AS (
    UPDATE journeys_enrolment SET state = %s, reason = %s, due_at = NULL
    WHERE id IN (SELECT id FROM journeys_enrolment WHERE version_id = ANY(%s) AND state = 'active' LIMIT %s FOR UPDATE)
    RETURNING version_id, step)
SELECT version_id, step, count(*) FROM ended GROUP BY version_id, step
"""


@transaction.atomic
def settle_stopped(now: datetime, journey: Journey, limit: int = 10 * BATCH) -> int:
    """Writes off people who stand in a stopped journey, at most `limit` of them; nobody moves there anyway."""
    versions = list(journey.versions.values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(_SETTLE, [Enrolment.State.STOPPED, "stopped", versions, limit])
        rows = cursor.fetchall()
    return count_ended(rows, StepFlow.Event.STOPPED, "stopped")


def count_ended(rows: Sequence[tuple[int, str, int]], event: str, reason: str) -> int:
    """Counts runs that ended where they stood, `rows` being (version, step, people); how many people that were."""
    for version_id, places in groupby(sorted(rows), key=itemgetter(0)):
        moved = Movements(version_id)
        for _version, step, people in places:
            moved.add(step, event, people, reason=reason)
        moved.write()
    return sum(people for _version, _step, people in rows)


def settle_all_stopped(now: datetime) -> int:
    under_way = Enrolment.objects.filter(journey=OuterRef("pk"), state=Enrolment.State.ACTIVE)
    stopped = Journey.objects.filter(Exists(under_way), state=Journey.State.STOPPED)
    return sum(settle_stopped(now, journey) for journey in stopped)


def complete_finished() -> int:
    """Journeys for present members are completed once everybody came out and no message of theirs waits: until then
    they can be paused and stopped. How many just were."""
    under_way = Enrolment.objects.filter(journey=OuterRef("pk"), state=Enrolment.State.ACTIVE)
    finished = 0
    for journey in Journey.objects.filter(~Exists(under_way), state=Journey.State.LIVE):
        version = journey.latest()
        is_for_present = version and version.enrolled_at and plan_of(version).graph.start.joining == "present"
        if is_for_present and not waits_to_be_sent(journey.slug):
            rows = Journey.objects.filter(pk=journey.pk, state=Journey.State.LIVE)
            finished += rows.update(state=Journey.State.COMPLETED)
    return finished
