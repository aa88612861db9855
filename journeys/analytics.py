"""What a journey brought: people, messages, what they did with them, conversions and revenue. States always add up."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, tzinfo
from typing import Any

import pyarrow as pa
from django.core.cache import cache
from django.db.models import Count

from core.models import Workspace
from journeys.models import Journey, JourneyVersion
from journeys.plans import plan_of
from journeys.queries import Numbers, numbers
from lake.queries import Snapshot, snapshot
from messaging import conversions as brought_by
from messaging.analytics import WAITING, Audience, Totals, over_time, step_totals, totals
from messaging.models import Interaction, InteractionKind, State

QUICK_SECONDS = 60  # how old a number on the list of journeys may be


def rate(part: int, whole: int) -> float | None:
    return part / whole if whole else None


@dataclass
class MessageResult:
    """One message of a journey (a step), or all together. Reactions count messages, each once; machines do not count.

    `audience = waiting + sent + refused + unknown + skipped`; `delivered = sent - bounced`.
    """

    step: str = ""
    name: str = ""
    totals: Totals = field(default_factory=Totals)
    reactions: dict[str, int] = field(default_factory=dict)
    converted: int = 0
    orders: int = 0
    revenue: dict[str, int] = field(default_factory=dict)

    @property
    def audience(self) -> int:
        return self.totals.audience

    @property
    def sent(self) -> int:
        return self.totals.by_state[State.ACCEPTED]

    @property
    def waiting(self) -> int:
        return sum(self.totals.by_state[state] for state in WAITING)

    @property
    def refused(self) -> int:
        return self.totals.by_state[State.REFUSED]

    @property
    def unknown(self) -> int:
        return self.totals.by_state[State.UNKNOWN]

    @property
    def skipped(self) -> int:
        return self.totals.by_state[State.SKIPPED]

    @property
    def bounced(self) -> int:
        return self.reactions.get(InteractionKind.BOUNCE, 0)

    @property
    def delivered(self) -> int:
        return self.sent - self.bounced

    @property
    def opened(self) -> int:
        return self.reactions.get(InteractionKind.OPEN, 0)

    @property
    def clicked(self) -> int:
        return self.reactions.get(InteractionKind.CLICK, 0)

    @property
    def unsubscribed(self) -> int:
        return self.reactions.get(InteractionKind.UNSUBSCRIBE, 0)

    @property
    def open_rate(self) -> float | None:
        return rate(self.opened, self.delivered)

    @property
    def click_rate(self) -> float | None:
        return rate(self.clicked, self.delivered)

    @property
    def conversion_rate(self) -> float | None:
        return rate(self.converted, self.delivered)

    @property
    def reasons(self) -> dict[str, int]:
        return dict(sorted(self.totals.by_reason.items(), key=lambda item: -item[1]))


@dataclass
class Results:
    """Everything on the results page. `days` holds (day, {sent, opened, clicked, converted}); days are those of the
    workspace's time zone."""

    people: Numbers
    whole: MessageResult
    messages: list[MessageResult]
    days: list[tuple[date, dict[str, int]]]
    revenue_days: dict[str, dict[date, int]]


def results(journey: Journey) -> Results:
    """All numbers of one journey, over its versions: message numbers from the ledger, conversions from the lake."""
    totals, reacted = step_totals(journey.slug), _reactions(journey)
    found = conversions(journey).to_pylist()
    names = _step_names(journey)
    steps = [step for step in names if step in totals] + [step for step in totals if step not in names]
    by_step: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in found:
        by_step[row["step"]].append(row)
    messages = [
        _with_conversions(
            MessageResult(step, names.get(step, step), totals[step], reacted.get(step, {})), by_step.get(step, [])
        )
        for step in steps
    ]
    whole = _with_conversions(_sum(messages), found)
    people = numbers(Journey.objects.filter(pk=journey.pk)).get(journey.pk, Numbers())
    days = over_time(Audience(journey_key=journey.slug), brought_by.times(found))
    return Results(people, whole, messages, days, _revenue_days(found, Workspace.current().zone))


