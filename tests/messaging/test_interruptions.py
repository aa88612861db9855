"""A sender is interrupted at any moment, and what is known by then is kept: nothing is sent a second time."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from messaging import claims, delivery, settle, tracking
from messaging.delivery import deliver_due, most_in_doubt
from messaging.models import Message, State, TemplateVersion
from messaging.services import Origin, Recipient, plan
from messaging.settle import Outcome
from tests.messaging.conftest import Sink
from tests.support.database import address
from tests.support.processes import wait_for

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


@pytest.mark.django_db(transaction=True)
def test_a_database_that_goes_away_in_the_middle_repeats_nothing(
    planned: None, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    record, calls = settle.record, Counter[str]()

    def cut_off(*arguments: Any, **more: Any) -> set[int]:  # the moment is reached by acting inside it
        calls["record"] += 1
        if calls["record"] == 3:
            with psycopg.connect(**address()) as other:
                other.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
        return record(*arguments, **more)

    monkeypatch.setattr(settle, "record", cut_off)
    with pytest.raises(OperationalError):
        deliver_due()
    connection.close()
    wait_for(_all_settled)
    assert max(Counter(sink.taken).values()) == 1
    states = Counter(Message.objects.values_list("state", flat=True))
    assert set(states) <= {State.ACCEPTED, State.UNKNOWN}
    assert states[State.UNKNOWN] <= most_in_doubt()


def _all_settled() -> bool:
    deliver_due()  # the database may take a moment to notice that a sender is gone
    return not Message.objects.filter(state__in=[State.PLANNED, State.CLAIMED]).exists()


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
