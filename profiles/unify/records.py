"""All source records as one numbered list with comparable features."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from profiles.unify.names import Words, split_names
from profiles.unify.normalise import normalise

Codes = npt.NDArray[np.int32]
UNKNOWN = np.int32(-1)
KEY_SEPARATOR = "|"


@dataclass(frozen=True)
class TableInput:
    """One source table: `data` in any order, `key` columns, and the semantic type of the columns that have one.

    `hashes`: a number per row that is another one when any value of the row is; for runs that look at changes alone."""

    source: str
    table: str
    key: tuple[str, ...]
    data: pa.Table
    semantics: dict[str, str]
    hashes: pa.Array | None = None

    @property
    def name(self) -> str:
        return f"{self.source}.{self.table}"


@dataclass(frozen=True)
class Feature:
    """Values per record as codes into distinct normalised `values`; −1 is unknown.

    One array of codes per column, for tables that have several of one meaning (two e-mail addresses). A name also has
    `parts`: its given and its family name by number in `words`, aligned with `values`; −1 where there is none.
    """

    name: str
    columns: tuple[Codes, ...]
    values: pa.Array
    parts: tuple[Codes, ...] = ()
    words: Words = field(default_factory=lambda: Words(()), compare=False)

    @property
    def codes(self) -> Codes:
        """Of the first column."""
        return self.columns[0]

    @property
    def known(self) -> int:
        """Records with a value in the first column."""
        return int(np.count_nonzero(self.codes >= 0))

    def counts(self) -> npt.NDArray[np.int64]:
        """Records per distinct value."""
        used = np.concatenate(self.columns)
        return np.bincount(used[used >= 0], minlength=len(self.values))


@dataclass(frozen=True)
class Hub:
    """A value that too many records carry to say anything about a person; `samples` of its spellings are not kept."""

    feature: str
    value: str
    records: int


@dataclass(frozen=True)
class Records:
    """Records 0…n−1 in order of trust, then record id. A feature has several columns where a table has several."""

    tables: tuple[TableInput, ...]
    table_index: npt.NDArray[np.int16]
    record_ids: pa.Array
    features: dict[str, Feature]
    hubs: tuple[Hub, ...] = field(default=())

    @property
    def count(self) -> int:
        return len(self.table_index)

    def offsets(self) -> list[int]:
        """Where each table begins."""
        sizes = [table.data.num_rows for table in self.tables]
        return [sum(sizes[:index]) for index in range(len(sizes))]


def record_key(data: pa.Table, key: Sequence[str]) -> pa.Array:
    """The key's text; several columns are joined by `|`."""
    columns = [pc.fill_null(data.column(name).cast(pa.string()), "").combine_chunks() for name in key]
    return columns[0] if len(columns) == 1 else pc.binary_join_element_wise(*columns, KEY_SEPARATOR)


def sort_by_key(table: TableInput) -> tuple[TableInput, pa.Array]:
    """The table in order of its record ids, so that nothing depends on the order in which rows arrived."""
    ids = record_key(table.data, table.key)
    order = pc.sort_indices(ids)
    hashes = None if table.hashes is None else table.hashes.take(order)
    return replace(table, data=table.data.take(order), hashes=hashes), ids.take(order)


def read_records(
    tables: Sequence[TableInput],
    country: str,
    columns: Sequence[str] = (),
    on_step: Callable[[str], None] = lambda name: None,
) -> Records:
    """Normalises every column with a meaning, and the plain `columns` that rules name."""
    ordered = [sort_by_key(table) for table in tables]
    tables = [table for table, _ids in ordered]
    features: dict[str, Feature] = {}
    for semantic in sorted({s for table in tables for s in table.semantics.values()}):
        on_step(semantic)
        features[semantic] = _feature(semantic, tables, country)
    for column in columns:
        chosen = [_column(table, column if column in table.data.column_names else None) for table in tables]
        meaning = next((t.semantics[column] for t in tables if column in t.semantics), "text")
        features[f"column:{column}"] = _encode(f"column:{column}", [chosen], meaning, country)
    features |= _names(features, sum(table.data.num_rows for table in tables))
    return Records(
        tables=tuple(tables),
        table_index=np.repeat(np.arange(len(tables), dtype=np.int16), [table.data.num_rows for table in tables]),
        record_ids=pa.concat_arrays([ids for _table, ids in ordered]) if ordered else pa.array([], pa.string()),
        features=features,
    )


