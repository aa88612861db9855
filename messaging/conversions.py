"""What messages brought: activities after them, each attributed to the newest message before it, within a window.

This is the only definition: results of e-mails and of journeys, their lists of people and their charts all use it.
An activity with a negative amount is a refund: no conversion, but it lowers the revenue of a message that brought its
person's purchase before. A refund of something that no message brought belongs to no message.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from django.db.models import BooleanField, Case, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from lake.operational import reader
from lake.queries import Snapshot, snapshot
from messaging.analytics import Audience
from messaging.models import Message
from profiles.models import ProfileRedirect

ACTIVITIES = "unified.activities"
MAX_DAYS = 365
_SENT = {
    "message": "id", "profile_id": "profile_id", "step": "step_key", "counts": "counts", "sent_at": "given_at"
}  # fmt: skip
_KEY = ["profile_id", "source", "table", "record_id", "at"]
_SHOWN = ["profile_id", "at", "title", "amount", "currency", "step", "message", "sent_at"]
NOTHING = pa.table(
    {
        "profile_id": pa.array([], pa.string()),
        "at": pa.array([], pa.timestamp("us", tz="UTC")),
        "title": pa.array([], pa.string()),
        "amount": pa.array([], pa.int64()),
        "currency": pa.array([], pa.string()),
        "step": pa.array([], pa.string()),
        "message": pa.array([], pa.int64()),
        "sent_at": pa.array([], pa.timestamp("us", tz="UTC")),
    }
)


@dataclass
class Conversions:
    """`converted`: people with at least one activity; `activities`: how many, without refunds; `revenue`: minor units
    per currency, less refunds."""

    converted: int = 0
    activities: int = 0
    revenue: dict[str, int] = field(default_factory=dict)


def activity_types() -> list[str]:
    """The kinds of activity that can be a goal, alphabetically."""
    snap = snapshot()
    if not snap.has(ACTIVITIES):
        return []
    kinds = snap.table(ACTIVITIES).select("type").distinct().order_by("type")
    return [str(kind) for kind in snap.arrow(kinds).column("type").to_pylist()]


def conversions(audience: Audience, activity: str, days: int, snap: Snapshot | None = None) -> pa.Table:
    """One row per activity or refund of a kind at most `days` days (1 to MAX_DAYS) after a message of the audience,
    last touch: `profile_id, at, title, amount (minor units), currency, step, message, sent_at`.

    An activity belongs to the newest message that its person got before it, of whatever e-mail or journey; it is
    counted here when that message is of the audience. So audiences that do not overlap never count one activity twice.
    Without an activity there is nothing.
    """
    snap = snap or snapshot()
    if not activity or not snap.has(ACTIVITIES):
        return NOTHING
    messages = _messages(audience)
    if not messages.num_rows:
        return NOTHING
    return snap.arrow(_last_touch(snap.table(ACTIVITIES), activity, days, ibis.memtable(messages)))


def summed(rows: Iterable[dict[str, Any]]) -> Conversions:
    """The numbers of such rows."""
    result, people = Conversions(), set()
    for row in rows:
        if not is_refund(row):
            people.add(row["profile_id"])
            result.activities += 1
        if row["amount"] is not None:
            currency = row["currency"] or ""
            result.revenue[currency] = result.revenue.get(currency, 0) + row["amount"]
    result.converted = len(people)
    return result


def is_refund(row: dict[str, Any]) -> bool:
    return row["amount"] is not None and row["amount"] < 0


def times(rows: Iterable[dict[str, Any]]) -> list[datetime]:
    """When the conversions among such rows happened."""
    return [row["at"] for row in rows if not is_refund(row)]


def _sent_to(audience: Audience, ids: QuerySet[Any, Any]) -> QuerySet[Message]:
    """Everything sent to these ids; `counts` marks what is of the audience, told from the message itself: a list of
    all that is would be gone through for each message."""
    is_of_it = audience.condition() or Q(pk__isnull=False)
    mark = Case(When(is_of_it, then=Value(True)), default=Value(False), output_field=BooleanField())
    everything = Audience().sent().filter(settled_at__isnull=False)
    given = Coalesce("handed_over_at", "settled_at")
    return everything.filter(profile_id__in=ids).annotate(counts=mark, given_at=given)


def _messages(audience: Audience) -> pa.Table:
    """Everything that the people of the audience got, under whatever ids they had, under those that they have today."""
    own = audience.sent().values("profile_id")
    today = ProfileRedirect.objects.filter(old_id__in=own).values("target")
    merged = ProfileRedirect.objects.filter(Q(target__in=own) | Q(target__in=today))
    moved = dict(merged.values_list("old_id", "target"))
    everyone: QuerySet[Any, Any] = own.union(today, merged.values("old_id")) if moved else own
    table = reader(_sent_to(audience, everyone), _SENT, own_rows=True).read_all()
    if not moved:
        return table
    ids = [moved.get(profile_id, profile_id) for profile_id in table.column("profile_id").to_pylist()]
    place = table.schema.get_field_index("profile_id")
    return table.set_column(place, "profile_id", pa.array(ids, pa.string()))


def _last_touch(activities: ir.Table, activity: str, days: int, messages: ir.Table) -> ir.Table:
    wanted = activities.filter(activities.type == activity)
    sent = messages.mutate(until=messages.sent_at + ibis.interval(days=days))
    pairs = wanted.join(
        sent, [wanted.profile_id == sent.profile_id, wanted.time >= sent.sent_at, wanted.time <= sent.until]
    ).select(
        *(wanted[name] for name in ("profile_id", "source", "table", "record_id", "title", "amount", "currency")),
        *(sent[name] for name in ("message", "step", "counts", "sent_at")),
        at=wanted.time,
    )
    newest = pairs.group_by(_KEY).aggregate(
        title=pairs.title.max(),
        amount=pairs.amount.max(),
        currency=pairs.currency.max(),
        step=pairs.step.argmax(pairs.sent_at),
        message=pairs.message.argmax(pairs.sent_at),
        counts=pairs.counts.argmax(pairs.sent_at),
        sent_at=pairs.sent_at.max(),
    )
    return _without_foreign_refunds(newest.filter(newest.counts)).select(_SHOWN)


def _without_foreign_refunds(rows: ir.Table) -> ir.Table:
    """Refunds only after something that the same person bought because of the same message."""
    bought_at = ibis.ifelse(rows.amount < 0, ibis.null(rows.at.type()), rows.at)
    since = rows.mutate(bought_at=bought_at.min().over(group_by=[rows.profile_id, rows.message]))
    return since.filter(since.bought_at <= since.at)
