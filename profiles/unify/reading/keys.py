"""One text that names a record among all tables."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from profiles.unify.reading.records import Records

# Separates a table's name from the record id in the text that names a record; neither can hold it.
SEPARATOR = "\x1f"


def record_names(records: Records, rows: npt.NDArray[np.int64] | None = None) -> pa.Array:
    """Table and record id, of all records or of some: unique over all tables."""
    chosen = np.arange(records.count) if rows is None else rows
    names = pa.array([table.name for table in records.tables], pa.string())
    table = names.take(pa.array(records.table_index[chosen]))
    return pc.binary_join_element_wise(table, records.record_ids.take(pa.array(chosen)), SEPARATOR)


def keyed(rows: pa.Table | None, *columns: str) -> pa.Table | None:
    """Columns `key, profile_id` and these, from rows with source, table and record id."""
    if rows is None:
        return None
    source, name = (rows.column(part).cast(pa.string()) for part in ("source", "table"))
    table = pc.binary_join_element_wise(source, name, ".")
    key = pc.binary_join_element_wise(table, rows.column("record_id"), SEPARATOR)
    return rows.select(["profile_id", *columns]).add_column(0, "key", key)


def unkeyed(rows: pa.Table) -> pa.Table:
    """Source, table and record id in place of the key, the first column."""
    table, record_id = _halves(rows.column(0).combine_chunks(), SEPARATOR)
    source, name = _halves(table, ".")
    found = pa.table({"source": source, "table": name, "record_id": record_id})
    for column in rows.column_names[1:]:
        found = found.append_column(column, rows.column(column))
    return found


def _halves(texts: pa.Array, at: str) -> tuple[pa.Array, pa.Array]:
    parts = pc.split_pattern(texts, at, max_splits=1)
    return pc.list_element(parts, 0), pc.list_element(parts, 1)
