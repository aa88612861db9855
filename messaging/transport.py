"""Handing mails over: connections that many mails share, and for every mail an answer that says what is known."""

import logging
import smtplib
from collections.abc import Iterator
from typing import Any, cast

from anymail.exceptions import AnymailAPIError, AnymailError, AnymailInvalidAddress, AnymailRecipientsRefused
from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.smtp import EmailBackend
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from core.errors import Unavailable
from messaging.models import Reason
from messaging.outbox import Mail
from messaging.smtp import ACCEPTED, LATER, REFUSED, UNKNOWN, Answer, Lane, each, is_mailbox_error, unavailable

logger = logging.getLogger(__name__)

MAILS_PER_LANE = 100  # a further connection is opened for so many more mails
_ACCOUNT_PROBLEM = {401, 402, 403}  # a key that is wrong or may not send, an unpaid account: nothing would get through
_NO_METADATA = {"Postal"}  # providers that refuse mails with metadata


class SmtpTransport:
    """SMTP over up to EMAIL_CONNECTIONS connections that take turns: one waits while another works."""

    def __init__(self, backend: EmailBackend) -> None:
        self.lanes = [Lane(backend)]
        self.most = settings.EMAIL_CONNECTIONS
        self.turn = 0

    def open(self, mails: int) -> None:
        """Makes ready for so many mails. Raises Unavailable when there is no connection at all."""
        if self.lanes[0].backend.connection is None:
            self.lanes[0].open()
        for _number in range(len(self.lanes), min(self.most, 1 + mails // MAILS_PER_LANE)):
            lane = Lane(cast(EmailBackend, get_connection(fail_silently=False)))
            try:
                lane.open()
            except Unavailable:
                logger.info("The mail server takes %d connections, not %d", len(self.lanes), self.most)
                self.most = len(self.lanes)
                break
            self.lanes.append(lane)

    def push(self, mail: Mail) -> None:
        """Sends one more mail; its answer comes with `take`, at the latest after `finish`.

        Raises Unavailable when the server can no longer be reached or refuses our account: what has no answer then, and
        is not among `given`, was not sent.
        """
        self.turn = (self.turn + 1) % len(self.lanes)
        self.lanes[self.turn].push(mail)

    def finish(self) -> None:
        for lane in self.lanes:
            lane.finish()

    def take(self) -> Iterator[tuple[Mail, Answer]]:
        """The answers that came since the last call; one is kept until the next is asked for."""
        for lane in self.lanes:
            yield from each(lane.answers)

    def drain(self) -> None:
        """Waits a little for outstanding answers and sends nothing more."""
        for lane in self.lanes:
            lane.drain()

    def given(self) -> list[Mail]:
        """Mails that the server may have taken without having said so."""
        return [lane.given for lane in self.lanes if lane.given]

    def close(self) -> None:
        for lane in self.lanes:
            lane.close()


class BackendTransport:
    """Any other backend of Django or Anymail: what it raises is read as well as it can be."""

    def __init__(self, backend: Any) -> None:
        self.backend = backend
        self.answers: list[tuple[Mail, Answer]] = []
        self.sending: Mail | None = None

    def open(self, mails: int) -> None:
        try:
            self.backend.open()
        except OSError as error:
            raise Unavailable(unavailable(error)) from error

    def push(self, mail: Mail) -> None:
        self.sending = mail
        try:
            self.answers.append((mail, self._send(mail)))
        except Unavailable:
            self.sending = None
            raise
        self.sending = None

    def finish(self) -> None:
        """Nothing is ever outstanding."""

    def drain(self) -> None:
        """Nothing is ever outstanding."""

    def take(self) -> Iterator[tuple[Mail, Answer]]:
        yield from each(self.answers)

    def given(self) -> list[Mail]:
        return [self.sending] if self.sending else []

    def close(self) -> None:
        self.backend.close()

    def _send(self, mail: Mail) -> Answer:
        message = mail.as_django()
        if getattr(self.backend, "esp_name", "") in _NO_METADATA:
            message.metadata = {}
        try:
            sent = self.backend.send_messages([message])
        except (AnymailRecipientsRefused, AnymailInvalidAddress) as error:
            return Answer(REFUSED, Reason.REJECTED, str(error)[:300])
        except AnymailAPIError as error:
            return _api_answer(error)
        except AnymailError as error:  # it could not be put as this provider wants it, nor could any other
            raise Unavailable(unavailable(str(error)[:300])) from error
        except smtplib.SMTPResponseException as error:
            state = LATER if 400 <= error.smtp_code < 500 else REFUSED
            return Answer(state, Reason.REJECTED if state == REFUSED else "", str(error)[:300])
        except (OSError, smtplib.SMTPException) as error:
            return Answer(UNKNOWN, detail=str(error)[:300])
        return _sent_answer(message) if sent else Answer(REFUSED, Reason.REJECTED)


Transport = SmtpTransport | BackendTransport


def transport() -> Transport:
    """By the setting EMAIL_BACKEND. Not yet open."""
    backend = get_connection(fail_silently=False)
    return SmtpTransport(backend) if isinstance(backend, EmailBackend) else BackendTransport(backend)


def _sent_answer(message: Any) -> Answer:
    """What Anymail read out of an answer that is no error; other backends say nothing."""
    said = getattr(getattr(message, "anymail_status", None), "status", None) or set()
    if "failed" in said:
        return Answer(REFUSED, Reason.REJECTED)
    return Answer(UNKNOWN if "unknown" in said else ACCEPTED)


def _api_answer(error: AnymailAPIError) -> Answer:
    """Raises Unavailable when no connection came about, or when the provider refuses our account, not the mail."""
    status, detail = error.status_code, str(error)[:300]
    if status in _ACCOUNT_PROBLEM or _is_unconnected(error):
        raise Unavailable(unavailable(detail)) from error
    if status == 429:
        return Answer(LATER, detail=detail)
    if status is not None and 400 <= status < 500:
        return Answer(REFUSED, Reason.REJECTED, detail)
    return Answer(UNKNOWN, detail=detail)


def _is_unconnected(error: AnymailAPIError) -> bool:
    """Whether the request certainly never left: requests wraps what urllib3 found."""
    wrapped = error.__cause__.args[0] if error.__cause__ and error.__cause__.args else None
    return isinstance(getattr(wrapped, "reason", None), NewConnectionError | ConnectTimeoutError)


__all__ = ["LATER", "Answer", "Transport", "is_mailbox_error", "transport"]