def conversions(journey: Journey, snap: Snapshot | None = None) -> pa.Table:
    """What `messaging.conversions` counts for the journey's messages and its goal; nothing without a goal."""
    audience = Audience(journey_key=journey.slug)
    return brought_by.conversions(audience, journey.conversion_activity, journey.conversion_days, snap)


def _step_names(journey: Journey) -> dict[str, str]:
    """E-mail steps of all versions, newest first, in the order of the flow: step id → what it is called."""
    names: dict[str, str] = {}
    for version in JourneyVersion.objects.filter(journey=journey).order_by("-number"):
        plan = plan_of(version)
        for step in plan.graph.steps:
            pinned = plan.frozen.get(step.id, {})
            if "template_version" in pinned:
                names.setdefault(step.id, step.label or str(pinned.get("name", step.id)))
    return names


def _reactions(journey: Journey) -> dict[str, dict[str, int]]:
    sent = Audience(journey_key=journey.slug).sent()
    rows = Interaction.objects.filter(message__in=sent, is_machine=False)
    counted = rows.order_by().values_list("message__step_key", "kind").annotate(n=Count("message", distinct=True))
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for step, kind, count in counted:
        found[step][kind] = count
    return found


def _with_conversions(result: MessageResult, rows: list[dict[str, Any]]) -> MessageResult:
    brought = brought_by.summed(rows)
    result.converted, result.orders, result.revenue = brought.converted, brought.activities, brought.revenue
    return result


def _sum(messages: list[MessageResult]) -> MessageResult:
    whole = MessageResult()
    for message in messages:
        whole.totals.audience += message.totals.audience
        for target, source in (
            (whole.totals.by_state, message.totals.by_state),
            (whole.totals.by_reason, message.totals.by_reason),
            (whole.reactions, message.reactions),
        ):
            for key, count in source.items():
                target[key] = target.get(key, 0) + count
    return whole


def _revenue_days(found: Iterable[dict[str, Any]], zone: tzinfo) -> dict[str, dict[date, int]]:
    """Revenue per currency and day, in minor units."""
    result: dict[str, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for row in found:
        if row["amount"] is not None:
            result[row["currency"] or ""][row["at"].astimezone(zone).date()] += row["amount"]
    return result


@dataclass(frozen=True)
class QuickResult:
    """The numbers of the list page. `not_sent` is why messages were skipped or refused, the most frequent reason first;
    `revenue` is (currency, minor units)."""

    sent: int = 0
    conversion_rate: float | None = None
    revenue: tuple[tuple[str, int], ...] = ()
    not_sent: tuple[tuple[str, int], ...] = ()


def quick_results(journeys: list[Journey]) -> dict[int, QuickResult]:
    """Per journey; at most a minute old, so that a list of many journeys stays quick."""
    at = snapshot().version
    keys = {
        f"journeys.quick:{j.pk}:{j.state}:{j.conversion_activity}:{j.conversion_days}:{at}": j
        for j in journeys
        if j.state != Journey.State.DRAFT
    }
    known = cache.get_many(keys)
    fresh = {key: _quick(journey) for key, journey in keys.items() if key not in known}
    cache.set_many(fresh, QUICK_SECONDS)
    by_pk = {keys[key].pk: found for key, found in (known | fresh).items()}
    return {journey.pk: by_pk.get(journey.pk, QuickResult()) for journey in journeys}


def _quick(journey: Journey) -> QuickResult:
    audience = Audience(journey_key=journey.slug)
    found, messages = totals(audience), audience.sent()
    sent = found.by_state[State.ACCEPTED]
    not_sent = tuple(sorted(found.by_reason.items(), key=lambda item: -item[1]))
    if not journey.conversion_activity:
        return QuickResult(sent, not_sent=not_sent)
    bounced = Interaction.objects.filter(message__in=messages, kind=InteractionKind.BOUNCE)
    delivered = sent - bounced.values("message").distinct().count()
    brought = brought_by.summed(conversions(journey).to_pylist())
    return QuickResult(sent, rate(brought.converted, delivered), tuple(sorted(brought.revenue.items())), not_sent)
