"""What happened to a message after it was sent. One insert per event.

Programs that look at a mail before or instead of a person are told by how they ask (HEAD, a header that says that the
page is fetched ahead, what they call themselves), and by following many links of one mail in a moment. Security
programs that hide behind a browser's name and follow one link cannot be told: rates are upper bounds. What a machine
did is kept apart: it counts nowhere, and no rule sees it.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from messaging import consent, signing
from messaging.models import (
    Interaction,
    InteractionKind,
    Message,
    State,
    Suppression,
    SuppressionReason,
    TrackedLink,
)

# Programs that fetch before or instead of a person. Google's image proxy fetches when a person opens: not a machine.
_MACHINES = re.compile(
    r"bot|crawl|spider|scan|preview|curl|wget|python|java/|go-http|headless|barracuda|proofpoint|mimecast|safelinks"
    r"|symantec|fireeye|slackbot|facebookexternalhit|whatsapp|skypeuri|^mozilla/5\.0$|^$",
    re.IGNORECASE,
)
_FETCHED_AHEAD = re.compile("prefetch|preview|prerender", re.IGNORECASE)
_AHEAD = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")  # headers of a page that nobody looks at yet
MANY_LINKS, MOMENT = 3, timedelta(seconds=2)  # nobody opens so many different links of one mail in so short a time
_CLIENTS = (
    ("gmail", re.compile(r"googleimageproxy", re.IGNORECASE)),
    ("yahoo", re.compile(r"yahoomailproxy", re.IGNORECASE)),
    ("outlook", re.compile(r"outlook|microsoft office", re.IGNORECASE)),
    ("thunderbird", re.compile(r"thunderbird", re.IGNORECASE)),
    ("phone", re.compile(r"iphone|android|mobile", re.IGNORECASE)),
    ("desktop", re.compile(r"windows|macintosh|linux|x11", re.IGNORECASE)),
)


def is_machine(method: str, headers: Mapping[str, str]) -> bool:
    """Whether a request was obviously not made by a person reading: by its method, what it calls itself, or because a
    browser fetches ahead what nobody asked for yet."""
    fetched_ahead = any(_FETCHED_AHEAD.search(headers.get(name, "")) for name in _AHEAD)
    return method == "HEAD" or fetched_ahead or _MACHINES.search(headers.get("User-Agent", "").strip()) is not None


def client_of(user_agent: str) -> str:
    """The kind of mail program, roughly; the user agent itself is not kept."""
    return next((name for name, pattern in _CLIENTS if pattern.search(user_agent)), "other")


def opened(token: str, *, user_agent: str, by_machine: bool = False) -> bool:
    """Records an open; False for a token that is not ours."""
    claim = signing.read(signing.OPEN, token)
    return claim is not None and _record(claim.message_id, InteractionKind.OPEN, user_agent, by_machine)


def clicked(token: str, *, user_agent: str, by_machine: bool = False) -> str | None:
    """Records a click; the address to go to, which is always one that was stored with the version; None otherwise."""
    claim = signing.read(signing.CLICK, token)
    if claim is None:
        return None
    link = TrackedLink.objects.filter(template_version__messages=claim.message_id, position=claim.link).first()
    if link is None:
        return None
    _record(claim.message_id, InteractionKind.CLICK, user_agent, by_machine, link)
    _mark_burst(claim.message_id)
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
        _record(message.pk, InteractionKind.UNSUBSCRIBE, user_agent)


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
            _settle_as_sent(message.pk)


def _settle_as_sent(message_id: int) -> None:
    """Whatever happens to a message of which nobody knew whether it was sent says that it was."""
    rows = Message.objects.filter(pk=message_id, state=State.UNKNOWN)
    rows.update(state=State.ACCEPTED, detail="", settled_at=timezone.now())


def _mark_burst(message_id: int) -> None:
    """Clicks on many links of a message in a moment were no person's."""
    now = timezone.now()
    clicks = Interaction.objects.filter(message=message_id, kind=InteractionKind.CLICK, at__gt=now - MOMENT)
    if clicks.values("link").distinct().count() >= MANY_LINKS:
        clicks.update(is_machine=True)


def _record(
    message_id: int,
    kind: InteractionKind,
    user_agent: str,
    by_machine: bool = False,
    link: TrackedLink | None = None,
) -> bool:
    """False when the message no longer exists."""
    state = Message.objects.filter(pk=message_id).values_list("state", flat=True).first()
    if state is None:
        return False
    if state == State.UNKNOWN:
        _settle_as_sent(message_id)
    about_a_person = kind in {InteractionKind.OPEN, InteractionKind.CLICK}
    Interaction.objects.create(
        message_id=message_id,
        kind=kind,
        at=timezone.now(),
        link=link,
        client=client_of(user_agent) if about_a_person else "",
        is_machine=about_a_person and by_machine,
    )
    return True
