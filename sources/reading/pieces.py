"""Pieces of delimited text: its shape, and blocks of whole records."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sources.reading.batch import Reject, shortened
from sources.reading.encoding import MARK

Ints = np.ndarray[Any, Any]


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

    def without_blanks(self) -> "Block":
        lengths = self.ends - self.starts
        if not lengths.size or lengths.min() > 2:
            return self
        view = np.frombuffer(self.data, np.uint8)
        first = view[self.starts]
        blank = ((lengths == 1) & ((first == 10) | (first == 13))) | ((lengths == 2) & (first == 13))
        if not blank.any():
            return self
        keep = ~blank
        return Block(self.data, self.starts[keep], self.ends[keep], self.lines[keep], self.has_line_breaks)


def text_of(record: bytes) -> str:
    return shortened(record.rstrip(b"\r\n").decode("utf-8", "replace").replace(MARK, ""))
