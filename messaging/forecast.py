"""Who would not get an e-mail if it were sent now, and why: judged as at the sending, and nothing is written."""

from collections import Counter
from collections.abc import Sequence

from django.db import connection

from messaging import catalog, people
from messaging.claims import REFUSED, SAID, UNASKED, rules
from messaging.models import EmailTemplate, Reason
from messaging.render import Slot

_JUDGE = f"""
WITH known AS (
    SELECT asked.id AS profile_id, person.id AS person, %(purpose)s AS purpose,
        lower(btrim(coalesce(person.email, ''))) AS mail
    FROM unnest(%(ids)s::text[]) AS asked (id) LEFT JOIN profiles_profile person ON person.id = asked.id
)
SELECT profile_id, mail, CASE
    WHEN person IS NULL THEN 'no_person'
    {REFUSED}
    {UNASKED}
    ELSE '' END
FROM known {SAID}
"""  # noqa: S608 - constants of ours


def not_sent(template: EmailTemplate, profile_ids: Sequence[str]) -> Counter[str]:
    """Reason → how many of these people, in the order in which they would come, would not get the draft as it is.

    One statement, and one read of values.
    """
    with connection.cursor() as cursor:
        cursor.execute(_JUDGE, rules() | {"ids": list(profile_ids), "purpose": template.purpose})
        judged = {profile_id: (mail, verdict) for profile_id, mail, verdict in cursor.fetchall()}
    slots, written_to = _asked(template), set[str]()
    values = people.values_of(profile_ids, {slot.token.name for slot in slots}) if slots else {}
    found = Counter[str]()
    for profile_id in profile_ids:
        mail, verdict = judged[profile_id]
        row = values.get(profile_id, {})
        if verdict in Reason.values:
            found[verdict] += 1
        elif mail in written_to:
            found[Reason.DUPLICATE_ADDRESS.value] += 1
        elif any(slot.read(row.get(slot.token.name)) is None for slot in slots):
            found[Reason.MISSING_VALUE.value] += 1
        else:
            written_to.add(mail)
    return found


def _asked(template: EmailTemplate) -> list[Slot]:
    """The values that a person must have."""
    compiled = catalog.compile_draft(template)
    own = {token.name for token in catalog.OWN_TOKENS}
    asked = {token.name for token in compiled.required} - own
    return [slot for slot in compiled.slots if slot.token.name in asked and slot.default is None]
