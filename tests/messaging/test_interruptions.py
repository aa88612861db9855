"""A sender is interrupted at any moment, and what is known by then is kept: nothing is sent a second time."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from messaging import claims, delivery, settle, tracking
from messaging.delivery import deliver_due
from messaging.models import Message, State, TemplateVersion
from messaging.services import Origin, Recipient, plan
from messaging.settle import Outcome
from tests.messaging.conftest import Sink

pytestmark = pytest.mark.django_db


class Interrupted(BaseException):
    """What a signal raises, between any two instructions."""


@pytest.fixture
def planned(version: TemplateVersion, people: Callable[[int], None]) -> None:
    people(250)
    plan(version, [Recipient(f"p{n}", f"mail/p{n}") for n in range(1, 251)], Origin("loyal", "mail"))


@pytest.mark.parametrize("moment", [1, 2, 5, 60, 130, 249])
def test_an_interruption_while_answers_are_noted_repeats_nothing(
    planned: None, sink: Sink, moment: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    add, calls = delivery._Delivery.add, Counter[str]()

    def interrupted(self, *arguments):  # the moment is reached by acting inside it
        calls["add"] += 1
        if calls["add"] == moment:
            raise Interrupted
        add(self, *arguments)

    monkeypatch.setattr(delivery._Delivery, "add", interrupted)
    with pytest.raises(Interrupted):
        deliver_due()
    deliver_due()
    assert max(Counter(sink.taken).values()) == 1
    states = Counter(Message.objects.values_list("state", flat=True))
    assert set(states) <= {State.ACCEPTED, State.UNKNOWN}
    assert sum(states.values()) == 250


def test_what_already_arrived_is_not_unknown(version: TemplateVersion, people: Callable[[int], None]) -> None:
    """The recipient's server was quicker than our own book-keeping; then the sender died."""
    people(3)
    plan(version, [Recipient(f"p{n}", f"mail/p{n}") for n in (1, 2, 3)], Origin("loyal", "mail"))
    with claims.sender() as number:
        claims.claim(number, 10)
        first, second, third = Message.objects.order_by("pk")
        settle.record([], number, hand_over=[first.pk, second.pk, third.pk])
        tracking.delivered(first, at=timezone.now() - timedelta(seconds=1))
        tracking.delivered(second)
        settle.record([Outcome(second.pk, State.UNKNOWN)], number)
    claims.recover()
    states = list(Message.objects.order_by("pk").values_list("state", flat=True))
    assert states == [State.ACCEPTED, State.ACCEPTED, State.UNKNOWN]
