"""A journey is stopped while a sender has its messages in hand: nothing of it is sent afterwards."""

from collections.abc import Callable

import pytest
from django.core import mail

from messaging import claims, settle
from messaging.composer import Composer
from messaging.delivery import deliver_due
from messaging.models import Message, State, TemplateVersion
from messaging.services import Origin, Recipient, plan, stop
from messaging.settle import Outcome

pytestmark = pytest.mark.django_db


@pytest.fixture
def planned(version: TemplateVersion, people: Callable[[int], None]) -> list[Message]:
    people(3)
    plan(version, [Recipient(f"p{n}", f"mail/p{n}") for n in (1, 2, 3)], Origin("loyal", "mail"))
    return list(Message.objects.order_by("pk"))


def fates() -> set[tuple[str, str, bool]]:
    rows = Message.objects.values_list("state", "reason", "settled_at")
    return {(state, reason, settled_at is not None) for state, reason, settled_at in rows}


def test_what_a_sender_has_claimed_is_not_handed_over(planned: list[Message], monkeypatch: pytest.MonkeyPatch) -> None:
    compose = Composer.compose

    def stop_first(self, batch):  # the moment between claim and hand-over is reached by acting inside it
        stop("loyal")
        return compose(self, batch)

    monkeypatch.setattr(Composer, "compose", stop_first)
    deliver_due()
    assert mail.outbox == []
    assert fates() == {("skipped", "stopped", True)}


def test_what_the_mail_server_puts_off_is_not_tried_again(planned: list[Message]) -> None:
    with claims.sender() as number:
        claims.claim(number, 10)
        settle.record([], number, hand_over=[message.pk for message in planned])
        stop("loyal")
        answers = [Outcome(planned[0].pk, State.PLANNED, wait_seconds=600), Outcome(planned[1].pk, State.ACCEPTED)]
        settle.record(answers, number)
    claims.recover()  # the third had no answer when its sender died
    assert list(Message.objects.order_by("pk").values_list("state", "reason")) == [
        ("skipped", "stopped"), ("accepted", ""), ("unknown", "")
    ]  # fmt: skip


def test_what_a_dead_sender_held_is_not_planned_again(planned: list[Message]) -> None:
    with claims.sender() as number:
        claims.claim(number, 10)
        stop("loyal")
    claims.recover()
    assert fates() == {("skipped", "stopped", True)}
    assert deliver_due().handled == 0
