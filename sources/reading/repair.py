"""Records of delimited text that do not fit: mended where they can only be meant one way, else set aside."""

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sources.reading.batch import Reject
from sources.reading.encoding import MARK, MARK_BYTES
from sources.reading.pieces import Block, Ints, Shape, text_of


@dataclass
class _Reading:
    """A block with its quotes paired in one of the two ways that there are: the first opens a value, or closes one."""

    block: Block
    suspects: Ints


class Repair:
    """Takes the records that do not fit out of a block: mends what can only be meant one way, sets the others aside.

    A quote that is never closed turns what is inside of quotes and what is outside for all that follows. Both ways are
    found at once for the whole block, so that going on in the other one costs nothing: the work grows with the bytes,
    however many quotes are open.
    """

    def __init__(self, shape: Shape, file: str, fits: Callable[[Block], bool], *, final: bool) -> None:
        self.shape, self.file, self.fits, self.final = shape, file, fits, final
        self._begin()

    def _begin(self) -> None:
        self.rejects: list[Reject] = []
        self.pieces: list[bytes] = []
        self.lines: list[Ints] = []
        self.sizes: list[Ints] = []

    def run(self, block: Block) -> tuple[Block, int]:
        """The records that can be read, and how many of the block's bytes they took: the last record may go on behind
        it, where an open quote has moved the ends of records."""
        used = self._sort_out(block, doubt_all=False)
        mended = self._joined()
        if not self.fits(mended):
            self._begin()
            used = self._sort_out(block, doubt_all=True)
            mended = self._joined()
        return mended, used

    def _joined(self) -> Block:
        data = b"".join(self.pieces)
        sizes = np.concatenate(self.sizes) if self.sizes else np.empty(0, np.int64)
        lines = np.concatenate(self.lines) if self.lines else np.empty(0, np.int64)
        ends = np.cumsum(sizes)
        return Block(data, ends - sizes, ends, lines, True, list(self.rejects))

    def _sort_out(self, block: Block, *, doubt_all: bool) -> int:
        """Record by record, from one suspect to the next; behind a line that was set aside alone, with the quotes
        paired the other way. Returns where the last whole record ends."""
        view = np.frombuffer(block.data, np.uint8)
        quotes = np.flatnonzero(view == ord(self.shape.quote)) if self.shape.quote else np.empty(0, np.int64)
        readings = [_Reading(block, self._suspects(block, view, quotes, 0, doubt_all))]
        turned, position = 0, 0
        while True:
            if turned == len(readings):
                other = self._turned(block, view, quotes)
                readings.append(_Reading(other, self._suspects(other, view, quotes, 1, doubt_all)))
            now, suspects = readings[turned].block, readings[turned].suspects
            record = int(np.searchsorted(now.starts, position))
            next_one = int(np.searchsorted(suspects, record))
            if next_one == suspects.size:
                self._keep(now, record, now.starts.size)
                return len(block.data) if turned == 0 else int(now.ends[-1])
            suspect = int(suspects[next_one])
            self._keep(now, record, suspect)
            start, end = int(now.starts[suspect]), int(now.ends[suspect])
            position = start + self._mend(block.data[start:end], int(now.lines[suspect]))
            turned = turned if position == end else 1 - turned

    def _turned(self, block: Block, view: Ints, quotes: Ints) -> Block:
        """The records of the block if the first quote closes a value."""
        breaks = np.flatnonzero(view == 10)
        ends = breaks[np.searchsorted(quotes, breaks) % 2 == 1] + 1
        if self.final and (not ends.size or ends[-1] < view.size):
            ends = np.append(ends, view.size)
        starts = np.concatenate((np.zeros(1, ends.dtype), ends[:-1]))
        first_line = int(block.lines[0]) - int(np.searchsorted(breaks, block.starts[0]))
        return Block(block.data, starts, ends, first_line + np.searchsorted(breaks, starts), True).without_blanks()

    def _suspects(self, block: Block, view: Ints, quotes: Ints, turned: int, doubt_all: bool) -> Ints:
        """Records with another number of fields, with a misplaced quote, or with bytes that could not be decoded."""
        if doubt_all:
            return np.arange(block.starts.size)
        marks = np.flatnonzero(view == ord(self.shape.delimiter))
        if quotes.size:
            marks = marks[np.searchsorted(quotes, marks) % 2 == turned]
        counts = np.searchsorted(marks, block.ends) - np.searchsorted(marks, block.starts)
        suspect = counts != self.shape.width - 1
        if quotes.size:
            pairs = np.searchsorted(quotes, block.ends) - np.searchsorted(quotes, block.starts)
            suspect = suspect | (pairs % 2 == 1)
        wrong = misplaced(view, quotes[turned::2], quotes[turned + 1 :: 2], self.shape)
        at = np.concatenate((wrong, _positions(block.data, MARK_BYTES)))
        records = np.searchsorted(block.ends, at, side="right")
        suspect[records[records < suspect.size]] = True
        return np.flatnonzero(suspect)

    def _keep(self, block: Block, first: int, behind: int) -> None:
        if first < behind:
            starts, ends = block.starts[first:behind], block.ends[first:behind]
            self.pieces.append(b"".join(block.data[s:e] for s, e in _runs(starts, ends)))
            self.sizes.append(ends - starts)
            self.lines.append(block.lines[first:behind])
            if not self.pieces[-1].endswith(b"\n"):
                self.pieces[-1] += b"\n"
                self.sizes[-1] = np.append(self.sizes[-1][:-1], self.sizes[-1][-1] + 1)

    def _add(self, fields: list[str], line: int) -> None:
        text = io.StringIO()
        quoting: Any = csv.QUOTE_ALL if self.shape.quote else csv.QUOTE_NONE
        quote = self.shape.quote or None
        writer = csv.writer(text, delimiter=self.shape.delimiter, quotechar=quote, quoting=quoting, lineterminator="\n")
        writer.writerow(fields)
        data = text.getvalue().encode()
        self.pieces.append(data)
        self.sizes.append(np.array([len(data)]))
        self.lines.append(np.array([line]))

    def _mend(self, record: bytes, line: int) -> int:
        """How many bytes of a suspect are done with: all, or the first of several lines that do not form one record."""
        if not record.strip():
            return len(record)
        fields = self._fields(record)
        if fields is not None and len(fields) == self.shape.width:
            self._accept(fields, record, line)
            return len(record)
        first, _sep, rest = record.partition(b"\n")
        if not rest.strip():
            self._reject(record, line, fields)
            return len(record)
        alone = self._fields(first)
        if alone is not None and len(alone) == self.shape.width:
            self._accept(alone, first, line)
        elif first.strip():
            self._reject(first, line, alone)
        return len(first) + 1

    def _fields(self, record: bytes) -> list[str] | None:
        """The fields as a patient reader sees them; None when a quote stays open."""
        text = record.decode("utf-8", "replace").rstrip("\r\n")
        quoting = csv.QUOTE_MINIMAL if self.shape.quote else csv.QUOTE_NONE
        options: list[dict[str, Any]] = (
            [{}, {"strict": False}] if text.count("\n") == 0 and _closed(text, self.shape) else [{}]
        )
        if "\\" in text:
            options.insert(1, {"escapechar": "\\", "doublequote": False})
        fields = None
        for option in options:
            try:
                settings = {"strict": True, "skipinitialspace": True, "quoting": quoting} | option
                rows = list(
                    csv.reader([text], delimiter=self.shape.delimiter, quotechar=self.shape.quote or None, **settings)
                )
            except csv.Error:
                continue
            fields = self._fitted(rows[0]) if len(rows) == 1 else fields
            if fields is not None and len(fields) == self.shape.width:
                return fields
        return fields

    def _fitted(self, fields: list[str]) -> list[str]:
        """Empty fields behind the last column (a delimiter at the end of the line) are nobody's data."""
        filled = len(fields)
        while filled > self.shape.width and not fields[filled - 1].strip():
            filled -= 1
        return fields[:filled]

    def _accept(self, fields: list[str], record: bytes, line: int) -> None:
        wrong = next((position for position, value in enumerate(fields) if MARK in value), None)
        if wrong is None:
            return self._add(fields, line)
        reason = _(
            "There are bytes here that are not text in this file's encoding. Save it as UTF-8, or set its encoding."
        )
        self.rejects.append(Reject(self.file, line, self.shape.names[wrong], "encoding", reason, text_of(record)))

    def _reject(self, record: bytes, line: int, fields: list[str] | None) -> None:
        column = ""
        if fields is None:
            code, column = "open_quote", self._column_of_open_quote(record)
            message = (
                _("A quote opens in “%(column)s” and is never closed. Close it, or double quotes inside a value.")
                if column
                else _("A quote opens here and is never closed. Close it, or double quotes inside a value.")
            )
            reason = message % {"column": column}
        else:
            code = "ragged"
            reason = ngettext(
                "This line has %(found)s column, the header has %(expected)s. Quote values that hold the delimiter.",
                "This line has %(found)s columns, the header has %(expected)s. Quote values that hold the delimiter.",
                len(fields),
            ) % {"found": len(fields), "expected": self.shape.width}
        self.rejects.append(Reject(self.file, line, column, code, reason, text_of(record)))

    def _column_of_open_quote(self, record: bytes) -> str:
        """The column whose value runs to the end of the line; "" where the line has more columns until then."""
        shape, text = self.shape, record.decode("utf-8", "replace").rstrip("\r\n")
        reader = csv.reader([text], delimiter=shape.delimiter, quotechar=shape.quote, skipinitialspace=True)
        position = len(next(reader)) - 1
        return shape.names[position] if position < shape.width else ""


