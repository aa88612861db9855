"""Where records of delimited text begin and end, and which of them do not fit. Bytes in, clean bytes out.

The common case costs a few passes of NumPy over the bytes; only records that do not fit are looked at one by one. A
quote that is never closed must not swallow the rest of a file: its first line is set aside, and reading goes on behind.
"""

import csv
from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from sources.reading.encoding import MARK_BYTES
from sources.reading.pieces import Block, Ints, Shape
from sources.reading.repair import Repair, misplaced

MAX_RECORD_BYTES = 32 * 1024 * 1024  # a record that is longer has an unclosed quote in it
csv.field_size_limit(MAX_RECORD_BYTES)


class Splitter:
    """Cuts chunks into blocks. `fits` says whether the parser sees as many rows as there are records."""

    def __init__(self, shape: Shape, file: str, line: int, fits: Callable[[Block], bool]) -> None:
        self.shape, self.file, self.line, self.fits = shape, file, line, fits
        self.pending = b""
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
        inside = self._inside_quotes(data, view)
        ends = breaks[~inside[breaks]] + 1 if inside is not None else breaks + 1
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
        block = Block(data[:used], starts, ends, lines, bool(is_multiline)).without_blanks()
        is_open = inside is not None and inside[used - 1]  # Arrow would close the quote by itself
        is_torn = is_multiline and inside is not None and self._is_torn(view, breaks[inside[breaks]])
        if block.starts.size and (is_open or is_torn or MARK_BYTES in block.data or not self.fits(block)):
            block, used = Repair(self.shape, self.file, self.fits, final=final).run(block)
        return block, used, int(np.searchsorted(breaks, used))

    def _is_torn(self, view: Ints, breaks: Ints) -> bool:
        """Whether a value of several lines has quotes elsewhere than at its ends: the first was never closed, and the
        last opens another value. Arrow reads on as if nothing were."""
        quotes = np.flatnonzero(view == ord(self.shape.quote))
        behind = np.unique(np.searchsorted(quotes, breaks))
        closing = quotes[behind[behind < quotes.size]]
        return bool(misplaced(view, quotes[behind - 1], closing, self.shape).size)

    def _inside_quotes(self, data: bytes, view: Ints) -> npt.NDArray[np.bool_] | None:
        """For every byte whether an odd number of quotes came until then; None where there is no quote."""
        quote = self.shape.quote.encode()
        if not quote or quote not in data:
            return None
        odd = np.bitwise_xor.accumulate((view == quote[0]).view(np.uint8))
        return odd.view(np.bool_)
