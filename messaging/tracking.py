"""What happened to a message after it was sent. One insert per event."""

import re
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from messaging import consent, signing
from messaging.models import Interaction, InteractionKind, Message, Suppression, SuppressionReason, TrackedLink

# Programs that fetch before or instead of a person. Google's image proxy fetches when a person opens: not a machine.
_MACHINES = re.compile(
    r"bot|crawl|spider|scan|preview|curl|wget|python|java/|go-http|headless|barracuda|proofpoint|mimecast|safelinks"
    r"|symantec|fireeye|slackbot|facebookexternalhit|whatsapp|skypeuri|^mozilla/5\.0$|^$",
    re.IGNORECASE,
)
_CLIENTS = (
    ("gmail", re.compile(r"googleimageproxy", re.IGNORECASE)),
    ("yahoo", re.compile(r"yahoomailproxy", re.IGNORECASE)),
    ("outlook", re.compile(r"outlook|microsoft office", re.IGNORECASE)),
    ("thunderbird", re.compile(r"thunderbird", re.IGNORECASE)),
    ("phone", re.compile(r"iphone|android|mobile", re.IGNORECASE)),
    ("desktop", re.compile(r"windows|macintosh|linux|x11", re.IGNORECASE)),
)


def is_machine(user_agent: str, method: str = "GET") -> bool:
    """Whether this request was obviously not made by a person reading."""
    return method == "HEAD" or _MACHINES.search(user_agent.strip()) is not None


def client_of(user_agent: str) -> str:
    """The kind of mail program, roughly; the user agent itself is not kept."""
    return next((name for name, pattern in _CLIENTS if pattern.search(user_agent)), "other")


def opened(token: str, *, user_agent: str, method: str = "GET") -> bool:
    """Records an open; False for a token that is not ours."""
    claim = signing.read(signing.OPEN, token)
    return claim is not None and _record(claim.message_id, InteractionKind.OPEN, user_agent, method)


def clicked(token: str, *, user_agent: str, method: str = "GET") -> str | None:
    """Records a click; the address to go to, which is always one that was stored with the version; None otherwise."""
    claim = signing.read(signing.CLICK, token)
    if claim is None:
        return None
    link = TrackedLink.objects.filter(template_version__messages=claim.message_id, position=claim.link).first()
    if link is None:
        return None
    _record(claim.message_id, InteractionKind.CLICK, user_agent, method, link)
    return link.url


def message_of(token: str) -> Message | None:
    """The message whose unsubscribe link this is."""
    claim = signing.read(signing.UNSUBSCRIBE, token)
    rows = Message.objects.select_related("template_version")
    return rows.filter(pk=claim.message_id).first() if claim else None


def unsubscribed(message: Message, *, source: str, user_agent: str = "") -> None:
    """The recipient wants no more mails of this purpose."""
    if message.address and consent.opt_out(
        message.address, source=source, message=message, purpose=message.template_version.purpose
    ):
        _record(message.pk, InteractionKind.UNSUBSCRIBE, user_agent, "POST")


def resubscribed(message: Message) -> None:
    if message.address:
        consent.opt_in(
            message.address, source="unsubscribe page", message=message, purpose=message.template_version.purpose
        )


def bounced(message: Message, detail: str, *, permanent: bool, at: datetime | None = None) -> None:
    """A mail server said later that it could not deliver. A permanent bounce ends all mails to the address."""
    _record_once(message, InteractionKind.BOUNCE, at)
    if permanent:
        _suppress(message, SuppressionReason.HARD_BOUNCE, detail)


def complained(message: Message, detail: str = "", *, at: datetime | None = None) -> None:
    """The recipient marked the mail as unwanted."""
    _record_once(message, InteractionKind.COMPLAINT, at)
    _suppress(message, SuppressionReason.COMPLAINT, detail)


def delivered(message: Message, *, at: datetime | None = None) -> None:
    """A mail server of the recipient took the mail."""
    _record_once(message, InteractionKind.DELIVERED, at)


def _suppress(message: Message, reason: SuppressionReason, detail: str) -> None:
    if message.address:
        Suppression.objects.get_or_create(address=message.address, reason=reason, defaults={"detail": detail[:300]})


def _record_once(message: Message, kind: InteractionKind, at: datetime | None) -> None:
    """Providers repeat what they report. `at` is theirs and never later than now."""
    now = timezone.now()
    with transaction.atomic():
        Message.objects.select_for_update().get(pk=message.pk)
        if not Interaction.objects.filter(message=message, kind=kind).exists():
            Interaction.objects.create(message=message, kind=kind, at=min(at or now, now))


def _record(
    message_id: int, kind: InteractionKind, user_agent: str, method: str, link: TrackedLink | None = None
) -> bool:
    """False when the message no longer exists."""
    if not Message.objects.filter(pk=message_id).exists():
        return False
    about_a_person = kind in {InteractionKind.OPEN, InteractionKind.CLICK}
    Interaction.objects.create(
        message_id=message_id,
        kind=kind,
        at=timezone.now(),
        link=link,
        client=client_of(user_agent) if about_a_person else "",
        is_machine=about_a_person and is_machine(user_agent, method),
    )
    return True
