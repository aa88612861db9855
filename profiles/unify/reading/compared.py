"""What was compared, as a table: one row per record with its normalised values, before hubs are set aside.

A later run need not normalise it again, and an analyst may look here for why two records are not alike.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

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
TEXTS_OF_ROWS = ("record_id", PROFILE)  # hardly ever the same twice


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
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32, copy=False), mask=codes < 0), values)


@dataclass(frozen=True)
class Coded:
    """The columns that share a dictionary: per row a number into `values`, −1 where nothing is known."""

    columns: dict[str, Codes]
    values: pa.Array

    def and_then(self, fresh: "Coded") -> "Coded":
        """With the rows of another one after its own; its values keep their numbers."""
        at = pc.index_in(self.values, value_set=fresh.values)  # the small side is hashed
        place = np.full(len(fresh.values) + 1, -1, np.int32)
        place[at.drop_null().to_numpy()] = np.flatnonzero(at.is_valid().to_numpy(zero_copy_only=False))
        new = np.flatnonzero(place[:-1] < 0)
        place[new] = len(self.values) + np.arange(len(new))
        columns = {name: np.concatenate([own, place[fresh.columns[name]]]) for name, own in self.columns.items()}
        return Coded(columns, pa.concat_arrays([self.values, fresh.values.take(pa.array(new))]))

    def feature(self, name: str) -> Feature:
        if name == NAME:
            return name_feature(self.columns[GIVEN], self.columns[FAMILY], self.values.to_pylist())
        return Feature(name, tuple(self.columns.values()), self.values)


@dataclass(frozen=True)
class Compared:
    """The table as numbers, for who looks at all of it. `names`: its columns in order; `coded`: those of text, by
    feature; `others`: all else."""

    names: list[str]
    coded: dict[str, Coded]
    others: dict[str, pa.Array]

    @property
    def count(self) -> int:
        return len(next(iter(self.others.values())))

    def features(self) -> dict[str, Feature]:
        """As they were before hubs were set aside."""
        return {name: coded.feature(name) for name, coded in self.coded.items() if name not in KEYS}

    def rows(self, chosen: npt.NDArray[np.int64], at_hand: Mapping[int, Codes] = MappingProxyType({})) -> pa.Table:
        """`at_hand`: the chosen rows of some columns of numbers, by the identity of these."""
        columns = {name: column.take(pa.array(chosen)) for name, column in self.others.items()}
        for coded in self.coded.values():
            for name, codes in coded.columns.items():
                found = at_hand.get(id(codes))
                columns[name] = _taken(coded.values, codes[chosen] if found is None else found)
        return pa.table(columns).select(self.names)


def read(table: pa.Table) -> Compared:
    """Texts may be encoded or not."""
    coded: dict[str, Coded] = {}
    others: dict[str, pa.Array] = {}
    for family, names in _families(table.column_names).items():
        if family in TEXTS_OF_ROWS or not _is_text(table.schema.field(names[0]).type):
            others |= {name: _whole(table.column(name)) for name in names}
        else:
            codes, values = _encoded(table, names)
            coded[family] = Coded(dict(zip(names, codes, strict=True)), values)
    return Compared(table.column_names, coded, others)


def _is_text(given: pa.DataType) -> bool:
    return bool(pa.types.is_dictionary(given) or pa.types.is_string(given))


def together(old: pa.Table, fresh: pa.Table) -> Compared:
    """The rows of both, with shared dictionaries: values of `old` keep their numbers. Columns are those of `fresh`."""
    before, now = read(old.select(fresh.column_names)), read(fresh)
    return Compared(
        now.names,
        {name: coded.and_then(now.coded[name]) for name, coded in before.coded.items()},
        {name: pa.concat_arrays([column, now.others[name]]) for name, column in before.others.items()},
    )


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
    """Where `as_table` made the array, −1 stands below what is null: then nothing is copied."""
    numbers = encoded.indices
    if numbers.type == pa.int32() and numbers.null_count:
        written = np.frombuffer(numbers.buffers()[1], np.int32, len(numbers), 4 * numbers.offset)
        if np.count_nonzero(written < 0) == numbers.null_count:  # what is not null is no negative number
            return written
    codes: Codes = pc.fill_null(numbers, -1).to_numpy(zero_copy_only=False).astype(np.int32, copy=False)
    return codes


def records_of(table: pa.Table, tables: Sequence[TableInput]) -> Records:
    """Records that can be compared, though not merged: `tables` name them, in order of trust."""
    return records_from(read(table), tables)


def records_from(found: Compared, tables: Sequence[TableInput]) -> Records:
    return Records(
        tables=tuple(tables),
        table_index=_places(found.coded["source"], found.coded["table"], [t.name for t in tables]),
        record_ids=found.others["record_id"],
        features=found.features(),
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
    coded = read(table.select(KEYS)).coded
    return _places(coded["source"], coded["table"], tables)


def _places(source: Coded, table: Coded, tables: Sequence[str]) -> npt.NDArray[np.int16]:
    place = {known: number for number, known in enumerate(tables)}
    sources, names = source.values.to_pylist(), table.values.to_pylist()
    found = [[place.get(f"{one}.{other}", -1) for other in names] for one in sources]
    chosen = source.columns["source"], table.columns["table"]
    places: npt.NDArray[np.int16] = np.array(found, np.int16).reshape(len(sources), len(names))[chosen]
    return places
