"""What a person decides about messages of which nobody knows whether they were sent."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from core import audit
from core.roles import Actor, require
from messaging.models import Message, State


def mark_as_sent(message_ids: Sequence[int], *, by: Actor = None) -> int:
    """Settles unknown messages as sent; how many. Others of the list are left alone."""
    return _decide(message_ids, "message.mark_sent", by, state=State.ACCEPTED, detail="", settled_at=timezone.now())


def send_again(message_ids: Sequence[int], *, by: Actor = None) -> int:
    """Plans unknown and refused messages again, knowing that somebody may get one twice; how many."""
    changes = {
        "state": State.PLANNED,
        "reason": "",
        "due_at": timezone.now(),
        "handed_over_at": None,
        "settled_at": None,
    }
    return _decide(message_ids, "message.send_again", by, states=(State.UNKNOWN, State.REFUSED), attempts=0, **changes)


def _decide(
    ids: Sequence[int], verb: str, by: Actor, states: Sequence[str] = (State.UNKNOWN,), **changes: object
) -> int:
    require(by, "messaging.change_message")
    with transaction.atomic():
        rows = list(Message.objects.select_for_update().filter(pk__in=list(ids), state__in=states))
        Message.objects.filter(pk__in=[row.pk for row in rows]).update(claimed_by=None, **changes)
        for row in rows:
            audit.record(by, verb, row)
    return len(rows)
