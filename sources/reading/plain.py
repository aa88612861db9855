"""Native Arrow tables in the few types that the rest of the loading knows."""

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sources.reading.batch import unique_names
from sources.values.text import trimmed


def plain(data: pa.Table) -> pa.Table:
    """The same values: no dictionaries, views and large types, times in microseconds, texts trimmed (empty ones are
    null), and names that differ by more than their case."""
    names = unique_names(data.column_names)[0]
    return pa.table([_plain(column) for column in data.columns], names=names)


def plain_schema(schema: pa.Schema) -> pa.Table:
    """No rows, with the columns of `schema`."""
    return plain(schema.empty_table())


def _plain(column: Any) -> Any:
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _plain(column.cast(kind.value_type))
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        column = column.cast(pa.string())
    if pa.types.is_binary_view(kind):
        return column.cast(pa.large_binary())
    if pa.types.is_timestamp(kind) and kind.unit == "ns":
        return column.cast(pa.timestamp("us", tz=kind.tz), safe=False)
    if pa.types.is_list_view(kind) or pa.types.is_large_list(kind) or pa.types.is_large_list_view(kind):
        return _plain(column.cast(pa.list_(kind.value_type)))
    if pa.types.is_list(kind) and (pa.types.is_large_string(kind.value_type) or _is_view(kind.value_type)):
        return column.cast(pa.list_(pa.string()))
    if pa.types.is_floating(kind):
        if not pa.types.is_float64(kind):  # by its shortest text: 0.1 stays 0.1
            column = column.cast(pa.string())
        column = column.cast(pa.float64())
        return pc.if_else(pc.is_nan(column), pa.scalar(None, pa.float64()), column)
    return trimmed(column) if pa.types.is_string(column.type) else column


def _is_view(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string_view(kind))
