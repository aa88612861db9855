"""A journey is stopped while a sender has its messages in hand: nothing of it is sent afterwards."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core import mail
from django.db import connection, transaction

from messaging import claims, settle
from messaging.composer import Composer
from messaging.delivery import deliver_due
from messaging.models import Message, State, TemplateVersion
from messaging.services import Origin, Recipient, plan, stop
from messaging.settle import Outcome
from tests.support.processes import wait_for

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


@pytest.mark.django_db(transaction=True)
def test_what_is_put_off_in_the_very_moment_is_stopped_too(planned: list[Message]) -> None:
    """The sender writes down that a mail is put off while the journey is stopped: whoever waits for the other's row
    sees it as it has become."""
    with claims.sender() as number, ThreadPoolExecutor(1) as pool:
        claims.claim(number, 10)
        settle.record([], number, hand_over=[message.pk for message in planned])
        with transaction.atomic():
            settle.record([Outcome(message.pk, State.PLANNED, wait_seconds=600) for message in planned], number)
            stopping = pool.submit(_in_a_thread, stop, "loyal")
            wait_for(_somebody_waits)
        stopping.result()
    assert fates() == {("skipped", "stopped", True)}


def _in_a_thread(act: Callable[..., object], *arguments: object) -> None:
    try:
        act(*arguments)
    finally:
        connection.close()


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])