def _feature(semantic: str, tables: Sequence[TableInput], country: str) -> Feature:
    """All columns of this meaning: the first of each table, the second of each table, …"""
    named = [[column for column, meaning in table.semantics.items() if meaning == semantic] for table in tables]
    wide = max(map(len, named))
    return _encode(
        semantic,
        [[_column(t, c[n] if n < len(c) else None) for t, c in zip(tables, named, strict=True)] for n in range(wide)],
        semantic,
        country,
    )


def _column(table: TableInput, column: str | None) -> pa.Array:
    if column is None:
        return pa.nulls(table.data.num_rows, pa.string())
    return table.data.column(column).cast(pa.string()).combine_chunks()


def _encode(name: str, columns: list[list[pa.Array]], semantic: str, country: str) -> Feature:
    """One dictionary for all columns, so that a value has one code wherever it stands."""
    raw = pa.chunked_array([part for column in columns for part in column], pa.string())
    encoded = raw.combine_chunks().dictionary_encode()
    normal = normalise(encoded.dictionary, semantic, country).dictionary_encode()
    lookup = np.append(pc.fill_null(normal.indices, -1).to_numpy(zero_copy_only=False), -1).astype(np.int32)
    codes = lookup[pc.fill_null(encoded.indices, len(lookup) - 1).to_numpy(zero_copy_only=False)]
    return Feature(name, tuple(np.split(codes, len(columns))), normal.dictionary)


def _names(features: dict[str, Feature], count: int) -> dict[str, Feature]:
    """`person.name`: given and family name together, from separate columns or from full names taken apart."""
    wanted = [
        features[name] for name in ("person.first_name", "person.last_name", "person.full_name") if name in features
    ]
    if not wanted:
        return {}
    pieces = {feature.name: feature for feature in wanted}
    blank = Feature("", (np.full(count, UNKNOWN, np.int32),), pa.array([], pa.string()))
    first, last = pieces.get("person.first_name", blank), pieces.get("person.last_name", blank)
    full = pieces.get("person.full_name", blank)
    use_full = (first.codes < 0) & (last.codes < 0) & (full.codes >= 0)
    key = np.where(use_full, np.int64(full.codes) << 1 | 1, (np.int64(first.codes + 1) << 32 | (last.codes + 1)) << 1)
    distinct, codes = np.unique(key, return_inverse=True)
    is_full = (distinct & 1) == 1
    given = np.where(is_full, -1, (distinct >> 33) - 1)
    family = np.where(is_full, -1, ((distinct >> 1) & 0xFFFFFFFF) - 1)
    split = split_names(full.values.take(pa.array(distinct[is_full] >> 1)))
    givens, families = _texts(first.values, given), _texts(last.values, family)
    for position, (one, other) in zip(np.flatnonzero(is_full), split, strict=True):
        givens[position], families[position] = one, other
    texts, numbers = np.unique(["", *givens, *families], return_inverse=True)
    of_given, of_family = np.split((numbers[1:] - 1).astype(np.int32), 2)  # the empty text is the first of all
    return {"person.name": name_feature(of_given[codes], of_family[codes], texts[1:].tolist())}


def name_feature(given: Codes, family: Codes, words: Sequence[str]) -> Feature:
    """`given`, `family`: per record the number of a word, −1 where there is none. Equal names have one code."""
    key = np.int64(given + 1) << 32 | (family + 1)
    distinct, codes = np.unique(key, return_inverse=True)
    parts = ((distinct >> 32) - 1).astype(np.int32), ((distinct & 0xFFFFFFFF) - 1).astype(np.int32)
    coded: Codes = np.where(key == 0, UNKNOWN, codes).astype(np.int32)
    texts = [pa.array([*words, ""], pa.string()).take(pa.array(np.where(part < 0, len(words), part))) for part in parts]
    values = pc.utf8_trim_whitespace(pc.binary_join_element_wise(*texts, " "))
    return Feature("person.name", (coded,), values, parts, Words(words))


def _texts(values: pa.Array, index: npt.NDArray[np.int64]) -> list[str]:
    padded = [*values.to_pylist(), ""]
    return [padded[position] for position in index]
