"""Sending what is due: claim a batch, render it, hand it over in small groups, settle what was answered.

A message is marked as handed over, in a committed transaction, before the mail server hears of it; its answer is
recorded with a later group. So a process that dies leaves at most `most_in_doubt()` messages: these become `unknown`
and a person decides. Everything else is either settled or planned again. Nothing is sent twice by itself.

The mail server works while we do: between any two mails that are pushed, one of the next group is made.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from core.errors import Unavailable
from jobs.registry import Context
from messaging import claims, settle
from messaging.composer import Composer
from messaging.models import Reason, State
from messaging.outbox import Mail
from messaging.settle import Outcome
from messaging.transport import LATER, Answer, Transport, transport

BATCH = 500  # messages per claim: one decision and one read of personal data
GROUP = 64  # messages per hand-over: each costs one commit
MAX_ATTEMPTS = 8  # with doubling waits from RETRY_SECONDS on: about 21 hours
RETRY_SECONDS = 600
TROUBLE_KEY = "messaging.mail_server_trouble"
TROUBLE_SECONDS = 600


_Attempt = tuple[Mail, int]  # a mail, and how often it was tried before


@dataclass
class DeliveryReport:
    """What one call did. `skipped` counts by reason; `trouble` is why it stopped early, in words for a person."""

    accepted: int = 0
    refused: int = 0
    later: int = 0
    unknown: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    recovered: int = 0
    trouble: str = ""

    @property
    def handled(self) -> int:
        return self.accepted + self.refused + self.later + self.unknown + sum(self.skipped.values())

    def skip(self, reason: str, count: int = 1) -> None:
        self.skipped[reason] = self.skipped.get(reason, 0) + count


def deliver_due(
    limit: int | None = None, context: Context | None = None, *, only: Sequence[int] | None = None
) -> DeliveryReport:
    """Sends up to `limit` messages that are due (all, when None), or those of `only`. Several callers may run at once.

    Must not run inside a transaction: its commits are what makes a crash harmless. A mail server that does not answer
    ends the call with `trouble`; what was claimed is planned again.
    """
    report = DeliveryReport()
    report.recovered, unknown = claims.recover()
    report.unknown += unknown
    with claims.sender() as number:
        delivery = _Delivery(number, transport(), report, context)
        try:
            delivery.run(limit, only)
        except Unavailable as error:
            report.trouble = error.message
            cache.set(TROUBLE_KEY, {"message": error.message, "at": timezone.now()}, TROUBLE_SECONDS)
        finally:
            delivery.close()
    return report


def most_in_doubt() -> int:
    """How many messages a process that dies may leave as unknown: a group, and what is on the way before it."""
    return GROUP + 2 * int(settings.EMAIL_CONNECTIONS)


class _Delivery:
    """One run of one sender. `handed`: handed over in the ledger, without an answer; `outcomes`: what is known, and
    not yet in the ledger."""

    def __init__(self, number: int, way: Transport, report: DeliveryReport, context: Context | None) -> None:
        self.number, self.way, self.report, self.context = number, way, report, context
        self.composer = Composer()
        self.outcomes: list[Outcome] = []
        self.handed: dict[int, int] = {}  # message: attempts before this one

    def run(self, limit: int | None, only: Sequence[int] | None) -> None:
        left = limit
        while left is None or left > 0:
            batch, skipped = claims.claim(self.number, BATCH if left is None else min(BATCH, left), only=only)
            for reason, count in skipped.items():
                self.report.skip(reason, count)
            if not batch and not skipped:
                break
            left = None if left is None else left - len(batch) - sum(skipped.values())
            if batch:
                self.send_batch(batch)
            if self.context is not None:
                self.context.progress(self.report.handled)

    def send_batch(self, batch: list[claims.Claimed]) -> None:
        self.way.open(len(batch))
        cache.delete(TROUBLE_KEY)
        mails = self.compose(batch)
        group = list(islice(mails, GROUP))
        while group:
            group = self.send_group(group, mails)
        self.way.finish()
        self.take_answers()
        settle.record(self.outcomes, self.number)
        self.outcomes = []
        settle.release(self.number)

    def send_group(self, group: list[_Attempt], mails: Iterator[_Attempt]) -> list[_Attempt]:
        """Hands a group over; the next one, made meanwhile."""
        self.handed |= {mail.message_id: attempts for mail, attempts in group}
        allowed = settle.record(self.outcomes, self.number, hand_over=[mail.message_id for mail, _n in group])
        self.outcomes = []
        coming: list[_Attempt] = []
        for mail, _attempts in group:
            if mail.message_id in allowed:
                self.way.push(mail)
                self.take_answers()
            else:
                del self.handed[mail.message_id]
            coming += islice(mails, 1)
        return coming or list(islice(mails, GROUP))

    def compose(self, batch: list[claims.Claimed]) -> Iterator[_Attempt]:
        """The mails that can be made; for the others the reason goes into the ledger."""
        for message, result in self.composer.compose(batch):
            if isinstance(result, Mail):
                yield result, message.attempts
            else:
                self.report.skip(result.reason)
                self.outcomes.append(result)

    def take_answers(self) -> None:
        """An interruption between any two of these lines loses no answer; at worst one is written down twice."""
        for mail, answer in self.way.take():
            if mail.message_id in self.handed:
                self.add(mail.message_id, self.handed[mail.message_id], answer)
                del self.handed[mail.message_id]

    def add(self, message_id: int, attempts: int, answer: Answer) -> None:
        outcome = Outcome(message_id, answer.state, answer.reason, answer.detail)
        if answer.state == LATER and attempts + 1 >= MAX_ATTEMPTS:
            outcome = Outcome(message_id, State.REFUSED, Reason.GAVE_UP, answer.detail)
        elif answer.state == LATER:
            outcome = Outcome(message_id, State.PLANNED, "", answer.detail, wait_seconds=RETRY_SECONDS * 2**attempts)
        self.outcomes.append(outcome)
        counted = {State.PLANNED: "later"}.get(State(outcome.state), outcome.state)
        setattr(self.report, counted, getattr(self.report, counted) + 1)

    def close(self) -> None:
        """Also after an interruption: records what is known and gives back what was certainly not sent."""
        try:
            self.way.drain()
            self.take_answers()
            for mail in self.way.given():
                if mail.message_id in self.handed:
                    self.add(mail.message_id, self.handed[mail.message_id], Answer(State.UNKNOWN))
                    del self.handed[mail.message_id]
            self.outcomes += [Outcome(message_id, State.PLANNED) for message_id in self.handed]
            settle.record(self.outcomes, self.number)
            settle.release(self.number)
        finally:
            self.way.close()


def trouble() -> dict[str, object] | None:
    """Why the mail server took nothing lately: message and time; None when all is well."""
    found: dict[str, object] | None = cache.get(TROUBLE_KEY)
    return found
