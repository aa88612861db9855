"""Consent and suppression: who may be written to. Addresses are compared in one spelling (`addresses.spelt`)."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import InvalidInput
from core.roles import Actor, require
from messaging.addresses import ADDRESS_PATTERN, MAX_ADDRESS, spelt
from messaging.models import Channel, Consent, ConsentState, Message, Purpose, Suppression, SuppressionReason

MAX_IMPORT_ROWS = 1_000_000
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


@dataclass
class ImportReport:
    added: int = 0
    known: int = 0
    rejected: list[tuple[int, str]] = field(default_factory=list)


def import_opt_outs(data: bytes, *, source: str, by: Actor = None) -> ImportReport:
    """Opts out every address of a CSV: the column "email" or "address", else the first one. One bad line stops nothing.

    `rejected` holds (line, text) of at most 1,000 lines without a usable address.
    """
    require(by, "messaging.add_consent")
    report = ImportReport()
    with transaction.atomic():
        for line, text in _addresses(data):
            try:
                fresh = opt_out(text, source=source, by=by)
            except InvalidInput:
                report.rejected += [(line, text[:100])] if len(report.rejected) < 1000 else []
                continue
            report.added, report.known = report.added + fresh, report.known + (not fresh)
    return report


def export_opt_outs() -> Iterator[list[str]]:
    """A header and one row per address that is not written to: address, reason, purpose, since (ISO, UTC)."""
    yield ["email", "reason", "purpose", "since"]
    rows = Suppression.objects.order_by("address").values_list("address", "reason", "purpose", "at")
    for address, reason, purpose, at in rows.iterator():
        yield [address, reason, purpose, at.isoformat()]


def _addresses(data: bytes) -> Iterator[tuple[int, str]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    dialect = ";" if text.split("\n", 1)[0].count(";") > text.split("\n", 1)[0].count(",") else ","
    rows: Iterable[list[str]] = csv.reader(io.StringIO(text), delimiter=dialect)
    column = 0
    for line, row in enumerate(rows, start=1):
        if line > MAX_IMPORT_ROWS:
            raise InvalidInput(_("The file has more than a million lines. Split it."))
        names = [cell.strip().lower() for cell in row]
        if line == 1 and not any("@" in name for name in names):
            column = next((n for n, name in enumerate(names) if name in {"email", "e-mail", "address"}), 0)
        elif any(names):
            yield line, row[column] if column < len(row) else ""


def _record(
    address: str, purpose: str, state: ConsentState, source: str, message: Message | None, by: Actor
) -> Consent:
    row = Consent.objects.create(
        address=address, purpose=purpose, state=state, source=source, message=message, by=by, at=timezone.now()
    )
    if by is not None:
        audit.record(by, f"consent.{state}", row)
    return row
