"""Handing mails over: one connection for many, and for every mail an answer that says what is known."""

import logging
import smtplib
from dataclasses import dataclass
from typing import Any

from anymail.exceptions import AnymailAPIError, AnymailRecipientsRefused
from django.core.mail import get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.utils.translation import gettext as _

from core.errors import Unavailable
from messaging.models import Reason
from messaging.outbox import Mail

logger = logging.getLogger(__name__)

ACCEPTED, REFUSED, LATER, UNKNOWN = "accepted", "refused", "later", "unknown"
_NO_MAILBOX = {550, 551, 553}  # RFC 5321 4.2.3; with an enhanced status (RFC 3463) only class 5.1 and 5.2.1 count
_LOGIN_PROBLEM = {530, 534, 535, 538}  # our account, not the recipient: nothing would get through
_CLOSING = 421
_NO_METADATA = {"Postal"}  # providers that refuse mails with metadata


@dataclass(frozen=True)
class Answer:
    """What happened to one mail. `later`: certainly not taken, may be tried again; `unknown`: may have been taken."""

    state: str
    reason: str = ""
    detail: str = ""


class Disconnected(Exception):
    """The connection broke before the mail was handed over."""


class SmtpTransport:
    """SMTP over the connection that Django's backend opens (TLS, sign-in, time limit), step by step.

    Going through the steps ourselves tells a connection that broke before the content was given (certainly not sent)
    from one that broke while the answer was outstanding (unknown).
    """

    def __init__(self, backend: EmailBackend) -> None:
        self.backend = backend

    def open(self) -> None:
        try:
            self.backend.open()
            self._smtp.ehlo_or_helo_if_needed()
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise Unavailable(_unavailable(error)) from error

    @property
    def _smtp(self) -> smtplib.SMTP:
        connection: Any = self.backend.connection
        if connection is None:
            raise Disconnected
        return connection  # type: ignore[no-any-return]

    def send(self, mail: Mail) -> Answer:
        """Raises Disconnected when the mail was certainly not handed over, Unavailable when our account is refused."""
        smtp = self._smtp
        try:
            answer = self._envelope(smtp, mail)
        except (OSError, smtplib.SMTPServerDisconnected) as error:
            raise Disconnected(str(error)) from error
        if answer is not None:
            return answer
        try:
            code, text = smtp.data(mail.data)
        except smtplib.SMTPDataError as error:
            code, text = error.smtp_code, _bytes(error.smtp_error)
        except (OSError, smtplib.SMTPServerDisconnected) as error:
            return Answer(UNKNOWN, detail=str(error)[:300])
        return Answer(ACCEPTED, detail=_line(code, text)) if code == 250 else self._refused(code, text, mailbox=False)

    def _envelope(self, smtp: smtplib.SMTP, mail: Mail) -> Answer | None:
        code, text = smtp.mail(mail.sender)
        if code in _LOGIN_PROBLEM:
            raise Unavailable(_unavailable(_line(code, text)))
        if code != 250:
            return self._refused(code, text, mailbox=False)
        code, text = smtp.rcpt(mail.recipient)
        return None if code in {250, 251} else self._refused(code, text, mailbox=True)

    def _refused(self, code: int, text: bytes, *, mailbox: bool) -> Answer:
        """After a refusal the transaction is reset, so that the next mail starts clean."""
        if code == _CLOSING:
            raise Disconnected(_line(code, text))
        try:
            self._smtp.rset()
        except (OSError, smtplib.SMTPServerDisconnected):
            self.close()
        detail = _line(code, text)
        if 400 <= code < 500:
            return Answer(LATER, detail=detail)
        return Answer(REFUSED, Reason.MAILBOX if mailbox and is_mailbox_error(code, text) else Reason.REJECTED, detail)

    def close(self) -> None:
        try:
            self.backend.close()
        except (OSError, smtplib.SMTPException) as error:
            logger.info("The connection to the mail server did not close cleanly: %s", type(error).__name__)
        self.backend.connection = None


class BackendTransport:
    """Any other backend of Django or Anymail: what it raises is read as well as it can be."""

    def __init__(self, backend: Any) -> None:
        self.backend = backend

    def open(self) -> None:
        try:
            self.backend.open()
        except OSError as error:
            raise Unavailable(_unavailable(error)) from error

    def send(self, mail: Mail) -> Answer:
        message = mail.as_django()
        if getattr(self.backend, "esp_name", "") in _NO_METADATA:
            message.metadata = {}
        try:
            sent = self.backend.send_messages([message])
        except AnymailRecipientsRefused as error:
            return Answer(REFUSED, Reason.REJECTED, str(error)[:300])
        except AnymailAPIError as error:
            return _api_answer(error)
        except smtplib.SMTPResponseException as error:
            state = LATER if 400 <= error.smtp_code < 500 else REFUSED
            return Answer(state, Reason.REJECTED if state == REFUSED else "", str(error)[:300])
        except (OSError, smtplib.SMTPException) as error:
            return Answer(UNKNOWN, detail=str(error)[:300])
        return Answer(ACCEPTED) if sent else Answer(REFUSED, Reason.REJECTED)

    def close(self) -> None:
        self.backend.close()


Transport = SmtpTransport | BackendTransport


def transport() -> Transport:
    """By the setting EMAIL_BACKEND. Not yet open."""
    backend = get_connection(fail_silently=False)
    return SmtpTransport(backend) if isinstance(backend, EmailBackend) else BackendTransport(backend)


def is_mailbox_error(code: int, text: bytes) -> bool:
    """Whether the mailbox does not exist (and never will), as opposed to a policy or a full mailbox."""
    if code not in _NO_MAILBOX:
        return False
    first = text.split(maxsplit=1)[0] if text.split() else b""
    if first.startswith(b"5.") and first.count(b".") == 2:
        return first.startswith(b"5.1.") or first == b"5.2.1"
    return True


def _api_answer(error: AnymailAPIError) -> Answer:
    status = error.status_code
    if status == 429:
        return Answer(LATER, detail=str(error)[:300])
    if status is not None and 400 <= status < 500:
        return Answer(REFUSED, Reason.REJECTED, str(error)[:300])
    return Answer(UNKNOWN, detail=str(error)[:300])


def _unavailable(error: object) -> str:
    return _(
        "The mail server does not take mails: %(error)s. Check the e-mail settings; messages wait until it does."
    ) % {"error": error}


def _bytes(text: bytes | str) -> bytes:
    return text.encode("utf-8", "replace") if isinstance(text, str) else text


def _line(code: int, text: bytes) -> str:
    return f"{code} {text.decode('utf-8', 'replace')}"[:300]
