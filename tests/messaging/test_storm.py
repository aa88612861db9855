"""A campaign on the worst of days: the mail server greylists, refuses, hangs up before and after it took a mail; two
senders work at once and are killed at any moment, also between the server's answer and our noting it; the journey is
paused and goes on; people unsubscribe. Nobody gets a mail twice, and every message has a fate that is true."""

import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from messaging import claims, consent
from messaging.analytics import Audience, totals
from messaging.delivery import deliver_due, most_in_doubt
from messaging.models import Message, State, TemplateVersion
from messaging.services import Origin, Recipient, hold, plan, release
from tests.messaging.conftest import running_sink
from tests.messaging.sink import mood_of
from tests.support.forks import Fork
from tests.support.processes import wait_for

PEOPLE = 900
KILLS = 8
SURE = {
    "": State.ACCEPTED,
    "slow": State.ACCEPTED,
    "greylist": State.ACCEPTED,
    "later": State.ACCEPTED,
    "closing": State.ACCEPTED,
    "refuse": State.REFUSED,
    "hang up": State.UNKNOWN,
    "lose": State.UNKNOWN,
}


def _all_settled() -> bool:
    Message.objects.filter(state=State.PLANNED).update(due_at=timezone.now())  # what was put off is tried again at once
    deliver_due()
    return not Message.objects.filter(state__in=[State.PLANNED, State.CLAIMED]).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("extension", ["", "PIPELINING"], ids=["stepwise", "pipelined"])
def test_whatever_happens_nobody_gets_two_and_every_fate_is_true(
    version: TemplateVersion,
    people: Callable[[int], None],
    new_sender: Callable[[], Fork],
    settings: Any,
    tmp_path: Path,
    extension: str,
) -> None:
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")
    chance = random.Random(seed)  # noqa: S311 - a test's dice
    people(PEOPLE)
    origin = Origin("loyal", "mail")
    plan(version, [Recipient(f"p{n}", f"mail/p{n}") for n in range(1, PEOPLE + 1)], origin)
    gone = {f"person{n}@shop.example" for n in chance.sample(range(1, PEOPLE + 1), 40)}
    with running_sink(tmp_path / "mails", settings, "STORM", *extension.split()) as sink:
        senders = [new_sender(), new_sender()]
        taken_before_they_said_so: set[str] = set()
        for kill in range(KILLS):
            sink.wait_for(chance.randrange(1, 60))
            if kill == 2:
                for address in gone:
                    consent.opt_out(address, source="test")
                taken_before_they_said_so = set(sink.taken)
            if kill == 4:
                hold("loyal")
                release("loyal")
            senders.pop(chance.randrange(2)).kill()
            senders.append(new_sender())
        for sender in senders:
            sender.kill()
        wait_for(_all_settled)
        taken = Counter(sink.taken)
    assert max(taken.values()) == 1
    fates = dict(Message.objects.values_list("address", "state"))
    assert len(fates) == PEOPLE
    for address, state in fates.items():
        if state == State.SKIPPED:
            assert (address in gone, taken[address]) == (True, 0)
        elif state != State.UNKNOWN:
            assert state == SURE[mood_of(address)], (address, mood_of(address))
        assert state not in {State.ACCEPTED, State.REFUSED, State.SKIPPED} or taken[address] == (
            state == State.ACCEPTED
        )
    in_hand = 2 * (2 * most_in_doubt())  # of both senders, when they said so
    assert len(gone & (set(taken) - taken_before_they_said_so)) <= in_hand
    unknown = {address for address, state in fates.items() if state == State.UNKNOWN}
    sure = {address for address in unknown if SURE[mood_of(address)] == State.UNKNOWN}
    assert len(unknown - sure) <= (KILLS + 2) * most_in_doubt()
    result = totals(Audience("loyal"))
    assert result.audience == sum(result.by_state.values()) == PEOPLE
    assert claims.recover() == (0, 0)
