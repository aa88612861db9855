"""CSV, TSV and any other delimited text."""

import csv
import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from functools import partial, reduce
from itertools import chain, islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.errors import InvalidInput
from sources.reading.batch import Batch, Batches, unique_names, without_unused
from sources.reading.encoding import CHUNK_BYTES, Utf8Chunks
from sources.reading.pieces import Block, Ints, Shape
from sources.reading.sniff import WHITESPACE, Dialect
from sources.reading.splitter import MAX_RECORD_BYTES, Splitter

MAX_COLUMNS = 10_000
NULLS = ["", "\\N"]  # \N is how PostgreSQL, MySQL and Hive write that there is no value
_ESCAPED = re.compile(rb"\\([\\\"])")


def read_delimited(path: Path, dialect: Dialect, *, file: str = "", chunk_bytes: int = CHUNK_BYTES) -> Batches:
    """Every record as a row of text, not trimmed; empty values are null. Line numbers are physical lines, from 1."""
    file = file or path.name
    chunks = Utf8Chunks(path, dialect.encoding, chunk_bytes=chunk_bytes)
    stream, nul_count = _prepared(iter(chunks), dialect)
    shape, rest, line, notes, unnamed = _begin(stream, dialect, file)
    parser = _Parser(shape)
    splitter = Splitter(shape, file, line, parser.fits)
    read_before = left_out = 0
    for chunk, is_last in _with_last(chain([rest], stream)):
        for block in splitter.feed(chunk, final=is_last):
            table, filled = _without_empty(parser.table(block))
            table = without_unused(table, unnamed)
            lines = block.lines if filled is None else block.lines[filled]
            raw = block.raw if filled is None else partial(_raw_of, block, filled)
            left_out += 0 if filled is None else len(block.lines) - len(filled)
            batch = Batch(table, file, lines, raw, chunks.bytes_read - read_before, block.rejects)
            read_before = chunks.bytes_read
            batch.notes, notes = notes, []
            yield batch
    notes += chunks.notes + _nul_note(nul_count[0], file) + _empty_note(left_out, file)
    yield Batch(_empty(shape), file, np.empty(0, np.int64), lambda row: "", 0, [], notes)


def _without_empty(table: pa.Table) -> tuple[pa.Table, Ints | None]:
    """Lines of nothing but delimiters, as spreadsheets leave them below their rows, hold nobody: the other rows and
    their places, or None where all are filled."""
    if table.num_columns < 2 or any(not column.null_count for column in table.columns):
        return table, None
    empty = reduce(pc.and_, (pc.is_null(column) for column in table.columns))
    if not pc.any(empty).as_py():
        return table, None
    filled = pc.invert(empty)
    return table.filter(filled), np.flatnonzero(filled.to_numpy())


def _raw_of(block: Block, filled: Ints, row: int) -> str:
    return block.raw(int(filled[row]))


def _empty_note(count: int, file: str) -> list[str]:
    if not count:
        return []
    text = ngettext(
        "%(count)s line of %(file)s holds nothing but delimiters; it was left out.",
        "%(count)s lines of %(file)s hold nothing but delimiters; they were left out.",
        count,
    )
    return [text % {"count": count, "file": file}]


def _nul_note(count: int, file: str) -> list[str]:
    if not count:
        return []
    text = ngettext(
        "%(count)s NUL character was removed from %(file)s.",
        "%(count)s NUL characters were removed from %(file)s.",
        count,
    )
    return [text % {"count": count, "file": file}]


def _prepared(chunks: Iterator[bytes], dialect: Dialect) -> tuple[Iterator[bytes], list[int]]:
    removed = [0]

    def stream() -> Iterator[bytes]:
        held = b""
        for chunk in chunks:
            if b"\0" in chunk:
                removed[0] += chunk.count(b"\0")
                chunk = chunk.replace(b"\0", b"")
            if BOM_UTF8 in chunk:  # between files that were put together
                chunk = chunk.replace(BOM_UTF8, b"")
            if dialect.is_escaped:
                chunk = held + chunk
                cut = len(chunk.rstrip(b"\\"))
                held, chunk = chunk[cut:], _ESCAPED.sub(_unescaped, chunk[:cut])
            if dialect.delimiter == WHITESPACE:
                chunk = re.sub(rb"(?m)^ | (?=\r?$)", b"", re.sub(rb"[ \t]+", b" ", chunk))
            yield chunk
        if held:
            yield held

    return stream(), removed


def _unescaped(found: re.Match[bytes]) -> bytes:
    """Quotes doubled, as everything behind expects them; a backslash that was written twice once."""
    return b'""' if found[1] == b'"' else b"\\"


