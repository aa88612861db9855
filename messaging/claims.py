"""Taking messages to send: one statement decides about a whole batch, in the transaction that claims it."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from core.models import Workspace
from messaging.addresses import ADDRESS_PATTERN, MAX_ADDRESS, spelt

_SENDERS = 0x4B01  # first half of the advisory lock that a living sender process holds for its number
_CLAIMING = 0x4B02  # claims follow one another, so that two of them cannot both take one shared address

WAIT = "wait"  # neither claimed nor skipped: the verdict of the next claim counts
SPELL = "spell"  # the same, once the domain is written as mail servers write it

# What is known about an address, `mail`, and what its owner decided about the purpose of `known`; as they are judged
# here, they are foretold by `forecast`.
REFUSED = r"""WHEN mail = '' THEN 'no_address'
        WHEN mail ~ '[^\x01-\x7f]' AND NOT %(spelt)s THEN 'spell'
        WHEN length(mail) > %(longest)s OR mail !~ %(pattern)s THEN 'invalid_address'
        WHEN listed.is_for_good THEN 'suppressed'
        WHEN newest.state = 'opted_out' OR listed.is_for_good IS NOT NULL THEN 'unsubscribed'"""
UNASKED = """WHEN %(consent_required)s AND known.purpose = 'marketing' AND newest.state IS NULL THEN 'no_consent'"""
# Each address is looked up by itself: of an EXISTS the planner may make a list of everybody who is suppressed.
SAID = """LEFT JOIN LATERAL (
        SELECT c.state FROM messaging_consent c
        WHERE c.address = mail AND c.channel = 'email' AND c.purpose = known.purpose
        ORDER BY c.at DESC, c.id DESC LIMIT 1
    ) newest ON true LEFT JOIN LATERAL (
        SELECT bool_or(s.reason <> 'unsubscribed') AS is_for_good FROM messaging_suppression s
        WHERE s.address = mail AND s.purpose IN ('', known.purpose)
    ) listed ON true"""

# Of people who share an address the first gets a step's mail. The others wait until it is known whether that one was
# sent: where it could not be made, the next of them gets theirs. Nobody waits for one who was planned after them.
# Consent is kept by the one spelling of an address that mail servers know, so others are first put into that.
# The same goes for ids of which it turned out, after both were planned, that they are one person.
# `|| ''` and `<> ''` keep the planner on the index by address, also before the table has statistics.
_CLAIM = f"""
WITH batch AS MATERIALIZED (
    SELECT id, profile_id, address, template_version_id, journey_key, step_key, is_test, expires_at, planned_at
    FROM messaging_message
    WHERE state = 'planned' AND due_at <= %(now)s AND (%(only)s::bigint[] IS NULL OR id = ANY(%(only)s::bigint[]))
    ORDER BY due_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
), known AS MATERIALIZED (
    SELECT batch.*, version.purpose, person.id AS person,
        lower(btrim(coalesce(nullif(batch.address, ''), person.email, ''))) AS mail,
        ARRAY(SELECT r.old_id FROM profiles_profileredirect r WHERE r.target = person.id) AS old_ids
    FROM batch
    JOIN messaging_templateversion version ON version.id = batch.template_version_id
    LEFT JOIN profiles_profileredirect moved ON moved.old_id = batch.profile_id
    LEFT JOIN profiles_profile person ON person.id = coalesce(moved.target, batch.profile_id)
), judged AS (
    SELECT known.*, CASE
        WHEN expires_at < %(now)s THEN 'expired'
        WHEN person IS NULL AND NOT is_test THEN 'no_person'
        {REFUSED}
        WHEN is_test THEN ''
        {UNASKED}
        WHEN journey_key <> '' AND same.was_sent THEN 'duplicate_address'
        WHEN journey_key <> '' AND one.was_sent THEN 'duplicate_person'
        WHEN journey_key <> '' AND (same.is_open OR one.is_open
            OR first_value(profile_id) OVER (PARTITION BY journey_key, step_key, mail ORDER BY known.id) <> profile_id
        ) THEN 'wait'
        ELSE '' END AS verdict, same.due_at AS wait_until
    FROM known LEFT JOIN LATERAL (
        SELECT bool_or(o.state IN ('accepted', 'unknown')) AS was_sent,
            bool_or(o.state = 'claimed' OR (o.state IN ('planned', 'held') AND o.id < known.id)) AS is_open,
            max(o.due_at) FILTER (WHERE o.state = 'planned' AND o.id < known.id) AS due_at
        FROM messaging_message o WHERE o.address = mail AND o.address <> ''
            AND o.journey_key || '' = known.journey_key AND o.step_key || '' = known.step_key
            AND o.profile_id <> known.profile_id AND known.journey_key <> ''
    ) same ON true LEFT JOIN LATERAL (
        SELECT bool_or(o.state IN ('accepted', 'unknown') AND o.settled_at >= known.planned_at) AS was_sent,
            bool_or(o.state = 'claimed' OR (o.state IN ('planned', 'held') AND o.id < known.id)) AS is_open
        FROM messaging_message o
        WHERE known.old_ids <> '{{}}' AND o.profile_id = ANY(known.old_ids || known.person)
            AND o.profile_id <> known.profile_id
            AND o.journey_key || '' = known.journey_key AND o.step_key || '' = known.step_key
    ) one ON known.journey_key <> '' {SAID}
)
UPDATE messaging_message m SET
    state = CASE WHEN verdict = '' THEN 'claimed' WHEN verdict IN ('wait', 'spell') THEN 'planned' ELSE 'skipped' END,
    reason = CASE WHEN verdict IN ('wait', 'spell') THEN '' ELSE verdict END,
    address = CASE verdict WHEN 'wait' THEN m.address ELSE left(mail, 320) END,
    due_at = CASE verdict WHEN 'wait' THEN greatest(m.due_at, judged.wait_until) ELSE m.due_at END,
    claimed_by = CASE WHEN verdict = '' THEN %(sender)s::int END,
    settled_at = CASE WHEN verdict IN ('', 'wait', 'spell') THEN NULL ELSE %(now)s END
