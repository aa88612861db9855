"""Delivery over a real SMTP server, and what is left when the sender dies."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from messaging import claims
from messaging.delivery import deliver_due, most_in_doubt
from messaging.models import Message, State, Suppression, TemplateVersion
from messaging.services import Origin, Recipient, mark_as_sent, plan, send_again
from profiles.models import Profile
from tests.messaging.conftest import Sink, person
from tests.support.forks import Fork
from tests.support.processes import wait_for

pytestmark = pytest.mark.django_db


def planned(version: TemplateVersion, count: int) -> None:
    plan(version, (Recipient(f"p{n}", f"step/p{n}") for n in range(1, count + 1)), Origin("loyal", "mail"))


def test_answers_of_the_server_are_settled(version: TemplateVersion, sink: Sink) -> None:
    names = ["ann@a.example", "full@a.example", "gone@a.example", "blocked@a.example", "bo@bücher.example"]
    Profile.objects.bulk_create([person(n, email=email) for n, email in enumerate(names, start=1)])
    planned(version, 5)
    report = deliver_due()
    assert (report.accepted, report.later, report.refused) == (2, 1, 2)
    assert sink.taken == ["ann@a.example", "bo@xn--bcher-kva.example"]
    waiting = Message.objects.get(state=State.PLANNED)
    assert (waiting.attempts, waiting.due_at > timezone.now()) == (1, True)
    assert dict(Message.objects.filter(state=State.REFUSED).values_list("address", "reason")) == {
        "gone@a.example": "mailbox",
        "blocked@a.example": "rejected",
    }
    assert list(Suppression.objects.values_list("address", "reason")) == [("gone@a.example", "hard_bounce")]


def test_a_server_that_is_away_loses_nothing(
    version: TemplateVersion, people: Callable[[int], None], settings: Any, sink: Sink
) -> None:
    people(3)
    planned(version, 3)
    right, settings.EMAIL_PORT = settings.EMAIL_PORT, 9
    report = deliver_due()
    assert "mail server" in report.trouble
    assert Message.objects.filter(state=State.PLANNED, attempts=0).count() == 3
    settings.EMAIL_PORT = right
    assert deliver_due().accepted == 3


def _all_settled() -> bool:
    deliver_due()
    return not Message.objects.filter(state__in=[State.PLANNED, State.CLAIMED]).exists()


@pytest.mark.django_db(transaction=True)
def test_killing_the_sender_repeats_and_loses_nothing(
    version: TemplateVersion, people: Callable[[int], None], sink: Sink, new_sender: Callable[[], Fork]
) -> None:
    count = 700
    people(count)
    planned(version, count)
    for taken in (7, 128, 160):
        sender = new_sender()
        sink.wait_for(taken)
        sender.kill()
    wait_for(_all_settled)  # the database may take a moment to notice that a sender is gone
    got = Counter(sink.taken)
    assert max(got.values()) == 1
    states = Counter(Message.objects.values_list("state", flat=True))
    assert states[State.ACCEPTED] + states[State.UNKNOWN] == count
    assert states[State.UNKNOWN] <= 3 * most_in_doubt()
    not_sent = set(Profile.objects.values_list("email", flat=True)) - set(got)
    unknown = set(Message.objects.filter(state=State.UNKNOWN).values_list("address", flat=True))
    assert not_sent <= unknown


def test_a_dead_senders_claims_are_taken_back(version: TemplateVersion, people: Callable[[int], None]) -> None:
    people(2)
    planned(version, 2)
    with claims.sender() as number:
        claims.claim(number, 10)
        Message.objects.filter(profile_id="p1").update(handed_over_at=timezone.now())
    assert claims.recover() == (1, 1)
    assert dict(Message.objects.values_list("profile_id", "state")) == {"p1": State.UNKNOWN, "p2": State.PLANNED}


def test_a_person_decides_about_unknown_messages(version: TemplateVersion, people: Callable[[int], None]) -> None:
    people(2)
    planned(version, 2)
    Message.objects.update(state=State.UNKNOWN)
    first, second = Message.objects.order_by("pk")
    assert mark_as_sent([first.pk]) == 1
    assert send_again([first.pk, second.pk]) == 1
    assert list(Message.objects.order_by("pk").values_list("state", flat=True)) == [State.ACCEPTED, State.PLANNED]
