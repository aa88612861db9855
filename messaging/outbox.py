"""One mail as Django's e-mail backends take it, with its bytes made cheaply."""

from dataclasses import dataclass, field
from email.utils import formataddr, formatdate
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from messaging import mime, signing
from messaging.render import Rendered

METADATA = "kindred_message"  # names the message to a provider


@dataclass(frozen=True)
class Envelope:
    """What all mails of one version share. Addresses are plain; names may be in any script."""

    from_name: str
    from_email: str
    reply_to: str = ""
    is_marketing: bool = True
    feedback_id: str = ""


class _Bytes:
    """A built mail; Django's SMTP backend asks for nothing else."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def as_bytes(self, linesep: str = "\r\n") -> bytes:
        return self.data


class DjangoMail(EmailMultiAlternatives):
    """`metadata` is what a provider of Anymail repeats in what it reports about the mail; other backends ignore it."""

    metadata: dict[str, str]


@dataclass
class Mail:
    """A mail to one person. `data` is what goes over SMTP; `as_django` is the same for every other backend."""

    message_id: int
    sender: str
    recipient: str
    data: bytes
    rendered: Rendered
    from_header: str
    headers: dict[str, str] = field(default_factory=dict)

    def as_django(self) -> DjangoMail:
        mail = DjangoMail(
            self.rendered.subject, self.rendered.text, self.from_header, [self.recipient], headers=self.headers
        )
        mail.attach_alternative(self.rendered.html, "text/html")
        mail.metadata = {METADATA: signing.sign(signing.MESSAGE_ID, self.message_id)}
        return mail


def build(message_id: int, address: str, rendered: Rendered, envelope: Envelope, unsubscribe_url: str) -> Mail:
    """The mail of one message. Its Message-ID is the same whenever it is built again."""
    headers = {"Message-ID": message_id_header(message_id, envelope.from_email), "X-Kindred-Message": str(message_id)}
    if envelope.is_marketing:
        headers["List-Unsubscribe"] = f"<{unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    if envelope.feedback_id:
        headers["Feedback-ID"] = mime.header_text(envelope.feedback_id)
    if envelope.reply_to:
        headers["Reply-To"] = envelope.reply_to
    recipient = ascii_address(address)
    lines = [
        ("From", mime.address_header(envelope.from_name, envelope.from_email)),
        ("To", recipient),
        ("Subject", mime.header_text(rendered.subject)),
        ("Date", formatdate()),
        *headers.items(),
    ]
    data = mime.build(lines, rendered.text, rendered.html, f"=_kindred_{message_id:x}")
    from_header = formataddr((envelope.from_name, envelope.from_email))
    return Mail(message_id, envelope.from_email, recipient, data, rendered, from_header, headers)


def ascii_address(address: str) -> str:
    """The address with its domain in ASCII (IDNA)."""
    if address.isascii():
        return address
    local, _at, domain = address.rpartition("@")
    return f"{local}@{domain.encode('idna').decode()}"


def message_id_header(message_id: int, from_email: str) -> str:
    host = from_email.rpartition("@")[2] or urlsplit(settings.BASE_URL).hostname or "localhost"
    return f"<{signing.sign(signing.MESSAGE_ID, message_id).rstrip('=')}@{host}>"


def tracking(message_id: int, links: int, *, base_url: str) -> dict[str, Any]:
    """The addresses of one message: `links` for render, `pixel` HTML, `unsubscribe`."""
    root = f"{base_url}/t/"
    return {
        "links": {f"k_c{n}": f"{root}c/{signing.sign(signing.CLICK, message_id, n)}" for n in range(links)},
        "pixel": f'<img src="{root}o/{signing.sign(signing.OPEN, message_id)}.gif" width="1" height="1" alt="">',
        "unsubscribe": f"{root}u/{signing.sign(signing.UNSUBSCRIBE, message_id)}",
    }


__all__ = ["Envelope", "Mail", "build", "tracking"]
