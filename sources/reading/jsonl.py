"""JSON lines (one object per line), or one JSON array of objects. Nested objects become `parent_child` columns."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from django.utils.translation import gettext as _

from core.errors import InvalidInput
from sources.reading.batch import Batch, Batches, Reject, shortened
from sources.reading.encoding import MARK, Utf8Chunks

BATCH_LINES = 50_000
MAX_ARRAY_BYTES = 256 * 1024 * 1024  # an array must be read whole; longer ones are asked for as JSON lines
MAX_DEPTH = 3


def read_jsonl(path: Path, encoding: str = "", *, file: str = "") -> Batches:
    """Values keep their kind where a column has one kind only, and are text where kinds are mixed."""
    file = file or path.name
    chunks = Utf8Chunks(path, encoding)
    done = 0
    for lines in _grouped(_objects(path, chunks)):
        batch = _batch(lines, file)
        batch.bytes, done = chunks.bytes_read - done, chunks.bytes_read
        yield batch
    if chunks.notes:
        yield Batch(pa.table({}), file, np.empty(0, np.int64), lambda row: "", notes=chunks.notes)


def _objects(path: Path, chunks: Utf8Chunks) -> Iterator[tuple[int, str]]:
    """(line, text) of every line that is not blank. An array is taken apart into one text per element."""
    number, held = 0, ""
    for chunk in chunks:
        text = held + chunk.decode("utf-8", "replace")
        if number == 0 and text.lstrip()[:1] == "[":
            yield from _array(path, text, chunks)
            return
        *lines, held = text.split("\n")
        for line in lines:
            number += 1
            if line.strip():
                yield number, line
    if held.strip():
        yield number + 1, held


def _array(path: Path, text: str, chunks: Utf8Chunks) -> Iterator[tuple[int, str]]:
    if path.stat().st_size > MAX_ARRAY_BYTES:
        raise InvalidInput(_("%s is one long JSON array. Export it as JSON lines: one object per line.") % path.name)
    text += "".join(chunk.decode("utf-8", "replace") for chunk in chunks)
    decoder, position = json.JSONDecoder(), text.index("[") + 1
    while position < len(text):
        while position < len(text) and text[position] in " \t\r\n,":
            position += 1
        if text[position : position + 1] in ("]", ""):
            return
        line = text.count("\n", 0, position) + 1
        try:
            end = decoder.raw_decode(text, position)[1]
        except json.JSONDecodeError:
            yield line, text[position:]
            return
        yield line, text[position:end]
        position = end


def _grouped(lines: Iterator[tuple[int, str]]) -> Iterator[list[tuple[int, str]]]:
    group: list[tuple[int, str]] = []
    for line in lines:
        group.append(line)
        if len(group) == BATCH_LINES:
            yield group
            group = []
    if group:
        yield group


def _batch(lines: list[tuple[int, str]], file: str) -> Batch:
    rows: list[dict[str, Any]] = []
    numbers: list[int] = []
    texts: list[str] = []
    rejects: list[Reject] = []
    for number, text in lines:
        problem = ""
        try:
            value = json.loads(text)
            problem = "" if isinstance(value, dict) else _("This line is not an object in braces { }.")
        except (json.JSONDecodeError, RecursionError) as error:
            problem = _("This line is not valid JSON (%s).") % getattr(error, "msg", _("nested too deeply"))
        if MARK in text:
            problem = _("There are bytes here that are not text in this file's encoding. Save the file as UTF-8.")
        if problem:
            rejects.append(Reject(file, number, "", "json", problem, shortened(text.replace(MARK, ""))))
            continue
        rows.append(_flat(value) if any(type(item) is dict for item in value.values()) else value)
        numbers.append(number)
        texts.append(text)
    names = dict.fromkeys(" ".join(name.split()) or "column" for row in rows for name in row)
    table = pa.table({name: column([row.get(name) for row in rows]) for name in names})
    return Batch(table, file, np.array(numbers, np.int64), lambda row: shortened(texts[row].strip()), rejects=rejects)


def _flat(value: dict[str, Any], prefix: str = "", depth: int = 1) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for name, item in value.items():
        if isinstance(item, dict) and item and depth < MAX_DEPTH:
            result |= _flat(item, f"{prefix}{name}_", depth + 1)
        else:
            result[f"{prefix}{name}"] = item
    return result


def column(values: list[Any]) -> pa.Array:
    """Native where all values are of one kind, else text. Empty text is null."""
    kinds = {type(value) for value in values if value is not None}
    if kinds <= {int} or kinds <= {bool} or kinds <= {int, float}:
        try:
            return pa.array([float(v) if v is not None else v for v in values] if len(kinds) > 1 else values)
        except (pa.ArrowInvalid, OverflowError):
            pass
    if kinds == {list} and all(isinstance(item, str) for value in values if value for item in value):
        return pa.array(values, pa.list_(pa.string()))
    return pa.array([text(value) for value in values], pa.string())


def text(value: Any) -> str | None:
    """A value as it would stand in a text file."""
    if value is None or isinstance(value, str):
        return (value.replace("\0", "").strip() or None) if value else None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return repr(value) if isinstance(value, float) and not value.is_integer() else str(int(value))
