"""Records of delimited text that do not fit: mended where they can only be meant one way, else set aside."""

import csv
import io
import re
from collections.abc import Callable
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sources.reading.batch import Reject
from sources.reading.encoding import MARK, MARK_BYTES
from sources.reading.pieces import Block, Ints, Shape, text_of

MAX_RESTARTS = 200  # unclosed quotes per chunk before the rest of it is read line by line


class Repair:
    """Takes the records that do not fit out of a block: mends what can only be meant one way, sets the others aside."""

    def __init__(self, shape: Shape, file: str, quotes: Ints, fits: Callable[[Block], bool]) -> None:
        self.shape, self.file, self.quotes, self.fits = shape, file, quotes, fits
        self.rejects: list[Reject] = []
        self.pieces: list[bytes] = []
        self.lines: list[Ints] = []
        self.sizes: list[Ints] = []
        self.restarts = 0

    def run(self, block: Block) -> Block:
        self._sort_out(block, self._suspects(block))
        mended = self._joined()
        if not self.fits(mended):
            self.pieces, self.lines, self.sizes, self.rejects = [], [], [], []
            self._sort_out(block, np.ones(block.starts.size, bool))
            mended = self._joined()
        return mended

    def _joined(self) -> Block:
        data = b"".join(self.pieces)
        sizes = np.concatenate(self.sizes) if self.sizes else np.empty(0, np.int64)
        lines = np.concatenate(self.lines) if self.lines else np.empty(0, np.int64)
        ends = np.cumsum(sizes)
        return Block(data, ends - sizes, ends, lines, True, list(self.rejects))

    def _suspects(self, block: Block) -> Ints:
        """Records with another number of fields, with a misplaced quote, or with bytes that could not be decoded."""
        view = np.frombuffer(block.data, np.uint8)
        marks = np.flatnonzero(view == self.shape.delimiter.encode()[0])
        quotes = self.quotes[self.quotes < len(block.data)]
        if quotes.size:
            marks = marks[np.searchsorted(quotes, marks) % 2 == 0]
        counts = np.searchsorted(marks, block.ends) - np.searchsorted(marks, block.starts)
        suspect = counts != self.shape.width - 1
        if quotes.size:
            pairs = np.searchsorted(quotes, block.ends) - np.searchsorted(quotes, block.starts)
            suspect = suspect | (pairs % 2 == 1)
        for position in (*self._misplaced(view, quotes), *_positions(block.data, MARK_BYTES)):
            record = int(np.searchsorted(block.ends, position, side="right"))
            if record < suspect.size:
                suspect[record] = True
        return np.asarray(suspect)

    def _misplaced(self, view: Ints, quotes: Ints) -> list[int]:
        """Opening quotes that do not begin a field and closing quotes that do not end one."""
        if not quotes.size:
            return []
        edge = [10, 13, self.shape.delimiter.encode()[0], self.shape.quote.encode()[0]]
        opening, closing = quotes[0::2], quotes[1::2]
        before = np.isin(view[np.maximum(opening - 1, 0)], edge) | (opening == 0)
        after = np.isin(view[np.minimum(closing + 1, view.size - 1)], edge) | (closing == view.size - 1)
        return [*opening[~before].tolist(), *closing[~after].tolist()]

    def _sort_out(self, block: Block, suspect: Ints) -> None:
        done = 0
        for record in np.flatnonzero(suspect).tolist():
            self._keep(block, done, record)
            self._mend(block.data[int(block.starts[record]) : int(block.ends[record])], int(block.lines[record]))
            done = record + 1
        self._keep(block, done, block.starts.size)

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

    def _mend(self, record: bytes, line: int) -> None:
        """One suspect. Several lines that do not form one record are taken apart: the first alone, then the others."""
        while record.strip():
            fields = self._fields(record)
            if fields is not None and len(fields) == self.shape.width:
                return self._accept(fields, record, line)
            first, _sep, rest = record.partition(b"\n")
            if not rest.strip():
                return self._reject(record, line, fields)
            alone = self._fields(first)
            if alone is not None and len(alone) == self.shape.width:
                self._accept(alone, first, line)
            elif first.strip():
                self._reject(first, line, alone)
            line += 1
            self.restarts += 1
            if self.restarts <= MAX_RESTARTS:
                return self._again(rest, line)
            record = rest

    def _again(self, rest: bytes, line: int) -> None:
        """What follows a line that was set aside, with its quotes paired anew."""
        view = np.frombuffer(rest, np.uint8)
        breaks = np.flatnonzero(view == 10)
        self.quotes = np.flatnonzero(view == self.shape.quote.encode()[0]) if self.shape.quote else self.quotes[:0]
        ends = breaks[np.searchsorted(self.quotes, breaks) % 2 == 0] + 1
        if not ends.size or ends[-1] < len(rest):
            ends = np.append(ends, len(rest))
        starts = np.concatenate((np.zeros(1, ends.dtype), ends[:-1]))
        block = Block(rest, starts, ends, line + np.searchsorted(breaks, starts), True)
        self._sort_out(block, self._suspects(block))

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
        if fields is None:
            code, reason = (
                "open_quote",
                _("A quote opens here and is never closed. Close it, or double quotes inside a value."),
            )
        else:
            code = "ragged"
            reason = ngettext(
                "This line has %(found)s column, the header has %(expected)s. Quote values that hold the delimiter.",
                "This line has %(found)s columns, the header has %(expected)s. Quote values that hold the delimiter.",
                len(fields),
            ) % {"found": len(fields), "expected": self.shape.width}
        self.rejects.append(Reject(self.file, line, "", code, reason, text_of(record)))


def _closed(text: str, shape: Shape) -> bool:
    """Whether every quote that begins a field has a partner, so that reading it leniently loses nothing."""
    quote, mark = re.escape(shape.quote), re.escape(shape.delimiter)
    if not shape.quote:
        return True
    opens = len(re.findall(f"(?:^|{mark})\\s*{quote}", text))
    closes = len(re.findall(f"{quote}\\s*(?:$|{mark})", text))
    return opens <= closes


def _runs(starts: Ints, ends: Ints) -> list[tuple[int, int]]:
    """Neighbouring records as one slice each (blank lines between records make gaps)."""
    gaps = np.flatnonzero(starts[1:] != ends[:-1])
    firsts = np.concatenate(([0], gaps + 1))
    lasts = np.concatenate((gaps, [starts.size - 1]))
    return [(int(starts[a]), int(ends[b])) for a, b in zip(firsts, lasts, strict=True)]


def _positions(data: bytes, what: bytes) -> list[int]:
    return [match.start() for match in re.finditer(re.escape(what), data)]
