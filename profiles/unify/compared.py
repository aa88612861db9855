"""What was compared, as a table: one row per record with its normalised values, before hubs are set aside.

A later run need not normalise it again, and an analyst may look here for why two records are not alike.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from profiles.unify.keys import SEPARATOR
from profiles.unify.records import Codes, Feature, Records, TableInput, name_feature

NAME = "person.name"
GIVEN, FAMILY = "given name", "family name"
KEYS = ("source", "table", "record_id")
HASH, PROFILE = "row_hash", "profile_id"


def as_table(records: Records) -> pa.Table:
    """`source`, `table`, `record_id`, `row_hash` (null where rows have none), then one column of text per feature; the
    second of a feature is named `…#2`."""
    table = pa.array(records.table_index)
    columns = {
        "source": pa.array([t.source for t in records.tables], pa.string()).take(table),
        "table": pa.array([t.table for t in records.tables], pa.string()).take(table),
        "record_id": records.record_ids,
        HASH: pa.concat_arrays([pa.array([], pa.int64()), *map(_hashes, records.tables)]),
    }
    for name, feature in records.features.items():
        if name == NAME:
            words = pa.array(feature.words.texts, pa.string())
            for column, part in zip((GIVEN, FAMILY), feature.parts, strict=True):
                columns[column] = _taken(words, np.append(part, np.int32(-1))[feature.codes])
            continue
        for number, codes in enumerate(feature.columns):
            columns[f"{name}#{number + 1}" if number else name] = _taken(feature.values, codes)
    return pa.table(columns)


def _hashes(table: TableInput) -> pa.Array:
    return pa.nulls(table.data.num_rows, pa.int64()) if table.hashes is None else table.hashes


def _taken(values: pa.Array, codes: Codes) -> pa.Array:
    return values.cast(pa.string()).take(pa.array(codes, mask=codes < 0))


def features_of(table: pa.Table) -> dict[str, Feature]:
    """The features of the table's rows, as they were before hubs were set aside."""
    columns: dict[str, list[pa.ChunkedArray]] = {}
    for name in table.column_names:
        if name not in (*KEYS, HASH, PROFILE, GIVEN, FAMILY):
            columns.setdefault(name.partition("#")[0], []).append(table.column(name))
    found = {name: _feature(name, parts) for name, parts in columns.items()}
    if GIVEN in table.column_names:
        (given, family), words = _encoded([table.column(GIVEN), table.column(FAMILY)])
        found[NAME] = name_feature(given, family, words.to_pylist())
    return found


def _feature(name: str, columns: Sequence[pa.ChunkedArray]) -> Feature:
    codes, values = _encoded(columns)
    return Feature(name, tuple(codes), values)


def _encoded(columns: Sequence[pa.ChunkedArray]) -> tuple[list[Codes], pa.Array]:
    """One dictionary for all columns."""
    every = pa.chunked_array([chunk for column in columns for chunk in column.chunks], pa.string())
    encoded = (
        every.combine_chunks().dictionary_encode() if len(every) else pa.array([], pa.string()).dictionary_encode()
    )
    codes = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int32)
    return np.split(codes, len(columns)), encoded.dictionary


def records_of(table: pa.Table, tables: Sequence[TableInput], features: dict[str, Feature] | None = None) -> Records:
    """Records that can be compared, though not merged: `tables` name them, in order of trust."""
    return Records(
        tables=tuple(tables),
        table_index=table_index(table, tables),
        record_ids=table.column("record_id").combine_chunks(),
        features=features_of(table) if features is None else features,
    )


def names_of(table: pa.Table) -> pa.Array:
    """As `keys.record_names` has them."""
    name = pc.binary_join_element_wise(table.column("source"), table.column("table"), ".")
    return pc.binary_join_element_wise(name, table.column("record_id"), SEPARATOR).combine_chunks()


def table_index(table: pa.Table, tables: Sequence[TableInput]) -> npt.NDArray[np.int16]:
    """Per row the place of its table among `tables`, −1 for another one."""
    names = pc.binary_join_element_wise(table.column("source"), table.column("table"), ".").combine_chunks()
    found = pc.index_in(names, value_set=pa.array([t.name for t in tables], pa.string()))
    places: npt.NDArray[np.int16] = pc.fill_null(found, -1).to_numpy(zero_copy_only=False).astype(np.int16)
    return places
