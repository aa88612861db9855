"""What a mail provider reports about mails that it took: bounces, complaints, deliveries, unsubscriptions.

Opens and clicks are not read from it: our own links count them. An event is believed about a message only when it
carries the message's signed token, in its metadata or as its Message-ID; a repeated event changes nothing.
"""

import logging
import re
from collections.abc import Callable
from typing import Any

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason
from anymail.urls import urlpatterns as _doors
from django.conf import settings
from django.urls import URLPattern, path

from messaging import signing, tracking
from messaging.models import Message
from messaging.outbox import METADATA

logger = logging.getLogger(__name__)
_PREFIX = "anymail.backends."
_SECRET = re.compile(r"[A-Za-z0-9_-]{16,}")
_NEVER_AGAIN = {RejectReason.INVALID, RejectReason.BOUNCED}


def door(backend: str, secret: str) -> list[URLPattern]:
    """The address that the configured provider reports to, below a secret; none without a provider or a secret."""
    if not backend.startswith(_PREFIX) or not _SECRET.fullmatch(secret):
        return []
    provider = backend.removeprefix(_PREFIX).partition(".")[0]
    found = []
    for pattern in _doors:
        name = pattern.name or ""
        if name.startswith(provider) and "inbound" not in name:
            view: Any = pattern.callback
            # The secret in the address does what Anymail would otherwise warn about.
            own: Any = type(view.view_class.__name__, (view.view_class,), {"warn_if_no_basic_auth": False})
            found.append(path(f"t/events/{secret}/{pattern.pattern}", own.as_view(), name="provider_events"))
    return found


def configured_door() -> list[URLPattern]:
    return door(settings.EMAIL_BACKEND, settings.MAIL_EVENTS_SECRET)


def message_of(event: AnymailTrackingEvent) -> Message | None:
    """The message an event is about; None when it is not ours or no longer kept."""
    header = (event.message_id or "").strip("<>").partition("@")[0]
    for token in ((event.metadata or {}).get(METADATA) or "", header):
        claim = signing.read(signing.MESSAGE_ID, token) if isinstance(token, str) else None
        if claim is not None:
            return Message.objects.select_related("template_version").filter(pk=claim.message_id).first()
    return None


def on_event(sender: object, event: AnymailTrackingEvent, esp_name: str, **kwargs: Any) -> None:
    """Receives Anymail's `tracking` signal."""
    act = _ACTS.get(event.event_type)
    if act is None:
        return
    message = message_of(event)
    if message is None:
        logger.info("%s reports “%s” about a mail that is not known", esp_name, event.event_type)
        return
    act(message, event, esp_name)


def _bounced(message: Message, event: AnymailTrackingEvent, provider: str) -> None:
    detail = event.mta_response or event.description or provider
    tracking.bounced(message, detail, permanent=event.reject_reason in _NEVER_AGAIN, at=event.timestamp)


def _complained(message: Message, event: AnymailTrackingEvent, provider: str) -> None:
    tracking.complained(message, provider, at=event.timestamp)


def _delivered(message: Message, event: AnymailTrackingEvent, provider: str) -> None:
    tracking.delivered(message, at=event.timestamp)


def _unsubscribed(message: Message, event: AnymailTrackingEvent, provider: str) -> None:
    tracking.unsubscribed(message, source=provider)


_ACTS: dict[str, Callable[[Message, AnymailTrackingEvent, str], None]] = {
    EventType.BOUNCED: _bounced,
    EventType.REJECTED: _bounced,
    EventType.FAILED: _bounced,
    EventType.COMPLAINED: _complained,
    EventType.DELIVERED: _delivered,
    EventType.UNSUBSCRIBED: _unsubscribed,
}
