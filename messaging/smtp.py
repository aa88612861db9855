"""One SMTP connection that is kept busy: while the server thinks about one mail, the next is on its way.

Where the server offers PIPELINING (RFC 2920) the content of one mail and MAIL, RCPT and DATA of the next travel
together, so that each mail costs one wait. Going through the steps ourselves tells a connection that broke before the
content was given (certainly not sent) from one that broke while the answer was outstanding (unknown).
"""

import logging
import re
import smtplib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.mail.backends.smtp import EmailBackend
from django.utils.translation import gettext as _

from core.errors import Unavailable
from messaging.models import Reason
from messaging.outbox import Mail

logger = logging.getLogger(__name__)

ACCEPTED, REFUSED, LATER, UNKNOWN = "accepted", "refused", "later", "unknown"
DRAIN_SECONDS = 5  # how long an interrupted sender waits for the last answers
_NO_MAILBOX = {550, 551, 553}  # RFC 5321 4.2.3; with an enhanced status (RFC 3463) only class 5.1 and 5.2.1 count
_LOGIN_PROBLEM = {530, 534, 535, 538}  # our account, not the recipient: nothing would get through
_OK, _GO_AHEAD, _CLOSING = 250, 354, 421
_WANTED = ({_OK}, {_OK, 251}, {_GO_AHEAD})  # answers to MAIL, RCPT and DATA
_UNSAFE = re.compile(r"[\x00-\x20\x7f<>]|[^\x00-\x7f]")  # what would end an address or a command


@dataclass(frozen=True)
class Answer:
    """What happened to one mail. `later`: certainly not taken, may be tried again; `unknown`: may have been taken."""

    state: str
    reason: str = ""
    detail: str = ""


def each(answers: list[tuple[Mail, Answer]]) -> Iterator[tuple[Mail, Answer]]:
    """Empties the list. An answer leaves it when the next is asked for: so whoever is interrupted finds it again."""
    while answers:
        yield answers[0]
        del answers[0]


