"""What messages brought: activities after them, each attributed to the newest message before it, within a window."""

from dataclasses import dataclass, field

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from django.db.models import BooleanField, Case, Q, QuerySet, Value, When

from lake.operational import reader
from lake.queries import Snapshot, snapshot
from messaging.analytics import Audience
from messaging.models import Message, State
from profiles.models import ProfileRedirect

ACTIVITIES = "unified.activities"
MAX_DAYS = 90
_COLUMNS = {"message": "id", "profile_id": "profile_id", "counts": "counts", "sent_at": "settled_at"}


@dataclass
class Conversions:
    """`converted`: messages with at least one activity; `activities`: how many; `revenue`: minor units per currency."""

    converted: int = 0
    activities: int = 0
    revenue: dict[str, int] = field(default_factory=dict)


def activity_types(snap: Snapshot | None = None) -> list[str]:
    """The kinds of activity that can be a goal, alphabetically."""
    snap = snap or snapshot()
    if not snap.has(ACTIVITIES):
        return []
    kinds = snap.table(ACTIVITIES).select("type").distinct().order_by("type")
    return [str(kind) for kind in snap.arrow(kinds).column("type").to_pylist()]


def conversions(audience: Audience, activity: str, days: int, snap: Snapshot | None = None) -> Conversions:
    """Activities of one kind at most `days` days after a message, last touch.

    An activity belongs to the newest message that its person got before it, of whatever e-mail or journey; it is
    counted here when that message is of the audience. So audiences that do not overlap never count one activity twice.
    """
    snap = snap or snapshot()
    messages = _messages(audience)
    if not snap.has(ACTIVITIES) or not messages.num_rows:
        return Conversions()
    touched = _last_touch(snap.table(ACTIVITIES), activity, min(max(days, 1), MAX_DAYS), ibis.memtable(messages))
    counted = touched.filter(touched.counts)
    summed = counted.group_by("currency").aggregate(total=counted.amount.sum())
    numbers = snap.arrow(
        counted.aggregate(converted=counted.message.nunique(), activities=counted.count())
    ).to_pylist()[0]
    money = {row["currency"]: row["total"] for row in snap.arrow(summed).to_pylist() if row["currency"]}
    return Conversions(numbers["converted"], numbers["activities"], money)


def _sent(audience: Audience) -> QuerySet[Message]:
    """Everything sent to the people of the audience; `counts` marks its own messages."""
    own = audience.messages().filter(state=State.ACCEPTED)
    mark = Case(When(Q(pk__in=own.values("pk")), then=Value(True)), default=Value(False), output_field=BooleanField())
    everything = Message.objects.filter(state=State.ACCEPTED, is_test=False, settled_at__isnull=False)
    return everything.filter(profile_id__in=own.values("profile_id")).annotate(counts=mark)


def _messages(audience: Audience) -> pa.Table:
    """Messages under the ids that their people have today."""
    table = reader(_sent(audience), _COLUMNS, own_rows=True).read_all()
    moved = dict(
        ProfileRedirect.objects.filter(old_id__in=_sent(audience).values("profile_id")).values_list("old_id", "target")
    )
    if not moved:
        return table
    ids = [moved.get(profile_id, profile_id) for profile_id in table.column("profile_id").to_pylist()]
    place = table.schema.get_field_index("profile_id")
    return table.set_column(place, "profile_id", pa.array(ids, pa.string()))


def _last_touch(activities: ir.Table, activity: str, days: int, messages: ir.Table) -> ir.Table:
    """One row per activity: `message, counts, amount, currency` of the newest message within the window before it."""
    wanted = activities.filter(activities.type == activity)
    sent = messages.mutate(until=messages.sent_at + ibis.interval(days=days))
    pairs = wanted.join(
        sent, [wanted.profile_id == sent.profile_id, wanted.time >= sent.sent_at, wanted.time <= sent.until]
    ).select(
        source=wanted.source,
        table=wanted.table,
        record_id=wanted.record_id,
        at=wanted.time,
        amount=wanted.amount,
        currency=wanted.currency,
        message=sent.message,
        counts=sent.counts,
        sent_at=sent.sent_at,
    )
    return pairs.group_by(["source", "table", "record_id", "at"]).aggregate(
        message=pairs.message.argmax(pairs.sent_at),
        counts=pairs.counts.argmax(pairs.sent_at),
        amount=pairs.amount.max(),
        currency=pairs.currency.max(),
    )
