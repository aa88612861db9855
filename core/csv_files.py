"""Rows as a CSV file, piece by piece, safe to open in a spreadsheet."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

ROWS_AT_ONCE = 1_000
_FORMULA_START = ("=", "+", "-", "@", "\t", "\r")
# A telephone number, or a number below 0: nothing to be run, and other systems take it as it is.
_NUMBER = re.compile(r"[+-][0-9]+([.,][0-9]+)?")


def harmless(value: Any) -> Any:
    """Text that a spreadsheet would run as a formula gets an apostrophe in front (OWASP, "CSV injection")."""
    if not isinstance(value, str) or not value.startswith(_FORMULA_START) or _NUMBER.fullmatch(value):
        return value
    return f"'{value}"


def csv_pieces(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """UTF-8 with a byte order mark, so that spreadsheets read it as such; many lines in a piece. None is empty."""
    lines = chain([header], rows)
    mark = "\ufeff"
    while some := list(islice(lines, ROWS_AT_ONCE)):
        text = io.StringIO()
        csv.writer(text).writerows([harmless(value) for value in row] for row in some)
        yield mark + text.getvalue()
        mark = ""


def csv_response(name: str, pieces: Iterable[str]) -> StreamingHttpResponse:
    """A file of this name, streamed. What goes wrong before the first piece is there is raised here: it becomes a page,
    and not half a file."""
    stream = iter(pieces)
    begun = list(islice(stream, 1))
    disposition = content_disposition_header(True, f"{name.replace('/', '-')}.csv") or "attachment"
    headers = {"Content-Disposition": disposition, "X-Content-Type-Options": "nosniff"}
    return StreamingHttpResponse(chain(begun, stream), content_type="text/csv; charset=utf-8", headers=headers)
