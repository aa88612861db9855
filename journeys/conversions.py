"""Which activities came of which messages: a join of the ledger with `unified.activities`.

An activity of the goal's kind counts when a message of the journey was sent to the person within the window before
it. It belongs to the newest such message, so what the messages brought adds up to what the journey brought.
"""

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from django.db.models import QuerySet

from journeys.models import Journey
from lake.operational import reader
from lake.queries import Snapshot, snapshot
from messaging.models import Message, State
from profiles.models import ProfileRedirect

ACTIVITIES = "unified.activities"
_COLUMNS = {"message": "id", "profile_id": "profile_id", "step": "step_key", "sent_at": "settled_at"}


def sent_messages(journey: Journey) -> QuerySet[Message]:
    return Message.objects.filter(journey_key=journey.slug, is_test=False, state=State.ACCEPTED)


def conversions(journey: Journey, snap: Snapshot | None = None) -> pa.Table:
    """One row per activity that counts: `profile_id, at, title, amount, currency, step, sent_at`; none without a
    goal."""
    snap = snap or snapshot()
    messages = _messages(journey)
    if not journey.conversion_activity or not snap.has(ACTIVITIES) or not messages.num_rows:
        return EMPTY
    return snap.arrow(_joined(journey, snap.table(ACTIVITIES), ibis.memtable(messages)))


EMPTY = pa.table(
    {
        "profile_id": pa.array([], pa.string()),
        "at": pa.array([], pa.timestamp("us", tz="UTC")),
        "title": pa.array([], pa.string()),
        "amount": pa.array([], pa.int64()),
        "currency": pa.array([], pa.string()),
        "step": pa.array([], pa.string()),
        "sent_at": pa.array([], pa.timestamp("us", tz="UTC")),
    }
)


def _messages(journey: Journey) -> pa.Table:
    """The messages sent, under the ids that their people have today."""
    table = reader(sent_messages(journey), _COLUMNS, own_rows=True).read_all()
    old = ProfileRedirect.objects.filter(old_id__in=sent_messages(journey).values("profile_id"))
    moved = dict(old.values_list("old_id", "target"))
    if not moved:
        return table
    ids = [moved.get(profile_id, profile_id) for profile_id in table.column("profile_id").to_pylist()]
    place = table.schema.get_field_index("profile_id")
    return table.set_column(place, "profile_id", pa.array(ids, pa.string()))


def _joined(journey: Journey, activities: ir.Table, messages: ir.Table) -> ir.Table:
    wanted = activities.filter(activities.type == journey.conversion_activity)
    window = ibis.interval(days=journey.conversion_days)
    sent = messages.mutate(until=messages.sent_at + window)
    pairs = wanted.join(
        sent,
        [wanted.profile_id == sent.profile_id, wanted.time >= sent.sent_at, wanted.time <= sent.until],
    ).select(
        profile_id=wanted.profile_id,
        at=wanted.time,
        title=wanted.title,
        amount=wanted.amount,
        currency=wanted.currency,
        source=wanted.source,
        table=wanted.table,
        record_id=wanted.record_id,
        step=sent.step,
        sent_at=sent.sent_at,
    )
    activity = ["profile_id", "source", "table", "record_id", "at"]
    newest = pairs.group_by(activity).aggregate(
        title=pairs.title.first(),
        amount=pairs.amount.first(),
        currency=pairs.currency.first(),
        step=pairs.step.argmax(pairs.sent_at),
        sent_at=pairs.sent_at.max(),
    )
    return newest.select("profile_id", "at", "title", "amount", "currency", "step", "sent_at")