FROM judged WHERE m.id = judged.id
RETURNING m.id, coalesce(judged.person, m.profile_id), m.address, m.template_version_id, m.journey_key, m.step_key,
    m.attempts, judged.verdict
"""  # noqa: S608 - constants of ours


@dataclass(frozen=True, slots=True)
class Claimed:
    """One message that this sender alone may send now."""

    id: int
    profile_id: str
    address: str
    version_id: int
    journey_key: str
    step_key: str
    attempts: int


@contextmanager
def sender() -> Iterator[int]:
    """A number for this sender process, held for as long as its database connection lives: so its death is noticed."""
    number = secrets.randbelow(2**31 - 1) + 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [_SENDERS, number])
    try:
        yield number
    finally:
        if connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_SENDERS, number])


def claim(sender_number: int, limit: int, only: Sequence[int] | None = None) -> tuple[list[Claimed], dict[str, int]]:
    """(messages to send, count by reason of those that must not be sent). Both are settled when this returns. Those of
    people whose address somebody else's message is about to be sent to are left for a later claim."""
    parameters = rules() | {
        "now": timezone.now(),
        "only": list(only) if only is not None else None,
        "limit": limit,
        "sender": sender_number,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [_CLAIMING])
        cursor.execute(_CLAIM, parameters)
        rows = cursor.fetchall()
        misspelt = [(row[0], row[2]) for row in rows if row[-1] == SPELL]
        if misspelt:
            _spell(misspelt)
            cursor.execute(_CLAIM, parameters | {"only": [pk for pk, _address in misspelt], "spelt": True})
            rows += cursor.fetchall()
    claimed = [Claimed(*row[:-1]) for row in sorted(rows) if not row[-1]]
    skipped: dict[str, int] = {}
    for row in rows:
        if row[-1] not in {"", WAIT, SPELL}:
            skipped[row[-1]] = skipped.get(row[-1], 0) + 1
    return claimed, skipped


def rules() -> dict[str, Any]:
    """The values in what judges an address."""
    return {
        "spelt": False,
        "longest": MAX_ADDRESS,
        "pattern": ADDRESS_PATTERN,
        "consent_required": Workspace.current().consent_required,
    }


def _spell(rows: Sequence[tuple[int, str]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_SPELL, [[pk for pk, _text in rows], [spelt(text) for _pk, text in rows]])


_SPELL = """
UPDATE messaging_message m SET address = new.address
FROM unnest(%s::bigint[], %s::text[]) AS new (id, address) WHERE m.id = new.id
"""


def recover() -> tuple[int, int]:
    """Takes back what dead senders held: (planned again, unknown). Handed over without an answer is unknown."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT claimed_by FROM messaging_message WHERE state = 'claimed'")
        numbers = [row[0] for row in cursor.fetchall()]
    states: list[str] = []
    for number in numbers:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT %s::int IS NULL OR pg_try_advisory_xact_lock(%s, %s)", [number, _SENDERS, number])
            if not cursor.fetchone()[0]:
                continue
            cursor.execute(_RECOVER, {"sender": number, "now": timezone.now()})
            states += [row[0] for row in cursor.fetchall()]
    return states.count("planned"), states.count("unknown")


# What a claimed message `m` becomes that was not sent: its journey may have been stopped or paused meanwhile.
GIVEN_BACK = "CASE m.reason WHEN 'stopped' THEN 'skipped' WHEN 'held' THEN 'held' ELSE 'planned' END"
# The same for one that may have been sent: what somebody reported about it says that it was.
IN_DOUBT = """CASE WHEN EXISTS (SELECT FROM messaging_interaction i WHERE i.message_id = m.id)
    THEN 'accepted' ELSE 'unknown' END"""

_RECOVER = f"""
UPDATE messaging_message m SET
    state = CASE WHEN handed_over_at IS NULL THEN {GIVEN_BACK} ELSE {IN_DOUBT} END,
    reason = CASE WHEN handed_over_at IS NULL AND reason = 'stopped' THEN reason ELSE '' END,
    settled_at = CASE WHEN handed_over_at IS NOT NULL OR reason = 'stopped' THEN %(now)s::timestamptz END,
    claimed_by = NULL
WHERE state = 'claimed' AND claimed_by IS NOT DISTINCT FROM %(sender)s
RETURNING state
"""  # noqa: S608 - constants of ours
