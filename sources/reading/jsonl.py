"""JSON lines (one object per line); also one array of objects, or objects over several lines."""

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import pyarrow as pa

from sources.reading.batch import Batch, Batches, shortened
from sources.reading.encoding import Utf8Chunks
from sources.reading.json_fast import FastParser
from sources.reading.json_rows import Names, batch_of
from sources.reading.json_values import Values

CHUNK_BYTES = 4 * 1024 * 1024
BATCH_VALUES = 20_000


def read_jsonl(path: Path, encoding: str = "", *, file: str = "") -> Batches:
    """Values keep their kind where a column has one kind only, and are text where kinds are mixed."""
    file = file or path.name
    chunks, names = Utf8Chunks(path, encoding, chunk_bytes=CHUNK_BYTES), Names()
    notes: list[str] = []
    done = 0
    if _is_lines(path, encoding):
        batches = _lines(chunks, file, names)
    else:
        values = Values(path, chunks)
        notes = values.notes
        batches = (batch_of(group, file, names) for group in _grouped(iter(values)))
    for batch in batches:
        batch.bytes, done = chunks.bytes_read - done, chunks.bytes_read
        yield batch
    notes += chunks.notes
    if notes:
        yield Batch(pa.table({}), file, np.empty(0, np.int64), lambda row: "", notes=notes)


def _is_lines(path: Path, encoding: str) -> bool:
    """Whether the first line is an object of its own, and not the only one around all records."""
    text, is_whole = "", True
    for chunk in Utf8Chunks(path, encoding, chunk_bytes=64 * 1024):
        is_whole = not text
        text = (text + chunk.decode("utf-8", "replace")).lstrip()
        if "\n" in text or len(text) > CHUNK_BYTES:
            break
    first, _break, rest = text.partition("\n")
    if first.startswith("["):
        return False
    if rest.strip() or not is_whole:
        return not first.startswith("{") or _is_value(first) or not rest.lstrip().startswith(('"', "}"))
    return False


def _is_value(text: str) -> bool:
    try:
        json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        return False
    return True


def _lines(chunks: Utf8Chunks, file: str, names: Names) -> Batches:
    parser, line = FastParser(names), 1
    for block in _blocks(chunks):
        yield _batch(block, line, file, parser)
        line += block.count(b"\n")


def _blocks(chunks: Utf8Chunks) -> Iterator[bytes]:
    """Whole lines."""
    held = b""
    for chunk in chunks:
        cut = chunk.rfind(b"\n") + 1
        if cut:
            yield held + chunk[:cut]
            held = chunk[cut:]
        else:
            held += chunk
    if held.strip():
        yield held


def _batch(block: bytes, line: int, file: str, parser: FastParser) -> Batch:
    pieces = block.split(b"\n")
    filled = [position for position, piece in enumerate(pieces) if piece.strip()]
    table = parser.table(block, len(filled))
    if table is None:
        lines = [(line + position, pieces[position].decode("utf-8", "replace")) for position in filled]
        return batch_of(lines, file, parser.names)
    numbers = np.array(filled, np.int64) + line

    def raw(row: int) -> str:
        return shortened(pieces[filled[row]].decode("utf-8", "replace").strip())

    return Batch(table, file, numbers, raw)


def _grouped(values: Iterator[tuple[int, str]]) -> Iterator[list[tuple[int, str]]]:
    while group := list(islice(values, BATCH_VALUES)):
        yield group
