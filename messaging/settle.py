"""Writing answers into the ledger: a whole group in one transaction, together with the next group's hand-over."""

from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from messaging import deadlocks
from messaging.claims import GIVEN_BACK, IN_DOUBT
from messaging.models import Message, Reason, State, Suppression, SuppressionReason


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one message. `planned` with a wait counts as an attempt; without, as if never claimed."""

    message_id: int
    state: str
    reason: str = ""
    detail: str = ""
    wait_seconds: int = 0


# Settles and hands over in one statement, which is one transaction and one wait; no row is in both. Whoever was
# suppressed since the claim is not handed over, and is skipped with the reason by the next claim. What was stopped or
# put on hold since (it has that reason, though it is still claimed) is not handed over.
_RECORD = f"""
WITH settled AS (
    UPDATE messaging_message m SET
        state = CASE o.state WHEN 'planned' THEN {GIVEN_BACK} WHEN 'unknown' THEN {IN_DOUBT} ELSE o.state END,
        reason = CASE WHEN o.state = 'planned' AND m.reason = 'stopped' THEN m.reason ELSE o.reason END,
        detail = o.detail, claimed_by = NULL,
        attempts = m.attempts + (o.state <> 'skipped' AND (o.state <> 'planned' OR o.wait > 0))::int,
        due_at = CASE WHEN o.wait > 0 THEN %(now)s + o.wait * interval '1 second' ELSE m.due_at END,
        handed_over_at = CASE WHEN o.state IN ('planned', 'skipped') THEN NULL ELSE m.handed_over_at END,
        settled_at = CASE WHEN o.state <> 'planned' OR m.reason = 'stopped' THEN %(now)s::timestamptz END
    FROM unnest(%(ids)s::bigint[], %(states)s::text[], %(reasons)s::text[], %(details)s::text[], %(waits)s::int[])
        AS o (id, state, reason, detail, wait)
    WHERE m.id = o.id AND m.state = 'claimed' AND m.claimed_by = %(sender)s
)
UPDATE messaging_message m SET handed_over_at = %(now)s
FROM messaging_templateversion v
WHERE m.id = ANY(%(hand_over)s::bigint[]) AND m.state = 'claimed' AND m.claimed_by = %(sender)s
    AND m.reason = '' AND v.id = m.template_version_id AND NOT EXISTS (
        SELECT FROM messaging_suppression s WHERE s.address = m.address AND s.purpose IN ('', v.purpose))
RETURNING m.id
"""  # noqa: S608 - constants of ours

_RELEASE = f"""
UPDATE messaging_message m SET
    state = {GIVEN_BACK},
    reason = CASE reason WHEN 'stopped' THEN reason ELSE '' END,
    settled_at = CASE reason WHEN 'stopped' THEN %(now)s::timestamptz END,
    claimed_by = NULL
WHERE state = 'claimed' AND claimed_by = %(sender)s AND handed_over_at IS NULL
"""  # noqa: S608 - constants of ours


def record(outcomes: list[Outcome], sender: int, hand_over: list[int] | None = None) -> set[int]:
    """Settles the outcomes and marks `hand_over` as given to the mail server; which of these may now be sent.

    Only rows that this sender still holds are touched, so one that was taken for dead cannot send what another has.
    """
    if not outcomes and not hand_over:
        return set()
    gone = [outcome.message_id for outcome in outcomes if outcome.reason == Reason.MAILBOX]
    if gone and hand_over:  # their addresses must be known before anything else is handed over
        record(outcomes, sender)
        return record([], sender, hand_over)
    parameters: dict[str, Any] = {
        "now": timezone.now(),
        "sender": sender,
        "hand_over": hand_over or [],
        "ids": [outcome.message_id for outcome in outcomes],
        "states": [str(outcome.state) for outcome in outcomes],
        "reasons": [str(outcome.reason) for outcome in outcomes],
        "details": [outcome.detail.replace("\x00", "") for outcome in outcomes],
        "waits": [outcome.wait_seconds for outcome in outcomes],
    }
    return deadlocks.again(lambda: _record(parameters, gone))


def _record(parameters: dict[str, Any], gone: list[int]) -> set[int]:
    with transaction.atomic() if gone else nullcontext(), connection.cursor() as cursor:
        cursor.execute(_RECORD, parameters)
        allowed = {row[0] for row in cursor.fetchall()}
        if gone:
            _suppress(gone)
        return allowed


def release(sender: int) -> None:
    """What this sender holds and has not handed over is planned again, or what else its journey wants of it."""
    with connection.cursor() as cursor:
        cursor.execute(_RELEASE, {"sender": sender, "now": timezone.now()})


def _suppress(message_ids: list[int]) -> None:
    """Addresses whose mailbox does not exist are not written to again, whatever for."""
    rows = Message.objects.filter(pk__in=message_ids, state=State.REFUSED).values_list("address", "detail")
    Suppression.objects.bulk_create(
        [Suppression(address=a, reason=SuppressionReason.HARD_BOUNCE, detail=d) for a, d in rows],
        ignore_conflicts=True,
    )
