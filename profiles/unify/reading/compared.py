"""What was compared, as a table: one row per record with its normalised values, before hubs are set aside.

A later run need not normalise it again, and an analyst may look here for why two records are not alike.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from profiles.unify.reading.keys import SEPARATOR
from profiles.unify.reading.records import Codes, Feature, Records, TableInput, name_feature

NAME = "person.name"
GIVEN, FAMILY = "given name", "family name"
KEYS = ("source", "table", "record_id")
HASH, PROFILE = "row_hash", "profile_id"


def as_table(records: Records) -> pa.Table:
    """`source`, `table`, `record_id`, `row_hash` (null where rows have none), then one column of text per feature; the
    second of a feature is named `…#2`. Texts are numbers into dictionaries: one for all columns of a feature."""
    columns: dict[str, pa.Array] = {
        "source": _taken(pa.array([t.source for t in records.tables], pa.string()), records.table_index),
        "table": _taken(pa.array([t.table for t in records.tables], pa.string()), records.table_index),
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
            columns[f"{name}#{number + 1}" if number else name] = _taken(feature.values.cast(pa.string()), codes)
    return pa.table(columns)


def _hashes(table: TableInput) -> pa.Array:
    return pa.nulls(table.data.num_rows, pa.int64()) if table.hashes is None else table.hashes


def _taken(values: pa.Array, codes: Codes | npt.NDArray[np.int16]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32), mask=codes < 0), values)


def together(old: pa.Table, fresh: pa.Table) -> pa.Table:
    """The rows of both, with shared dictionaries: values of `old` keep their numbers."""
    columns: dict[str, pa.Array] = {}
    for names in _families(fresh.column_names).values():
        if not pa.types.is_dictionary(fresh.schema.field(names[0]).type):
            columns |= {n: pa.concat_arrays([*old.column(n).chunks, *fresh.column(n).chunks]) for n in names}
            continue
        (before, known), (now, values) = _encoded(old, names), _encoded(fresh, names)
        at = pc.index_in(known, value_set=values)  # the small side is hashed
        place = np.full(len(values) + 1, -1, np.int64)
        place[at.drop_null().to_numpy()] = np.flatnonzero(at.is_valid().to_numpy(zero_copy_only=False))
        new = np.flatnonzero(place[:-1] < 0)
        place[new] = len(known) + np.arange(len(new))
        every = pa.concat_arrays([known, values.take(pa.array(new))])
        for name, one, other in zip(names, before, now, strict=True):
            columns[name] = _taken(every, np.concatenate([one, place[other].astype(np.int32)]))
    return pa.table(columns).select(fresh.column_names)


def _families(names: Sequence[str]) -> dict[str, list[str]]:
    """Columns that share a dictionary, by their feature."""
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(NAME if name in (GIVEN, FAMILY) else name.partition("#")[0], []).append(name)
    return found


def _encoded(table: pa.Table, names: Sequence[str]) -> tuple[list[Codes], pa.Array]:
    """The codes of columns that share a dictionary, and that."""
    columns = [table.column(name) for name in names]
    if not pa.types.is_dictionary(columns[0].type):
        texts = pa.chunked_array([chunk for column in columns for chunk in column.chunks], pa.string())
        encoded = _whole(texts).dictionary_encode()
        return list(np.split(_codes(encoded), len(columns))), encoded.dictionary
    arrays = [_whole(column) for column in columns]
    return [_codes(array) for array in arrays], arrays[0].dictionary


def _whole(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _codes(encoded: pa.DictionaryArray) -> Codes:
    codes: Codes = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int32, copy=False)
    return codes


def features_of(table: pa.Table) -> dict[str, Feature]:
    """The features of the table's rows, as they were before hubs were set aside. Texts may be encoded or not."""
    found = {}
    for name, names in _families([n for n in table.column_names if n not in (*KEYS, HASH, PROFILE)]).items():
        codes, values = _encoded(table, names)
        if name == NAME:
            given, family = codes
            found[NAME] = name_feature(given, family, values.to_pylist())
        else:
            found[name] = Feature(name, tuple(codes), values)
    return found


def records_of(table: pa.Table, tables: Sequence[TableInput], features: dict[str, Feature] | None = None) -> Records:
    """Records that can be compared, though not merged: `tables` name them, in order of trust."""
    return Records(
        tables=tuple(tables),
        table_index=table_index(table, [t.name for t in tables]),
        record_ids=table.column("record_id").combine_chunks(),
        features=features_of(table) if features is None else features,
    )


def in_order(table: pa.Table, tables: Sequence[str]) -> pa.Table:
    """By trust in their tables, which `tables` names in order, then by key: as a run numbers records."""
    keys = pa.table({"table": table_index(table, tables), "id": table.column("record_id")})
    return table.take(pc.sort_indices(keys, [("table", "ascending"), ("id", "ascending")]))


def names_of(table: pa.Table) -> pa.Array:
    """As `keys.record_names` has them."""
    return pc.binary_join_element_wise(table_names(table), table.column("record_id"), SEPARATOR).combine_chunks()


def table_names(table: pa.Table) -> pa.ChunkedArray:
    """Per row its source and table."""
    source, name = (table.column(part).cast(pa.string()) for part in KEYS[:2])
    return pc.binary_join_element_wise(source, name, ".")


def table_index(table: pa.Table, tables: Sequence[str]) -> npt.NDArray[np.int16]:
    """Per row the place of its table among `tables`, −1 for another one."""
    ([source], sources), ([name], names) = (_encoded(table, [part]) for part in KEYS[:2])
    place = {known: number for number, known in enumerate(tables)}
    found = [[place.get(f"{one}.{other}", -1) for other in names.to_pylist()] for one in sources.to_pylist()]
    places: npt.NDArray[np.int16] = np.array(found, np.int16).reshape(len(sources), len(names))[source, name]
    return places
