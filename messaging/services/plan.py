"""Writing intended messages into the ledger."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils import timezone

from jobs import services as jobs
from messaging import deadlocks
from messaging.models import Message, Reason, State, TemplateVersion

DELIVER = "messaging.deliver"  # the kind of job that sends
CHUNK = 10_000  # rows per INSERT: two text arrays of about 1 MB

_INSERT = """
INSERT INTO messaging_message (
    cause, profile_id, address, template_version_id, journey_key, step_key, is_test, state, reason, detail, attempts,
    planned_at, due_at, expires_at)
SELECT cause, profile_id, '', %s, %s, %s, false, 'planned', '', '', 0, %s, %s, %s
FROM unnest(%s::text[], %s::text[]) AS new (cause, profile_id)
ON CONFLICT (cause) DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Recipient:
    """One person and the unique cause of one message: "journey/version/enrolment/step", ≤ 200 characters."""

    profile_id: str
    cause: str


@dataclass(frozen=True)
class Origin:
    """Where messages come from. Within one (journey, step) an address is written to once, whoever shares it.

    `due_at`: not before (default: now); `expires_at`: not after (default: no limit). Both aware.
    """

    journey_key: str = ""
    step_key: str = ""
    due_at: datetime | None = None
    expires_at: datetime | None = None


def plan(template_version: TemplateVersion, recipients: Iterable[Recipient], origin: Origin) -> int:
    """Plans one message per cause; how many are new. A cause that is planned already is left as it is.

    Runs in the caller's transaction; a sender is called when it commits.
    Consent, suppression and addresses are looked at when a message is claimed.
    """
    now = timezone.now()
    fixed: list[Any] = [
        template_version.pk,
        origin.journey_key,
        origin.step_key,
        now,
        origin.due_at or now,
        origin.expires_at,
    ]
    created = 0
    with connection.cursor() as cursor:
        for chunk in _chunks(recipients):
            cursor.execute(_INSERT, [*fixed, [r.cause for r in chunk], [r.profile_id for r in chunk]])
            created += cursor.rowcount
    if created and (origin.due_at or now) <= now:
        transaction.on_commit(lambda: jobs.enqueue(DELIVER, key=DELIVER))
    return created


def stop(journey_key: str) -> int:
    """Skips what a journey has planned; how many messages that concerned.

    A sender at work still hands over what the mail server is about to get. The rest of what it holds gets the reason
    at once: it is skipped as soon as the sender lets go of it, and so is what the mail server puts off.
    """
    waits = Q(state__in=[State.PLANNED, State.HELD])
    # One statement: a row that its sender puts off meanwhile is looked at again as it is then.
    return _update(
        Message.objects.filter(waits | Q(state=State.CLAIMED), journey_key=journey_key),
        reason=Reason.STOPPED,
        settled_at=Case(When(waits, then=Value(timezone.now()))),
        state=Case(When(waits, then=Value(State.SKIPPED)), default=F("state")),
    )


def hold(journey_key: str) -> int:
    """Keeps back what a journey has planned; how many messages that concerned. A sender at work hears of it as of a
    `stop`."""
    is_planned = Q(state=State.PLANNED)
    rows = Message.objects.filter(is_planned | Q(state=State.CLAIMED, reason=""), journey_key=journey_key)
    return _update(
        rows,
        state=Case(When(is_planned, then=Value(State.HELD)), default=F("state")),
        reason=Case(When(is_planned, then=Value("")), default=Value(Reason.HELD)),
    )


def release(journey_key: str) -> int:
    """What was kept back is planned again, each for the time when it was due; how many messages that were."""
    rows = Message.objects.filter(journey_key=journey_key)
    held = Q(state=State.HELD) | Q(state=State.CLAIMED, reason=Reason.HELD)
    count = _update(
        rows.filter(held),
        reason="",
        state=Case(When(state=State.HELD, then=Value(State.PLANNED)), default=F("state")),
    )
    if count:
        transaction.on_commit(lambda: jobs.enqueue(DELIVER, key=DELIVER))
    return count


def _update(rows: QuerySet[Message], **values: Any) -> int:
    def update() -> int:
        with transaction.atomic():
            return rows.update(**values)

    return deadlocks.again(update)


def _chunks(recipients: Iterable[Recipient]) -> Iterator[list[Recipient]]:
    rows = iter(recipients)
    while chunk := list(islice(rows, CHUNK)):
        yield chunk
