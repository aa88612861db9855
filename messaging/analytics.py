"""Numbers about messages, from the ledger: always complete, every state adds up to the audience. Tests never count."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, Min, Q, QuerySet
from django.db.models.functions import TruncDate

from core.models import Workspace
from messaging.models import Interaction, InteractionKind, Message, Reason, State

WAITING = (State.PLANNED, State.HELD, State.CLAIMED)
NOT_SENT = (State.SKIPPED, State.REFUSED)  # only these have their reason for good
DAILY = ("sent", "opened", "clicked", "converted")


@dataclass(frozen=True)
class Audience:
    """Which messages: a template version, an e-mail, a journey, or one step of it. Empty means any."""

    journey_key: str = ""
    step_key: str = ""
    template_id: int | None = None
    version_id: int | None = None

    def condition(self) -> Q:
        """What a message must be, tests apart."""
        given = {
            "journey_key": self.journey_key,
            "step_key": self.step_key,
            "template_version__template_id": self.template_id,
            "template_version_id": self.version_id,
        }
        return Q(**{name: value for name, value in given.items() if value})

    def messages(self) -> QuerySet[Message]:
        return Message.objects.filter(self.condition(), is_test=False)

    def sent(self) -> QuerySet[Message]:
        return self.messages().filter(state=State.ACCEPTED)


@dataclass
class Totals:
    """Messages by state: these add up to the audience, always."""

    audience: int = 0
    by_state: dict[str, int] = field(default_factory=lambda: dict.fromkeys(State.values, 0))
    by_reason: dict[str, int] = field(default_factory=dict)


def totals(audience: Audience) -> Totals:
    """One row per state and reason, summed. `by_reason` holds skipped and refused messages."""
    result = Totals()
    for state, reason, count in audience.messages().order_by().values_list("state", "reason").annotate(n=Count("pk")):
        result.audience += count
        result.by_state[state] += count
        if reason and state in NOT_SENT:
            result.by_reason[reason] = result.by_reason.get(reason, 0) + count
    return result


def step_totals(journey_key: str, cause: str = "") -> dict[str, Totals]:
    """Per step key of one journey, in one query; only messages whose cause begins with `cause`, where given."""
    rows = Message.objects.filter(journey_key=journey_key, is_test=False).order_by()
    rows = rows.filter(cause__startswith=cause) if cause else rows
    result: dict[str, Totals] = {}
    for step, state, reason, count in rows.values_list("step_key", "state", "reason").annotate(n=Count("pk")):
        step_total = result.setdefault(step, Totals())
        step_total.audience += count
        step_total.by_state[state] += count
        if reason and state in NOT_SENT:
            step_total.by_reason[reason] = step_total.by_reason.get(reason, 0) + count
    return result


@dataclass
class Results:
    """One campaign in numbers. Rates are shares of what was delivered, 0 to 1; None when nothing was.

    `opened` and `clicked`: messages with at least one open or click by a person (`by_machine`: only by machines).
    `open_rate` = opened / delivered; `click_rate` = clicked / delivered; `click_to_open_rate` = clicked / opened.
    `delivered`: sent, less those that bounced later. What is reported about a message that was not sent counts nowhere
    (some providers call a mail that they refused at once a bounce). The same definitions as in `journeys.analytics`.
    """

    totals: Totals
    opened: int = 0
    clicked: int = 0
    unsubscribed: int = 0
    bounced: int = 0
    complained: int = 0
    opened_by_machine: int = 0
    clicked_by_machine: int = 0

    @property
    def sent(self) -> int:
        return self.totals.by_state[State.ACCEPTED]

    @property
    def delivered(self) -> int:
        return self.sent - self.bounced

    @property
    def not_sent(self) -> int:
        return sum(self.totals.by_state[state] for state in NOT_SENT)

    def rate(self, count: int, of: int | None = None) -> float | None:
        base = self.delivered if of is None else of
        return count / base if base else None

    @property
    def open_rate(self) -> float | None:
        return self.rate(self.opened)

    @property
    def click_rate(self) -> float | None:
        return self.rate(self.clicked)

    @property
    def click_to_open_rate(self) -> float | None:
        return self.rate(self.clicked, self.opened)

    @property
    def unsubscribe_rate(self) -> float | None:
        return self.rate(self.unsubscribed)

    def as_json(self) -> dict[str, object]:
        counts = (
            "opened",
            "clicked",
            "unsubscribed",
            "bounced",
            "complained",
            "opened_by_machine",
            "clicked_by_machine",
        )
        derived = ("sent", "delivered", "not_sent", "open_rate", "click_rate", "click_to_open_rate", "unsubscribe_rate")
        values: dict[str, object] = {name: getattr(self, name) for name in counts + derived}
        return values | {
            "audience": self.totals.audience,
            "by_state": self.totals.by_state,
            "by_reason": self.totals.by_reason,
        }


def results(audience: Audience) -> Results:
    """Counts of messages, each at most once per kind: what people did, and apart from it what only machines did."""
    result = Results(totals(audience))
    rows = Interaction.objects.filter(message__in=audience.sent()).order_by()
    person: dict[bool, dict[str, int]] = {True: {}, False: {}}
    for kind, machine, count in rows.values_list("kind", "is_machine").annotate(n=Count("message", distinct=True)):
        person[not machine][kind] = count
    kinds = InteractionKind
    result.opened, result.clicked = person[True].get(kinds.OPEN, 0), person[True].get(kinds.CLICK, 0)
    result.opened_by_machine = person[False].get(kinds.OPEN, 0)
    result.clicked_by_machine = person[False].get(kinds.CLICK, 0)
    result.unsubscribed = person[True].get(kinds.UNSUBSCRIBE, 0)
    result.bounced, result.complained = person[True].get(kinds.BOUNCE, 0), person[True].get(kinds.COMPLAINT, 0)
    return result


def people(audience: Audience, what: str) -> QuerySet[Message]:
    """The messages (one per person and cause) behind a number: a state, `not_sent`, a reason, `opened`, `clicked` …"""
    messages = audience.messages()
    kinds = {"opened": "open", "clicked": "click", "unsubscribed": "unsubscribe", "bounced": "bounce"}
    if what in kinds:
        acted = Interaction.objects.filter(kind=kinds[what], is_machine=False).values("message")
        return audience.sent().filter(pk__in=acted)
    if what == "not_sent":
        return messages.filter(state__in=NOT_SENT)
    if what in State.values:
        return messages.filter(state=what)
    if what in Reason.values:
        return messages.filter(state__in=NOT_SENT, reason=what)
    return messages


def over_time(audience: Audience, conversions: Iterable[datetime] = ()) -> list[tuple[date, dict[str, int]]]:
    """Per day of the workspace's time zone: messages `sent`, first opens (`opened`) and clicks (`clicked`) by people,
    and `converted`, the conversions at these times. Days without anything are left out."""
    zone = Workspace.current().zone
    days: dict[date, dict[str, int]] = defaultdict(lambda: dict.fromkeys(DAILY, 0))
    sent = audience.sent().filter(settled_at__isnull=False).order_by()
    for day, count in (
        sent.annotate(day=TruncDate("settled_at", tzinfo=zone)).values_list("day").annotate(n=Count("pk"))
    ):
        days[day]["sent"] = count
    first = (
        Interaction.objects.filter(message__in=audience.sent(), is_machine=False, kind__in=["open", "click"])
        .order_by()
        .values("message", "kind")
        .annotate(first=Min("at"))
    )
    for row in first.iterator():
        days[row["first"].astimezone(zone).date()]["opened" if row["kind"] == "open" else "clicked"] += 1
    for at in conversions:
        days[at.astimezone(zone).date()]["converted"] += 1
    return sorted(days.items())


def links(audience: Audience) -> list[dict[str, object]]:
    """Per address: `url`, `people` (messages with a click by a person) and `clicks`, most clicked first."""
    rows = Interaction.objects.filter(message__in=audience.sent(), kind="click", is_machine=False).order_by()
    counted = rows.values("link__url").annotate(clicks=Count("pk"), people=Count("message", distinct=True))
    return [
        {"url": row["link__url"], "people": row["people"], "clicks": row["clicks"]}
        for row in counted.order_by("-people", "link__url")
    ]
