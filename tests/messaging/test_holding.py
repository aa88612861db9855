"""A journey is paused: what is not yet with the mail server stays here, and goes out when the journey goes on."""

from collections.abc import Callable

import pytest
from django.core import mail
from django.utils import timezone

from messaging import claims, settle
from messaging.composer import Composer
from messaging.delivery import deliver_due
from messaging.models import Message, State, TemplateVersion
from messaging.services import Origin, Recipient, hold, plan, release, stop
from messaging.settle import Outcome

pytestmark = pytest.mark.django_db


@pytest.fixture
def planned(version: TemplateVersion, people: Callable[[int], None]) -> list[Message]:
    people(3)
    plan(version, [Recipient(f"p{n}", f"mail/p{n}") for n in (1, 2, 3)], Origin("loyal", "mail"))
    return list(Message.objects.order_by("pk"))


def states() -> list[str]:
    return list(Message.objects.order_by("pk").values_list("state", flat=True))


def test_what_is_held_waits_and_nobody_else_does(planned: list[Message], version: TemplateVersion) -> None:
    hold("loyal")
    plan(version, [Recipient("p1", "other/p1")], Origin("other", "mail"))
    assert deliver_due().accepted == 1
    assert states() == ["held", "held", "held", "accepted"]
    release("loyal")
    assert deliver_due().accepted == 3
    assert set(states()) == {"accepted"}


def test_a_sender_at_work_hands_nothing_more_over(planned: list[Message], monkeypatch: pytest.MonkeyPatch) -> None:
    compose = Composer.compose

    def hold_first(self, batch):  # the moment between claim and hand-over is reached by acting inside it
        hold("loyal")
        return compose(self, batch)

    with monkeypatch.context() as patched:
        patched.setattr(Composer, "compose", hold_first)
        deliver_due()
    assert mail.outbox == []
    assert states() == ["held", "held", "held"]
    release("loyal")
    assert deliver_due().accepted == 3


def test_what_is_with_the_mail_server_keeps_its_answer(planned: list[Message]) -> None:
    first, second, third = planned
    with claims.sender() as number:
        claims.claim(number, 10)
        settle.record([], number, hand_over=[message.pk for message in planned])
        hold("loyal")
        answers = [Outcome(first.pk, State.ACCEPTED), Outcome(second.pk, State.PLANNED, wait_seconds=600)]
        settle.record(answers, number)
    claims.recover()  # the third had no answer when its sender died
    assert states() == ["accepted", "held", "unknown"]
    release("loyal")
    second.refresh_from_db()
    assert (second.state, second.due_at > timezone.now()) == ("planned", True)
    assert (second.attempts, second.reason) == (1, "")


def test_who_is_released_before_the_sender_looked_goes_on(planned: list[Message]) -> None:
    with claims.sender() as number:
        claims.claim(number, 10)
        hold("loyal")
        release("loyal")
        settle.release(number)
    assert states() == ["planned"] * 3
    assert deliver_due().accepted == 3


def test_what_is_held_can_be_stopped(planned: list[Message]) -> None:
    hold("loyal")
    stop("loyal")
    release("loyal")
    assert states() == ["skipped"] * 3