class Lane:
    """Mails go in by `push`, answers come out in `answers`, in the same order and at most two mails later.

    At any moment at most one mail is `given`: its content has been sent (or is being sent) without an answer. The
    envelope of one more (`opened`) may be on its way. The connection is the one that Django's backend opens.
    """

    def __init__(self, backend: EmailBackend) -> None:
        self.backend = backend
        self.given: Mail | None = None
        self.opened: Mail | None = None
        self.is_ready = False  # the server has answered that it wants the content of `opened`
        self.pipelining = False
        self.answers: list[tuple[Mail, Answer]] = []

    def open(self) -> None:
        """Raises Unavailable when the server cannot be reached or does not let us in."""
        try:
            self.backend.open()
            self._smtp.ehlo_or_helo_if_needed()
            self.pipelining = self._smtp.has_extn("pipelining")
        except OSError as error:  # smtplib's own errors are of this kind
            self.close()
            raise Unavailable(unavailable(error)) from error

    def push(self, mail: Mail) -> None:
        """Sends one more mail, as far as it gets without waiting for its answers."""
        assert mail.data  # made here, while the server is at work
        try:
            self._collect()
            if self.pipelining:
                self._fly(mail)
            elif self._stepwise(mail):
                self._give(mail)
        except OSError as error:
            self._again(self._drop(error, mail))

    def finish(self) -> None:
        """Waits until every mail has its answer."""
        try:
            self._collect()
            if self.opened:
                self._fly(None)
                self._collect()
        except OSError as error:
            self._again(self._drop(error))

    def drain(self) -> None:
        """Waits a little for the answer to what was given; sends nothing more. Without answer it stays `given`."""
        if self.given is None:
            return
        try:
            if self._smtp.sock is not None:
                self._smtp.sock.settimeout(DRAIN_SECONDS)
            self.answers.append((self.given, _answer(*self._smtp.getreply())))
            self.given = None
        except OSError as error:
            logger.info("The mail server left a mail without an answer: %s", type(error).__name__)

    def close(self) -> None:
        """Forgets what has no answer: whoever closes in the middle asks for `given` before."""
        if self.backend.connection is not None and (self.given or self.opened):
            self.backend.connection.close()  # in the middle of a mail a QUIT would be read as its text
        self.given = self.opened = None
        self.is_ready = False
        try:
            self.backend.close()
        except OSError as error:
            logger.info("The connection to the mail server did not close cleanly: %s", type(error).__name__)
        self.backend.connection = None

    @property
    def _smtp(self) -> smtplib.SMTP:
        connection: Any = self.backend.connection
        if connection is None:
            raise smtplib.SMTPServerDisconnected("not connected")
        return connection  # type: ignore[no-any-return]

    def _fly(self, mail: Mail | None) -> None:
        """The content of the mail that is ready, and the envelope of the next, in one flight."""
        ready, flight = self.opened, b""
        if ready:
            self.given, flight = ready, _content(ready)
        self.opened, self.is_ready = mail, False
        if mail:
            flight += "".join(f"{command}\r\n" for command in _envelope(mail)).encode()
        self._smtp.send(flight)

    def _stepwise(self, mail: Mail) -> bool:
        """The envelope for a server without PIPELINING; whether it wants the content."""
        replies: list[tuple[int, bytes]] = []
        for command, wanted in zip(_envelope(mail), _WANTED, strict=True):
            replies.append(self._smtp.docmd(command))
            if replies[-1][0] not in wanted:
                break
        return self._is_wanted(mail, replies)

    def _give(self, mail: Mail) -> None:
        self.given = mail
        self._smtp.send(_content(mail))

    def _collect(self) -> None:
        """Reads all replies that are outstanding."""
        if self.given:
            self.answers.append((self.given, _answer(*self._smtp.getreply())))
            self.given = None
        if self.opened and not self.is_ready:
            replies = [self._smtp.getreply() for _command in _WANTED]
            self.is_ready = self._is_wanted(self.opened, replies)
            if not self.is_ready:
                self.opened = None

    def _is_wanted(self, mail: Mail, replies: list[tuple[int, bytes]]) -> bool:
        """Whether every step of the envelope was accepted; else the mail has its answer, and the next starts clean."""
        for position, ((code, text), wanted) in enumerate(zip(replies, _WANTED, strict=False)):
            if code in wanted:
                continue
            if code == _CLOSING or code < 400:
                raise smtplib.SMTPServerDisconnected(_line(code, text))
            if position == 0 and code in _LOGIN_PROBLEM:
                raise Unavailable(unavailable(_line(code, text)))
            self.answers.append((mail, _refusal(code, text, is_mailbox=position == 1)))
            self._reset(is_open=replies[-1][0] == _GO_AHEAD)
            return False
        return True

    def _reset(self, *, is_open: bool) -> None:
        """`is_open`: the server wants a content although nobody is to get it. RFC 2920 3.1 asks for a single dot."""
        try:
            if is_open:
                self._smtp.docmd(".")
            self._smtp.rset()
        except OSError:
            self.close()

    def _drop(self, error: OSError, *others: Mail) -> list[Mail]:
        """The connection broke: what was given is unknown. Returns what was certainly not given, each once."""
        given, left = self.given, [self.opened, *others]
        if given:
            self.answers.append((given, Answer(UNKNOWN, detail=str(error)[:300])))
        self.close()
        return list({mail.message_id: mail for mail in left if mail and mail is not given}.values())

    def _again(self, mails: list[Mail]) -> None:
        """Once more on a new connection, one after the other; what breaks again waits for later."""
        for mail in mails:
            if self.backend.connection is None:
                self.open()
            try:
                if self._stepwise(mail):
                    self._give(mail)
                    self._collect()
            except OSError as error:
                answer = Answer(LATER, detail=str(error)[:300])
                self.answers += [(lost, answer) for lost in self._drop(error, mail)]


def is_mailbox_error(code: int, text: bytes) -> bool:
    """Whether the mailbox does not exist (and never will), as opposed to a policy or a full mailbox."""
    if code not in _NO_MAILBOX:
        return False
    first = text.split(maxsplit=1)[0] if text.split() else b""
    if first.startswith(b"5.") and first.count(b".") == 2:
        return first.startswith(b"5.1.") or first == b"5.2.1"
    return True


def unavailable(error: object) -> str:
    return _(
        "The mail server does not take mails: %(error)s. Check the e-mail settings; messages wait until it does."
    ) % {"error": error}


def _answer(code: int, text: bytes) -> Answer:
    """What the reply to a content means."""
    if code == _OK:
        return Answer(ACCEPTED, detail=_line(code, text))
    return _refusal(code, text) if 400 <= code < 600 else Answer(UNKNOWN, detail=_line(code, text))


def _refusal(code: int, text: bytes, *, is_mailbox: bool = False) -> Answer:
    detail = _line(code, text)
    if code < 500:
        return Answer(LATER, detail=detail)
    return Answer(REFUSED, Reason.MAILBOX if is_mailbox and is_mailbox_error(code, text) else Reason.REJECTED, detail)


def _envelope(mail: Mail) -> tuple[str, str, str]:
    for address in (mail.sender, mail.recipient):
        if not address or _UNSAFE.search(address):
            raise Unavailable(unavailable(_("“%(address)s” is not an address") % {"address": address}))
    return f"MAIL FROM:<{mail.sender}>", f"RCPT TO:<{mail.recipient}>", "DATA"


def _content(mail: Mail) -> bytes:
    """With a further dot before each that starts a line, and the one that ends it all."""
    return mail.data.replace(b"\r\n.", b"\r\n..") + b".\r\n"


def _line(code: int, text: bytes) -> str:
    return f"{code} {text.decode('utf-8', 'replace')}"[:300]
