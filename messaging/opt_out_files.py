"""Unsubscribed addresses from a file, and everybody who is not written to as one. Any number of lines: they are read,
and written, some at a time."""

import csv
import io
from codecs import BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from django.db import connection, transaction
from django.utils import timezone

from core import audit
from core.errors import InvalidInput
from core.models import Workspace
from core.roles import Actor, require
from messaging.consent import key
from messaging.models import Purpose, Suppression

AT_ONCE = 10_000  # addresses per statement
MAX_SHOWN = 1_000  # rejected lines that a report holds
_CHUNK = 1_000_000  # bytes, while the encoding is looked for
_NAMES = {"email", "e-mail", "address", "email address", "e-mail address", "mail", "adresse"}

# Whoever is known to have said so already gets no second line in the history.
_OPT_OUT = """
WITH given AS MATERIALIZED (
    SELECT DISTINCT address FROM unnest(%(addresses)s::text[]) AS line (address) ORDER BY address
), kept AS (
    INSERT INTO messaging_suppression (address, reason, purpose, detail, at, by_id)
    SELECT address, 'unsubscribed', %(purpose)s, '', %(now)s, %(by)s FROM given ON CONFLICT DO NOTHING)
INSERT INTO messaging_consent (address, channel, purpose, state, source, at, by_id)
SELECT given.address, 'email', %(purpose)s, 'opted_out', %(source)s, %(now)s, %(by)s
FROM given LEFT JOIN LATERAL (
    SELECT c.state FROM messaging_consent c
    WHERE c.address = given.address AND c.channel = 'email' AND c.purpose = %(purpose)s
    ORDER BY c.at DESC, c.id DESC LIMIT 1
) newest ON true
WHERE newest.state IS DISTINCT FROM 'opted_out'
"""


@dataclass
class ImportReport:
    """`rejected` holds (line of the file, text) of the first MAX_SHOWN lines without a usable address, of `refused`."""

    added: int = 0
    known: int = 0
    refused: int = 0
    rejected: list[tuple[int, str]] = field(default_factory=list)

    def refuse(self, line: int, text: str) -> None:
        self.refused += 1
        if len(self.rejected) < MAX_SHOWN:
            self.rejected.append((line, text[:100]))


def import_opt_outs(file: BinaryIO, *, source: str, by: Actor = None) -> ImportReport:
    """Opts out every address of a CSV: the column that is called so ("email"), else the first one. One bad line stops
    nothing. What was read holds though the rest may fail: it is done again without harm.
    """
    require(by, "messaging.add_consent")
    report, some = ImportReport(), list[str]()
    for line, text in _addresses(file, report):
        try:
            some.append(key(text))
        except InvalidInput:
            report.refuse(line, text)
        if len(some) >= AT_ONCE:
            _opt_out(some, source, by, report)
            some = []
    with transaction.atomic():
        _opt_out(some, source, by, report)
        audit.record(
            by,
            "consent.import",
            Workspace.current(),
            source=source,
            added=report.added,
            known=report.known,
            refused=report.refused,
        )
    return report


def export_rows() -> Iterator[list[str]]:
    """One row per address that is not written to: address, reason, purpose, since (ISO, UTC)."""
    rows = Suppression.objects.order_by("address").values_list("address", "reason", "purpose", "at")
    for address, reason, purpose, at in rows.iterator():
        yield [address, reason, purpose, at.isoformat()]


HEADER = ["email", "reason", "purpose", "since"]


def _opt_out(addresses: list[str], source: str, by: Actor, report: ImportReport) -> None:
    parameters: dict[str, Any] = {
        "addresses": addresses,
        "purpose": Purpose.MARKETING,
        "source": source,
        "now": timezone.now(),
        "by": by.pk if by else None,
    }
    with connection.cursor() as cursor:
        cursor.execute(_OPT_OUT, parameters)
        report.added += cursor.rowcount
        report.known += len(addresses) - cursor.rowcount


def _addresses(file: BinaryIO, report: ImportReport) -> Iterator[tuple[int, str]]:
    """(line, text of the address), empty lines left out. A line that cannot be read is refused."""
    text = io.TextIOWrapper(file, _encoding(file), "replace", newline="")
    first = text.readline()
    text.seek(0)
    rows = csv.reader(text, delimiter=max(",;\t", key=first.count))
    column, line = 0, 0
    while True:
        line, before = rows.line_num + 1, rows.line_num
        try:
            row = next(rows)
        except StopIteration:
            break
        except csv.Error as error:
            report.refuse(line, str(error))
            continue
        names = [cell.strip().lower() for cell in row]
        if before == 0 and not any("@" in name for name in names):
            column = next((number for number, name in enumerate(names) if name in _NAMES), 0)
        elif any(names):
            yield line, _plain(row[column]) if column < len(row) else ""
    text.detach()


def _plain(text: str) -> str:
    """Without the apostrophe that our own export puts before what a spreadsheet would run."""
    return text.strip().removeprefix("'")


def _encoding(file: BinaryIO) -> str:
    """UTF-8 if all of it is, else what Windows writes; UTF-16 where it says so."""
    decoder = getincrementaldecoder("utf-8")()
    try:
        start = file.read(2)
        if start in {BOM_UTF16_LE, BOM_UTF16_BE}:
            return "utf-16"
        decoder.decode(start)
        while chunk := file.read(_CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    finally:
        file.seek(0)
    return "utf-8-sig"
