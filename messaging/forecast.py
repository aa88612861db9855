"""Who would not get an e-mail if it were sent now, and why: judged as at the sending, and nothing is written."""

from collections import Counter
from collections.abc import Sequence

from django.db import connection

from messaging import catalog, people
from messaging.claims import NEWEST, REFUSED, UNASKED, rules
from messaging.models import EmailTemplate, Reason
from messaging.render import Slot

_JUDGE = f"""
WITH known AS (
    SELECT asked.id AS profile_id, person.id AS person, %(purpose)s AS purpose,
        lower(btrim(coalesce(person.email, ''))) AS mail
    FROM unnest(%(ids)s::text[]) AS asked (id) LEFT JOIN profiles_profile person ON person.id = asked.id
)
SELECT profile_id, CASE
    WHEN person IS NULL THEN 'no_person'
    {REFUSED}
    {UNASKED}
    WHEN row_number() OVER (PARTITION BY mail ORDER BY profile_id) > 1 THEN 'duplicate_address'
    ELSE '' END
FROM known {NEWEST}
"""  # noqa: S608 - constants of ours


def not_sent(template: EmailTemplate, profile_ids: Sequence[str]) -> Counter[str]:
    """Reason → how many of these people would not get the draft as it is. One statement, and one read of values."""
    with connection.cursor() as cursor:
        cursor.execute(_JUDGE, rules() | {"ids": list(profile_ids), "purpose": template.purpose})
        verdicts = dict(cursor.fetchall())
    found = Counter(verdict for verdict in verdicts.values() if verdict in Reason.values)
    slots = _asked(template)
    if slots:
        would_get_it = [pk for pk, verdict in verdicts.items() if verdict not in Reason.values]
        values = people.values_of(would_get_it, {slot.token.name for slot in slots})
        known = [values.get(pk, {}) for pk in would_get_it]
        missing = sum(any(slot.read(row.get(slot.token.name)) is None for slot in slots) for row in known)
        found += Counter({Reason.MISSING_VALUE.value: missing})
    return found


def _asked(template: EmailTemplate) -> list[Slot]:
    """The values that a person must have."""
    compiled = catalog.compile_draft(template)
    own = {token.name for token in catalog.OWN_TOKENS}
    asked = {token.name for token in compiled.required} - own
    return [slot for slot in compiled.slots if slot.token.name in asked and slot.default is None]
