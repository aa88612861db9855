"""Excel and OpenDocument workbooks: the stored values of one sheet. Formulas count by their last computed value."""

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from core.errors import InvalidInput
from sources.reading.batch import Batch, Batches, shortened, unique_names, without_unused
from sources.reading.native import clock_text

BATCH_ROWS = 50_000
HEAD_ROWS = 30  # in which the column names are looked for
NAMED_SHARE = 0.5  # of the widest row that is filled in the row of names
TITLE_SHOWN = 120


def sheet_names(path: Path) -> list[str]:
    return list(_workbook(path).sheet_names)


def read_excel(path: Path, sheet: str = "", header: bool | None = None, *, file: str = "") -> Batches:
    """Cells as text, dates in ISO 8601; a row's line is its row number. Rows above the first filled one are skipped,
    and so are titles above the column names unless `header` is given."""
    file = file or path.name
    book = _workbook(path)
    if sheet and sheet not in book.sheet_names:
        message = _("%(file)s has no sheet “%(sheet)s”. It has: %(names)s.")
        raise InvalidInput(message % {"file": file, "sheet": sheet, "names": ", ".join(book.sheet_names)}, place=file)
    read = book.get_sheet_by_name(sheet or book.sheet_names[0])
    cells, merged = read.iter_rows(), _Merged(read)
    rows, titles = below_titles(cells) if header is None else (enumerate(cells, 1), [])
    changed = False
    names: list[str] = []
    unnamed: set[str] = set()
    held: list[tuple[int, list[Any]]] = []
    size = path.stat().st_size
    for number, row in rows:
        if all(map(_is_blank, row)):
            continue
        if not names and header is not False:
            over, number, row = row, *next(rows, (number, []))
            if is_under := has_parts_of(over, row):
                over = joined(over, row)
            names, changed = unique_names([cell_text(cell) or "" for cell in over])
            unnamed = {name for name, cell in zip(names, over, strict=True) if not cell_text(cell)}
            if is_under or not any(map(cell_text, row)):
                continue
        elif not names:
            names, changed = unique_names([""] * len(row))
        held.append((number, merged.filled(number, row)))
        if len(held) == BATCH_ROWS:
            yield _batch(held, names, file, unnamed)
            held = []
    if not names:
        raise InvalidInput(_("%s has an empty sheet. Choose another sheet.") % file, place=file)
    batch = _batch(held, names, file, unnamed)
    batch.bytes = size
    batch.notes = (
        [_("Some columns of %s had no name or the same name; they were numbered.") % file] if changed and header else []
    )
    if not sheet and (others := [name for name in book.sheet_names if name != book.sheet_names[0]]):
        message = _("The sheet “%(sheet)s” is read. The workbook also has: %(others)s. Each can be a table of its own.")
        batch.notes.append(message % {"sheet": book.sheet_names[0], "others": ", ".join(others)})
    if titles:
        batch.notes.append(_("“%s” stands above the column names and was skipped.") % " · ".join(titles)[:TITLE_SHOWN])
    yield batch


def below_titles(rows: Iterable[list[Any]]) -> tuple[Iterator[tuple[int, list[Any]]], list[str]]:
    """The numbered rows from the one that names the columns on, and the words above it: rows of far fewer cells."""
    numbered = enumerate(rows, 1)
    head = list(islice(numbered, HEAD_ROWS))
    widths = [sum(cell not in ("", None) for cell in row) for _number, row in head]
    enough = max(widths, default=0) * NAMED_SHARE
    start = next((n for n, width in enumerate(widths) if width >= enough and width), 0)
    titles = [text for _number, row in head[:start] for cell in row if (text := cell_text(cell))]
    return chain(head[start:], numbered), titles


def has_parts_of(over: list[Any], row: list[Any]) -> bool:
    """Whether a row is the second one of the column names: it has words under every empty cell of the first and under
    what stands left of these ("Contact" over "Phone" and "E-mail"), and nothing under the others."""
    names = [cell_text(cell) for cell in over]
    words = [cell_text(cell) for cell in row][: len(names)]
    first = next((at for at, name in enumerate(names) if name), 0)
    empty = {at for at, name in enumerate(names) if name is None and at > first}
    grouped = empty | {at - 1 for at in empty}
    filled = {at for at, word in enumerate(words) if word}
    is_worded = all(isinstance(row[at], str) and not any(map(str.isdigit, row[at])) for at in filled)
    return bool(empty) and filled == grouped and len(filled) < len(names) - first and is_worded


def joined(over: list[Any], row: list[Any]) -> list[str]:
    """The column names of two rows: what stands over several cells is said of each."""
    names: list[str] = []
    group = ""
    for at, cell in enumerate(over):
        group = cell_text(cell) or group
        under = cell_text(row[at]) if at < len(row) else None
        names.append(f"{group} {under}" if under else cell_text(cell) or "")
    return names


def _workbook(path: Path) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_path(str(path))
    except (CalamineError, OSError):
        pass  # it goes by the ending of the name, which may be of another kind of workbook
    try:
        with path.open("rb") as file:
            return CalamineWorkbook.from_filelike(file)
    except (CalamineError, OSError) as error:
        message = _(
            "%(file)s cannot be opened as a workbook: it is damaged, cut off or protected by a password. Save it again."
        )
        raise InvalidInput(message % {"file": path.name}, place=path.name) from error


class _Merged:
    """Cells that are merged over several rows: each of these rows has the value, which only the first one holds."""

    def __init__(self, sheet: CalamineSheet) -> None:
        first_column = (sheet.start or (0, 0))[1]
        self._begin: dict[int, list[tuple[int, int]]] = {}  # by row: columns, and the row with which each ends
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
            if left == right and top < bottom:
                self._begin.setdefault(top + 1, []).append((left - first_column, bottom + 1))
        self._values: dict[int, tuple[Any, int]] = {}

    def filled(self, number: int, row: list[Any]) -> list[Any]:
        for column, (value, last) in list(self._values.items()):
            if number > last:
                del self._values[column]
            elif column < len(row) and _is_blank(row[column]):
                row[column] = value
        for column, last in self._begin.get(number, ()):
            if 0 <= column < len(row):
                self._values[column] = (row[column], last)
        return row


def _is_blank(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _batch(held: list[tuple[int, list[Any]]], names: list[str], file: str, unnamed: set[str]) -> Batch:
    cells = [[cell_text(row[i]) if i < len(row) else None for _number, row in held] for i in range(len(names))]
    table = pa.table([pa.array(column, pa.string()) for column in cells], names=names)
    table = without_unused(table, unnamed)
    rows = [row for _number, row in held]
    numbers = np.array([number for number, _row in held], np.int64)
    return Batch(table, file, numbers, lambda i: shortened("\t".join(cell_text(cell) or "" for cell in rows[i])))


def cell_text(value: Any) -> str | None:
    """Whole numbers without a fraction, midnight as a date, everything else as people write it."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ")
    if isinstance(value, dt.timedelta):
        return clock_text(value)
    return str(value).replace("\0", "").strip() or None
