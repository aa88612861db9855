"""Where records of delimited text begin and end, and which of them do not fit. Bytes in, clean bytes out.

The common case costs a few passes of NumPy over the bytes; only records that do not fit are looked at one by one. A
quote that is never closed must not swallow the rest of a file: its first line is set aside, and reading goes on behind.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sources.reading.batch import Reject, shortened
from sources.reading.encoding import MARK, MARK_BYTES

MAX_RECORD_BYTES = 32 * 1024 * 1024  # a record that is longer has an unclosed quote in it
MAX_RESTARTS = 200  # unclosed quotes per chunk before the rest of it is read line by line
Ints = np.ndarray[Any, Any]
csv.field_size_limit(MAX_RECORD_BYTES)


@dataclass(frozen=True)
class Shape:
    """How a file is cut: one-byte delimiter and quote ("" for none), and the names of its columns."""

    delimiter: str
    quote: str
    names: tuple[str, ...]

    @property
    def width(self) -> int:
        return len(self.names)


@dataclass
class Block:
    """Whole records in one piece: record i is `data[starts[i]:ends[i]]` and begins on line `lines[i]`."""

    data: bytes
    starts: Ints
    ends: Ints
    lines: Ints
    has_line_breaks: bool
    rejects: list[Reject] = field(default_factory=list)

    def raw(self, row: int) -> str:
        return text_of(self.data[int(self.starts[row]) : int(self.ends[row])])

    @property
    def longest(self) -> int:
        return int((self.ends - self.starts).max()) if self.starts.size else 0


def text_of(record: bytes) -> str:
    return shortened(record.rstrip(b"\r\n").decode("utf-8", "replace").replace(MARK, ""))


def blocks(
    chunks: Iterator[bytes], shape: Shape, file: str, line: int, fits: Callable[[Block], bool]
) -> Iterator[Block]:
    """Cuts chunks into blocks. `fits` says whether the parser sees as many rows as there are records."""
    splitter = Splitter(shape, file, line, fits)
    for chunk in chunks:
        yield from splitter.feed(chunk, final=False)
    yield from splitter.feed(b"", final=True)


class Splitter:
    def __init__(self, shape: Shape, file: str, line: int, fits: Callable[[Block], bool]) -> None:
        self.shape, self.file, self.line, self.fits = shape, file, line, fits
        self.pending = b""
        self.ends_abruptly = False
        self._cr_held = b""

    def feed(self, chunk: bytes, *, final: bool) -> Iterator[Block]:
        chunk = self._normal_newlines(self._cr_held + chunk, final)
        data = self.pending + chunk if self.pending else chunk
        self.pending = b""
        restarts = 0
        while data:
            block, used, lines = self._cut(data, final)
            if block is None:
                self.pending = data
                return
            self.line += lines
            data = data[used:]
            restarts += 1
            yield block
            if not final and restarts == 1 and len(data) < MAX_RECORD_BYTES:
                self.pending = data
                return

    def _normal_newlines(self, chunk: bytes, final: bool) -> bytes:
        """Old Mac line ends (a lone CR) become LF. A CR at the end of a chunk waits for what follows."""
        self._cr_held = b""
        if chunk.endswith(b"\r") and not final:
            chunk, self._cr_held = chunk[:-1], b"\r"
        if b"\r" in chunk and chunk.count(b"\r") != chunk.count(b"\r\n"):
            chunk = chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        return chunk

    def _cut(self, data: bytes, final: bool) -> tuple[Block | None, int, int]:
        """A block of the complete records at the start of `data`, the bytes and the physical lines that it used."""
        view = np.frombuffer(data, np.uint8)
        breaks = np.flatnonzero(view == 10)
        quotes = self._quotes(data, view)
        ends = breaks[np.searchsorted(quotes, breaks) % 2 == 0] + 1 if quotes.size else breaks + 1
        last = int(ends[-1]) if ends.size else 0
        if last < len(data):
            if final:
                ends = np.append(ends, len(data))
            elif len(data) - last > MAX_RECORD_BYTES:
                runaway = breaks[np.searchsorted(breaks, last)] + 1 if breaks.size and breaks[-1] >= last else len(data)
                ends = np.append(ends, runaway)
            elif not ends.size:
                return None, 0, 0
        used = int(ends[-1])
        starts = np.concatenate((np.zeros(1, ends.dtype), ends[:-1]))
        is_multiline = ends.size != np.searchsorted(breaks, used) + (0 if data[used - 1 : used] == b"\n" else 1)
        lines = self.line + (np.searchsorted(breaks, starts) if is_multiline else np.arange(starts.size))
        block = self._without_blanks(Block(data[:used], starts, ends, lines, bool(is_multiline)), view)
        is_open = np.searchsorted(quotes, used) % 2 == 1  # Arrow would close the quote by itself
        if is_open or MARK_BYTES in block.data or not self.fits(block):
            block = Repair(self.shape, self.file, quotes, self.fits).run(block)
        return block, used, int(np.searchsorted(breaks, used))

    def _quotes(self, data: bytes, view: Ints) -> Ints:
        quote = self.shape.quote.encode()
        return np.flatnonzero(view == quote[0]) if quote and quote in data else np.empty(0, np.int64)

    @staticmethod
    def _without_blanks(block: Block, view: Ints) -> Block:
        lengths = block.ends - block.starts
        if not lengths.size or lengths.min() > 2:
            return block
        first = view[block.starts]
        blank = ((lengths == 1) & ((first == 10) | (first == 13))) | ((lengths == 2) & (first == 13))
        if not blank.any():
            return block
        keep = ~blank
        return Block(block.data, block.starts[keep], block.ends[keep], block.lines[keep], block.has_line_breaks)


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
        while len(fields) > self.shape.width and not fields[-1].strip():
            fields = fields[:-1]
        return fields

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