def misplaced(view: Ints, opening: Ints, closing: Ints, shape: Shape) -> Ints:
    """Opening quotes that do not begin a field and closing quotes that do not end one, of pairs in their order."""
    is_edge = np.zeros(256, bool)
    is_edge[[10, 13, ord(shape.delimiter), ord(shape.quote or shape.delimiter)]] = True
    before = is_edge[view[np.maximum(opening - 1, 0)]] | (opening == 0)
    after = is_edge[view[np.minimum(closing + 1, view.size - 1)]] | (closing == view.size - 1)
    return np.concatenate((opening[~before], closing[~after]))


def _closed(text: str, shape: Shape) -> bool:
    """Whether every quote that begins a field has a partner, so that reading it leniently loses nothing."""
    quote, mark = re.escape(shape.quote), re.escape(shape.delimiter)
    if not shape.quote:
        return True
    opens = len(re.findall(f"(?:^|{mark})\\s*{quote}", text))
    closes = len(re.findall(f"{quote}\\s*(?:$|{mark})", text))
    alone = len(re.findall(f"(?:^|{mark})\\s*{quote}\\s*(?=$|{mark})", text))  # opens a field, and closes none
    return opens <= closes - alone


def _runs(starts: Ints, ends: Ints) -> list[tuple[int, int]]:
    """Neighbouring records as one slice each (blank lines between records make gaps)."""
    gaps = np.flatnonzero(starts[1:] != ends[:-1])
    firsts = np.concatenate(([0], gaps + 1))
    lasts = np.concatenate((gaps, [starts.size - 1]))
    return [(int(starts[a]), int(ends[b])) for a, b in zip(firsts, lasts, strict=True)]


def _positions(data: bytes, what: bytes) -> Ints:
    return np.array([match.start() for match in re.finditer(re.escape(what), data)], np.int64)
