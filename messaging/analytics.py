"""Numbers about messages, from the ledger: always complete, every state adds up to the audience. Tests never count."""

from dataclasses import dataclass, field

from django.db.models import Count, Q, QuerySet

from messaging.models import Message, State


@dataclass(frozen=True)
class Audience:
    """Which messages: a template version, an e-mail, a journey, or one step of it. Empty means any."""

    journey_key: str = ""
    step_key: str = ""
    template_id: int | None = None
    version_id: int | None = None

    def messages(self) -> QuerySet[Message]:
        given = {
            "journey_key": self.journey_key,
            "step_key": self.step_key,
            "template_version__template_id": self.template_id,
            "template_version_id": self.version_id,
        }
        return Message.objects.filter(is_test=False, **{name: value for name, value in given.items() if value})


@dataclass
class Totals:
    """Messages by state; `planned + claimed + accepted + refused + unknown + skipped == audience`, always."""

    audience: int = 0
    by_state: dict[str, int] = field(default_factory=lambda: dict.fromkeys(State.values, 0))
    by_reason: dict[str, int] = field(default_factory=dict)


def totals(audience: Audience) -> Totals:
    """One row per state and reason, summed. `by_reason` holds skipped and refused messages."""
    result = Totals()
    for state, reason, count in audience.messages().order_by().values_list("state", "reason").annotate(n=Count("pk")):
        result.audience += count
        result.by_state[state] += count
        if reason:
            result.by_reason[reason] = result.by_reason.get(reason, 0) + count
    return result


def step_totals(journey_key: str) -> dict[str, Totals]:
    """Per step key of one journey, in one query."""
    rows = Message.objects.filter(Q(journey_key=journey_key), is_test=False).order_by()
    result: dict[str, Totals] = {}
    for step, state, reason, count in rows.values_list("step_key", "state", "reason").annotate(n=Count("pk")):
        step_total = result.setdefault(step, Totals())
        step_total.audience += count
        step_total.by_state[state] += count
        if reason:
            step_total.by_reason[reason] = step_total.by_reason.get(reason, 0) + count
    return result
