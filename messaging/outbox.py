"""One mail: its bytes made cheaply, or as Django's e-mail backends take it."""

import time
from dataclasses import dataclass
from email.utils import formataddr, formatdate
from functools import cached_property, lru_cache
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

    @cached_property
    def from_header(self) -> str:
        return mime.address_header(self.from_name, self.from_email)

    @cached_property
    def host(self) -> str:
        """The right side of a Message-ID."""
        return self.from_email.rpartition("@")[2] or urlsplit(settings.BASE_URL).hostname or "localhost"

    @cached_property
    def headers(self) -> dict[str, str]:
        """Those beyond what every mail has."""
        found = {"List-Unsubscribe-Post": "List-Unsubscribe=One-Click"} if self.is_marketing else {}
        if self.feedback_id:
            found["Feedback-ID"] = mime.header_text(self.feedback_id)
        if self.reply_to:
            found["Reply-To"] = self.reply_to
        return found


class DjangoMail(EmailMultiAlternatives):
    """`metadata` is what a provider of Anymail repeats in what it reports about the mail; other backends ignore it."""

    metadata: dict[str, str]


@dataclass
class Mail:
    """A mail to one person; its Message-ID is the same whenever it is made again. `data` is what goes over SMTP;
    `as_django` is the same for every other backend."""

    message_id: int
    recipient: str
    rendered: Rendered
    envelope: Envelope
    unsubscribe_url: str

    @property
    def sender(self) -> str:
        return self.envelope.from_email

    @cached_property
    def data(self) -> bytes:
        lines = {
            "From": self.envelope.from_header,
            "To": self.recipient,
            "Subject": mime.header_text(self.rendered.subject),
            "Date": _date(int(time.time())),
        } | self.headers()
        text, html = self.rendered.text_body.quoted_printable(), self.rendered.html_body.quoted_printable()
        return mime.build(lines.items(), text, html, f"=_kindred_{self.message_id:x}")

    def headers(self) -> dict[str, str]:
        token = signing.sign(signing.MESSAGE_ID, self.message_id).rstrip("=")
        found = {"Message-ID": f"<{token}@{self.envelope.host}>", "X-Kindred-Message": str(self.message_id)}
        if self.envelope.is_marketing:
            found["List-Unsubscribe"] = f"<{self.unsubscribe_url}>"
        return found | self.envelope.headers

    def as_django(self) -> DjangoMail:
        from_header = formataddr((self.envelope.from_name, self.envelope.from_email))
        rendered = self.rendered
        mail = DjangoMail(rendered.subject, rendered.text, from_header, [self.recipient], headers=self.headers())
        mail.attach_alternative(rendered.html, "text/html")
        mail.metadata = {METADATA: signing.sign(signing.MESSAGE_ID, self.message_id)}
        return mail


@lru_cache(maxsize=2)
def _date(seconds: int) -> str:
    return formatdate(seconds)


def tracking(message_id: int, links: int, *, base_url: str) -> dict[str, Any]:
    """The addresses of one message: `links` for render, `pixel` HTML, `unsubscribe`."""
    root = f"{base_url}/t/"
    return {
        "links": {f"k_c{n}": f"{root}c/{signing.sign(signing.CLICK, message_id, n)}" for n in range(links)},
        "pixel": f'<img src="{root}o/{signing.sign(signing.OPEN, message_id)}.gif" width="1" height="1" alt="">',
        "unsubscribe": f"{root}u/{signing.sign(signing.UNSUBSCRIBE, message_id)}",
    }
