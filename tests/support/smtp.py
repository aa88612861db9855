"""A real SMTP server that can also misbehave."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from pytest_django import Settings


@dataclass
class SmtpServer:
    """Keeps what it accepted in `messages`, in the order of arrival, envelope in `X-Envelope-From` and `X-Envelope-To`.

    `refuse["ann@example.com"] = "550 No such user"` answers that recipient so; `answer_data = "451 Try later"` answers
    every mail so. `hang_up_after_data` takes that many mails, keeps them, and closes without an answer: the sender
    cannot know. `delay_seconds` makes each answer to a mail late.
    """

    host: str = "127.0.0.1"
    port: int = 0
    messages: list[EmailMessage] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    answer_data: str = ""
    hang_up_after_data: int = 0
    delay_seconds: float = 0
    sessions: int = 0

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.sessions += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        await asyncio.sleep(self.delay_seconds)
        if self.answer_data:
            return self.answer_data
        self.messages.append(_parse(envelope))
        if self.hang_up_after_data:
            self.hang_up_after_data -= 1
            transport: Any = server.transport
            transport.abort()
        return "250 OK"


def _parse(envelope: Envelope) -> EmailMessage:
    message = message_from_bytes(envelope.original_content or b"", policy=policy.default)
    assert isinstance(message, EmailMessage)
    message["X-Envelope-From"] = envelope.mail_from
    message["X-Envelope-To"] = ", ".join(envelope.rcpt_tos)
    return message


@pytest.fixture
def smtp_server(settings: Settings) -> Iterator[SmtpServer]:
    """Django sends to it, through its real SMTP backend."""
    from core.embedded.server import free_port

    server = SmtpServer(port=free_port())
    controller = Controller(server, hostname=server.host, port=server.port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = server.host, server.port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    yield server
    controller.stop()
