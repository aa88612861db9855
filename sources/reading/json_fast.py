"""Whole blocks of JSON lines by Arrow's own parser; whatever is not plain is left to the patient way."""

import re
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json as arrow_json

from sources.reading.encoding import MARK_BYTES
from sources.reading.json_rows import MAX_DEPTH, ColumnPath, Names
from sources.reading.plain import plain

MOST_NESTED = 200  # Arrow builds a type for every level, and its parser a frame
_LONG_NUMBER = re.compile(rb"[:,\[]\s*-?\d{16}")


class FastParser:
    """Keeps the types of the blocks before, so that most blocks are parsed once."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self._known: pa.Schema | None = None

    def table(self, block: bytes, rows: int) -> pa.Table | None:
        """The block's rows, or None where it must be read line by line: kinds are mixed, a line is broken, …"""
        if MARK_BYTES in block or b"\\u0000" in block or b"\\ud" in block or _nesting(block) > MOST_NESTED:
            return None
        parsed = self._parsed(block)
        if parsed is None or parsed.num_rows != rows:
            return None
        if _has(parsed.schema, pa.types.is_floating) and _LONG_NUMBER.search(block):
            return None  # a double would lose digits
        columns: dict[ColumnPath, Any] = {}
        for name in parsed.column_names:
            _flatten((name,), parsed.column(name), columns)
        if not columns or any(_is_json(column.type) for column in columns.values()):
            return None
        return plain(pa.table({self.names.of(path): column for path, column in columns.items()}))

    def _parsed(self, block: bytes) -> pa.Table | None:
        for known in (self._known, None) if self._known is not None else (None,):
            try:
                parsed = _read(block, known)
                if _has(parsed.schema, pa.types.is_timestamp):
                    parsed = _read(block, _texts_for_times(parsed.schema))
            except pa.ArrowInvalid:
                continue
            self._known = pa.schema([field for field in parsed.schema if not _has_null(field.type)])
            return parsed
        return None


def _nesting(block: bytes) -> int:
    """How deep brackets nest, at most; those in texts count too."""
    view = np.frombuffer(block, np.uint8)
    steps = ((view == 91) | (view == 123)).astype(np.int8) - ((view == 93) | (view == 125))
    return int(np.cumsum(steps, dtype=np.int32).max(initial=0))


def _read(block: bytes, known: pa.Schema | None) -> pa.Table:
    options = arrow_json.ParseOptions(explicit_schema=known, unexpected_field_behavior="infer")
    return arrow_json.read_json(
        pa.BufferReader(block),
        read_options=arrow_json.ReadOptions(block_size=max(len(block) + 1, 1 << 20), use_threads=True),
        parse_options=options,
    )


def _flatten(path: ColumnPath, column: Any, into: dict[ColumnPath, Any]) -> None:
    if pa.types.is_struct(column.type) and column.type.num_fields and len(path) < MAX_DEPTH:
        for field in column.type:
            _flatten((*path, field.name), pc.struct_field(column, field.name), into)
    else:
        into[path] = column


def _is_json(kind: pa.DataType) -> bool:
    """Must be written as JSON text, as it stood in the input."""
    return bool(
        pa.types.is_struct(kind)
        or (
            pa.types.is_list(kind) and not pa.types.is_string(kind.value_type) and not pa.types.is_null(kind.value_type)
        )
    )


def _has(schema: Any, wanted: Any) -> bool:
    return any(_within(field.type, wanted) for field in schema)


def _within(kind: pa.DataType, wanted: Any) -> bool:
    if pa.types.is_struct(kind):
        return any(_within(field.type, wanted) for field in kind)
    return _within(kind.value_type, wanted) if pa.types.is_list(kind) else bool(wanted(kind))


def _has_null(kind: pa.DataType) -> bool:
    return _within(kind, pa.types.is_null) or (pa.types.is_struct(kind) and not kind.num_fields)


def _texts_for_times(schema: pa.Schema) -> pa.Schema:
    """Texts that look like times stay texts: which of them are times is found out for the whole column."""
    return pa.schema([pa.field(field.name, _as_text(field.type)) for field in schema if not _has_null(field.type)])


def _as_text(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_struct(kind):
        return pa.struct([pa.field(field.name, _as_text(field.type)) for field in kind])
    if pa.types.is_list(kind):
        return pa.list_(_as_text(kind.value_type))
    return pa.string() if pa.types.is_timestamp(kind) else kind
