"""Consent and suppression: who may be written to. Addresses are compared in one spelling (`addresses.spelt`)."""

import re

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import InvalidInput
from core.roles import Actor, require
from messaging.addresses import ADDRESS_PATTERN, MAX_ADDRESS, spelt
from messaging.models import Channel, Consent, ConsentState, Message, Purpose, Suppression, SuppressionReason

_ADDRESS = re.compile(ADDRESS_PATTERN)


def key(address: str) -> str:
    """What makes two addresses the same. Raises InvalidInput for something that is no e-mail address."""
    value = spelt(address)
    if len(value) > MAX_ADDRESS or not _ADDRESS.match(value):
        raise InvalidInput(_("“%(address)s” is not an e-mail address.") % {"address": address.strip()[:100]})
    return value


def current(address: str, purpose: str = Purpose.MARKETING) -> Consent | None:
    """The newest decision about this address; None when its owner never said anything."""
    return Consent.objects.filter(address=spelt(address), channel=Channel.EMAIL, purpose=purpose).first()


def opt_out(
    address: str, *, source: str, message: Message | None = None, purpose: str = Purpose.MARKETING, by: Actor = None
) -> bool:
    """Records that the owner does not want mails for this purpose; False when that was known already."""
    require(by, "messaging.add_consent")
    address = key(address)
    with transaction.atomic():
        newest = current(address, purpose)
        known = newest is not None and newest.state == ConsentState.OPTED_OUT
        if not known:
            _record(address, purpose, ConsentState.OPTED_OUT, source, message, by)
        Suppression.objects.get_or_create(
            address=address, reason=SuppressionReason.UNSUBSCRIBED, purpose=purpose, defaults={"by": by}
        )
    return not known


def opt_in(
    address: str, *, source: str, message: Message | None = None, purpose: str = Purpose.MARKETING, by: Actor = None
) -> bool:
    """Records that the owner wants mails; lifts an earlier unsubscription, never a bounce or complaint."""
    require(by, "messaging.add_consent")
    address = key(address)
    with transaction.atomic():
        newest = current(address, purpose)
        known = newest is not None and newest.state == ConsentState.OPTED_IN
        if not known:
            _record(address, purpose, ConsentState.OPTED_IN, source, message, by)
        Suppression.objects.filter(address=address, reason=SuppressionReason.UNSUBSCRIBED, purpose=purpose).delete()
    return not known


def suppress(address: str, *, detail: str = "", by: Actor = None) -> Suppression:
    """Nothing is sent to this address any more, for whatever purpose."""
    require(by, "messaging.add_suppression")
    with transaction.atomic():
        row, created = Suppression.objects.get_or_create(
            address=key(address), reason=SuppressionReason.MANUAL, defaults={"detail": detail[:300], "by": by}
        )
        if created:
            audit.record(by, "suppression.add", row)
    return row


def unsuppress(row: Suppression, *, by: Actor = None) -> None:
    """Allows mails to the address again, as far as no other row forbids it."""
    require(by, "messaging.delete_suppression")
    with transaction.atomic():
        audit.record(by, "suppression.remove", row, reason=row.reason)
        row.delete()


def _record(
    address: str, purpose: str, state: ConsentState, source: str, message: Message | None, by: Actor
) -> Consent:
    row = Consent.objects.create(
        address=address, purpose=purpose, state=state, source=source, message=message, by=by, at=timezone.now()
    )
    if by is not None:
        audit.record(by, f"consent.{state}", row)
    return row
