"""Members as rows: who they are, page by page or as a whole file."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from django.utils.translation import gettext as _

from core.csv_files import csv_pieces
from core.errors import InvalidInput, Unavailable
from lake.queries import Snapshot, snapshot
from profiles.models import Profile
from rules import services
from rules.catalog import ID
from segments.models import Segment

BATCH = 20_000
COLUMNS = (ID, "name", "email", "phone")
SCHEMA = pa.schema([(column, pa.string()) for column in COLUMNS])


def batches(segment: Segment, lake: Snapshot | None = None) -> Iterator[pa.Table]:
    """Everyone who meets the rule now, sorted by id: profile_id, name, email, phone (null where unknown)."""
    at = lake or snapshot()
    for batch in at.batches(services.members(segment.rule, at).order_by(ID), BATCH):
        yield _named(batch.column(0).to_pylist())


def to_file(segment: Segment, path: Path) -> int:
    """Writes all members as .csv or .parquet, by the name's ending; how many. The file appears when it is complete.

    Raises InvalidInput for another ending, Unavailable when the file cannot be written.
    """
    writers = {".csv": _write_csv, ".parquet": _write_parquet}
    writer = writers.get(path.suffix.lower())
    if writer is None:
        raise InvalidInput(_("Write to a file that ends in .csv or .parquet."), place=str(path))
    unfinished = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        written = writer(segment, unfinished)
        unfinished.replace(path)
    except OSError as error:
        raise Unavailable(
            _("The file cannot be written: %(why)s") % {"why": error.strerror or error}, place=str(path)
        ) from error
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
    return written


def csv_lines(segment: Segment) -> Iterator[str]:
    """The CSV for a browser, in pieces. Cells that a spreadsheet would run as a formula begin with an apostrophe."""
    rows = (list(row.values()) for table in batches(segment) for row in table.to_pylist())
    return csv_pieces(COLUMNS, rows)


def _named(ids: list[str]) -> pa.Table:
    rows = {p.pk: p for p in Profile.objects.filter(pk__in=ids).only("id", "name", "email", "phone")}
    found: list[dict[str, Any]] = []
    for key in ids:
        profile = rows.get(key)
        values = (profile.name, profile.email, profile.phone) if profile else ("", "", "")
        found.append(dict(zip(COLUMNS, (key, *(value or None for value in values)), strict=True)))
    return pa.Table.from_pylist(found, schema=SCHEMA)


def _write_csv(segment: Segment, path: Path) -> int:
    written = 0
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(COLUMNS)
        for table in batches(segment):
            out.writerows([value if value is not None else "" for value in row.values()] for row in table.to_pylist())
            written += table.num_rows
    return written


def _write_parquet(segment: Segment, path: Path) -> int:
    written = 0
    with pq.ParquetWriter(path, SCHEMA) as out:
        for table in batches(segment):
            out.write_table(table)
            written += table.num_rows
    return written