def _with_last(chunks: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    held: bytes | None = None
    for chunk in chunks:
        if held is not None:
            yield held, False
        held = chunk
    yield held or b"", True


def _begin(stream: Iterator[bytes], dialect: Dialect, file: str) -> tuple[Shape, bytes, int, list[str], list[str]]:
    """The columns, what follows the header, the line on which it begins, what was made of odd names, and the names of
    columns that the header leaves empty."""
    data, line, end = b"", 1, 0
    mark, quote = " " if dialect.delimiter == WHITESPACE else dialect.delimiter, dialect.quote.encode()
    for chunk in stream:
        data += chunk
        above = _lead(data, dialect.skip if line == 1 else 0)
        line += _breaks(data[:above])
        data = data[above:]
        end = _end_of_record(data, quote)
        if end or len(data) > MAX_RECORD_BYTES:
            break
    record = data[: end or data.find(b"\n") + 1 or len(data)] if data else b""
    if record.count(mark.encode()) > MAX_COLUMNS:
        message = _("%(file)s has more than %(most)s columns. Is this its delimiter?")
        raise InvalidInput(message % {"file": file, "most": MAX_COLUMNS}, place=file)
    cells = _cells(record, mark, dialect.quote)
    notes = [_("The first lines of %s are no part of the table; they were left out.") % file] if dialect.skip else []
    names, changed = unique_names(cells if dialect.has_header else [""] * len(cells))
    if changed and dialect.has_header:
        notes.append(_("Some columns of %s had no name or the same name; they were numbered.") % file)
    shape = Shape(mark, dialect.quote, tuple(names))
    if not dialect.has_header:
        return shape, data, line, notes, []
    unnamed = [name for name, cell in zip(names, cells, strict=True) if not cell.strip()]
    return shape, data[len(record) :], line + _breaks(record), notes, unnamed


def _lead(data: bytes, skip: int) -> int:
    """How much of the beginning is blank lines and lines to be skipped."""
    blank = len(data) - len(data.lstrip(b"\r\n"))
    ends = [found.end() for found in islice(re.finditer(rb"\r\n|\n|\r", data[blank:]), skip)] if skip else []
    behind = blank + (ends[-1] if ends else 0)
    return behind + len(data[behind : behind + 4096]) - len(data[behind : behind + 4096].lstrip(b"\r\n"))


def _breaks(data: bytes) -> int:
    """Line ends of any style."""
    return data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n")


def _end_of_record(data: bytes, quote: bytes) -> int:
    """Where the first record ends (behind its line break); 0 when it goes on."""
    for found in re.finditer(rb"\r\n|\n|\r", data):
        if not quote or data.count(quote, 0, found.start()) % 2 == 0:
            return found.end()
    return 0


def _cells(record: bytes, mark: str, quote: str) -> list[str]:
    text = record.decode("utf-8", "replace").rstrip("\r\n")
    quoting: Any = csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE
    rows = list(csv.reader([text], delimiter=mark, quotechar=quote or None, quoting=quoting, skipinitialspace=True))
    return rows[0] if rows else []


def _empty(shape: Shape) -> pa.Table:
    return pa.table({name: pa.array([], pa.string()) for name in shape.names})


class _Parser:
    """Arrow's parser over a block; the last parse is kept, because a block is first tried and then used."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self._last: tuple[int, pa.Table] | None = None

    def fits(self, block: Block) -> bool:
        self._last = None
        misfits: list[object] = []
        if not block.starts.size:
            self._last = (id(block), _empty(self.shape))
            return True
        try:
            table = self._parse(block, misfits)
        except pa.ArrowInvalid:
            return False
        if misfits or table.num_rows != block.starts.size:
            return False
        self._last = (id(block), table)
        return True

    def table(self, block: Block) -> pa.Table:
        if self._last is None or self._last[0] != id(block):
            if not self.fits(block):
                raise InvalidInput(
                    _("The records from line %s on cannot be told apart. Check delimiter and quotes.") % block.lines[0]
                )
            assert self._last is not None
        return self._last[1]

    def _parse(self, block: Block, misfits: list[object]) -> pa.Table:
        def misfit(row: object) -> str:
            misfits.append(row)
            return "skip"

        names = list(self.shape.names)
        return arrow_csv.read_csv(
            pa.BufferReader(block.data),
            read_options=arrow_csv.ReadOptions(
                column_names=names, block_size=max(1 << 20, min(2 * block.longest + 16, 1 << 30)), use_threads=True
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=self.shape.delimiter,
                quote_char=self.shape.quote or False,
                double_quote=bool(self.shape.quote),
                newlines_in_values=block.has_line_breaks and bool(self.shape.quote),
                ignore_empty_lines=True,
                invalid_row_handler=misfit,
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types={name: pa.string() for name in names},
                null_values=NULLS,
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
                check_utf8=False,
            ),
        )
