"""A list as a CSV file, row by row, safe to open in a spreadsheet."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.http import StreamingHttpResponse

from core.list_parts import Column
from core.list_rows import Rows

_FORMULA_START = ("=", "+", "-", "@", "\t", "\r")


class _Echo:
    def write(self, line: str) -> str:
        return line


def harmless(value: Any) -> Any:
    """Text that a spreadsheet would run as a formula gets an apostrophe in front (OWASP, "CSV injection")."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_START) else value


def csv_response(
    name: str, columns: Sequence[Column], rows: Rows, value_of: Callable[[Column, Any], Any]
) -> StreamingHttpResponse:
    """The rows of a list with these columns."""
    lines = ([value_of(column, row) for column in columns] for row in rows.all())
    return csv_stream(name, [str(column.label) for column in columns], lines)


def csv_stream(name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """UTF-8 with a byte order mark, so that spreadsheets read it as such."""

    def lines() -> Iterator[str]:
        writer = csv.writer(_Echo())
        yield "\ufeff" + writer.writerow(header)
        for row in rows:
            yield writer.writerow([harmless(value) for value in row])

    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"', "X-Content-Type-Options": "nosniff"}
    return StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8", headers=headers)
