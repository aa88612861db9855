"""All source records as one numbered list with comparable features."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from profiles.unify.config.rules import Compared
from profiles.unify.reading import beside_names, generations, kana
from profiles.unify.reading.encode import COUNTRY, Column, encode, own_countries
from profiles.unify.reading.whole_addresses import STREET, as_compared
from profiles.unify.side_by_side import side_by_side
from profiles.unify.values.bags import Bags, without_repeats
from profiles.unify.values.names import Words, split_names
from profiles.unify.values.normalise import chain_of
from profiles.unify.values.readings import Reader, Readings
from profiles.unify.values.sets import numbered
from profiles.unify.values.stated import NOTHING, Stated

Codes = npt.NDArray[np.int32]
UNKNOWN = np.int32(-1)
NAME = "person.name"
KEY_SEPARATOR = "|"


@dataclass(frozen=True)
class TableInput:
    """One source table: `data` in any order, `key` columns, of which no two rows have the same values, and the semantic
    type of the columns that have one.

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
class StandIn:
    """A value as written that stands for "no value" (n/a, 1900-01-01), and the records that carry it."""

    value: str
    rows: npt.NDArray[np.int64] = field(compare=False)


@dataclass(frozen=True)
class Feature:
    """Values per record as codes into distinct normalised `values`; −1 is unknown.

    One array of codes per column, for tables that have several of one meaning (two e-mail addresses). A name also has
    `parts`: its given and its family name by number in `words`, aligned with `values`; −1 where there is none.
    `stand_ins`: what was found that stands for "no value".
    """

    name: str
    columns: tuple[Codes, ...]
    values: pa.Array
    parts: tuple[Codes, ...] = ()
    words: Words = field(default_factory=lambda: Words(()), compare=False)
    stand_ins: tuple[StandIn, ...] = ()

    @property
    def codes(self) -> Codes:
        """Of the first column."""
        return self.columns[0]

    @property
    def known(self) -> int:
        """Records with a value in the first column."""
        return int(np.count_nonzero(self.codes >= 0))

    @cached_property
    def bags(self) -> Bags:
        """The letters of each value."""
        return Bags(self.values)

    @cached_property
    def bags_of_words(self) -> Bags:
        """The letters of the different words of each value."""
        return Bags(without_repeats(self.values))

    @cached_property
    def counts(self) -> npt.NDArray[np.int64]:
        """Records per distinct value."""
        found = np.zeros(len(self.values) + 1, np.int64)  # the first one is of the unknown
        for codes in self.columns:
            found += np.bincount(codes + 1, minlength=len(found))
        return found[1:]


@dataclass(frozen=True)
class Hub:
    """A value that says nothing about a person and is treated as unknown. `people_names`: how many differently named
    people carry it, 0 where names are unknown. `reason`: `placeholder` (it stands for "no value"), `shared` (too many
    different people), `default_date` (far too many born on one day)."""

    attribute: str
    value: str
    records: int
    people_names: int
    reason: Literal["placeholder", "shared", "default_date"]


@dataclass(frozen=True)
class Records:
    """Records 0…n−1 in order of trust, then record id. A feature has several columns where a table has several.
    `readings`: how columns were read."""

    tables: tuple[TableInput, ...]
    table_index: npt.NDArray[np.int16]
    record_ids: pa.Array
    features: dict[str, Feature]
    hubs: tuple[Hub, ...] = field(default=())
    readings: Readings = field(default_factory=Readings)

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
    if pc.all(pc.less_equal(ids.slice(0, max(0, len(ids) - 1)), ids.slice(1))).as_py():
        return table, ids
    order = pc.sort_indices(ids)
    hashes = None if table.hashes is None else table.hashes.take(order)
    return replace(table, data=table.data.take(order), hashes=hashes), ids.take(order)


def read_records(
    tables: Sequence[TableInput],
    country: str,
    compared: Sequence[Compared] = (),
    on_step: Callable[[str], None] = lambda name: None,
    stated: Stated = NOTHING,
    readings: Readings | None = None,
) -> Records:
    """Normalises every column with a meaning, and what else rules compare. `stated`: aliases and the like. `readings`:
    how columns were read when all records were; None: these are all records."""
    ordered = [sort_by_key(table) for table in tables]
    tables = [table for table, _ids in ordered]
    reader = Reader(readings)
    given = _Given(_as_compared(tables, reader), country, stated, reader)
    meant = sorted({s for table in given.tables for s in table.semantics.values()})
    features = _features([*(Compared(semantic, semantic=semantic) for semantic in meant), *compared], given, on_step)
    features |= _names(features, sum(table.data.num_rows for table in tables))
    return Records(
        tables=tuple(tables),
        table_index=np.repeat(np.arange(len(tables), dtype=np.int16), [table.data.num_rows for table in tables]),
        record_ids=pa.concat_arrays([ids for _table, ids in ordered]) if ordered else pa.array([], pa.string()),
        features=features,
        readings=given.reader.readings,
    )


def _as_compared(tables: Sequence[TableInput], reader: Reader) -> list[TableInput]:
    names, found = [table.name for table in tables], []
    read = kana.with_readings([(table.data, table.semantics) for table in tables], names, reader.of(NAME))
    for table, (data, semantics) in zip(tables, read, strict=True):
        data, semantics = as_compared(data, semantics, table.name, reader.of(STREET))
        data, semantics = generations.as_compared(data, semantics, table.name, reader.of(NAME))
        data, semantics = beside_names.as_compared(data, semantics, table.name, reader.of(NAME))
        found.append(table if data is table.data else replace(table, data=data, semantics=semantics))
    return found


class _Given:
    """Tables in their order, and what is known of their values beforehand."""

    def __init__(self, tables: Sequence[TableInput], country: str, stated: Stated, reader: Reader) -> None:
        self.tables = tables
        self.country = country
        self.stated = stated
        self.reader = reader

    def column(self, table: TableInput, column: str) -> pa.Array:
        """As text, aliases replaced."""
        if not column:
            return pa.nulls(table.data.num_rows, pa.string())
        values = table.data.column(column).cast(pa.string()).combine_chunks()
        return self.stated.applied(values, table.semantics.get(column, ""), f"{table.name}.{column}")

    @cached_property
    def countries(self) -> list[pa.DictionaryArray]:
        """Per table the country of each record, two letters: of its own address, else the default one."""
        return [self._countries(table) for table in self.tables]

    def _countries(self, table: TableInput) -> pa.DictionaryArray:
        column = next((name for name, meaning in table.semantics.items() if meaning == COUNTRY), "")
        return own_countries(self.column(table, column), self.country)


def _features(wanted: Sequence[Compared], given: _Given, on_step: Callable[[str], None]) -> dict[str, Feature]:
    """By name. `on_step` is called here."""
    found = {}
    for one, feature in zip(wanted, side_by_side([partial(_feature, one, given) for one in wanted]), strict=True):
        if one.feature == one.semantic:
            on_step(one.semantic)
        found[one.feature] = feature
    return found


def _feature(wanted: Compared, given: _Given) -> Feature:
    """The column of this name, or all columns of this meaning: the first of each table, the second of each table, …"""
    tables = given.tables
    named = [_columns_of(table, wanted) for table in tables]
    wide = max([1, *map(len, named)])
    semantic = wanted.semantic or next((t.semantics[wanted.column] for t in tables if wanted.column in t.semantics), "")
    chain = chain_of(semantic, wanted.normalise)
    by_country = any(step.by_country for step in chain)
    columns = [
        Column(
            f"{table.name}.{name}" if name else "",
            given.column(table, name),
            given.countries[index] if by_country else None,
        )
        for n in range(wide)
        for index, table in enumerate(tables)
        for name in [named[index][n] if n < len(named[index]) else ""]
    ]
    trusted = given.stated.trusted(semantic, {column.name for column in columns})
    learner = given.stated.learner(semantic, given.reader.of(wanted.feature))
    found = encode(columns, chain, given.country, learner, trusted)
    size = len(found.codes) // wide
    return Feature(
        wanted.feature,
        tuple(np.split(found.codes, wide)),
        found.values,
        stand_ins=_stand_ins(found.written, found.stand_ins, found.numbers, size),
    )


def _columns_of(table: TableInput, wanted: Compared) -> list[str]:
    if wanted.column:
        return [wanted.column] if wanted.column in table.data.column_names else []
    return [column for column, meaning in table.semantics.items() if meaning == wanted.semantic]


def _stand_ins(values: pa.Array, chosen: pa.Array, written: npt.NDArray[np.int32], size: int) -> tuple[StandIn, ...]:
    numbers = np.flatnonzero(pc.fill_null(chosen, False).to_numpy(zero_copy_only=False))
    if not numbers.size:
        return ()
    wanted = np.zeros(len(values) + 1, bool)
    wanted[numbers] = True
    places = np.flatnonzero(wanted[written])
    codes = written[places]
    return tuple(StandIn(values[int(n)].as_py(), np.unique(places[codes == n] % size)) for n in numbers)


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
    lists = [part.cast(pa.string()) for part in (first.values, last.values, *split_names(full.values))]
    words = pa.concat_arrays(lists).unique().drop_null()
    words = words.take(pc.sort_indices(words))  # two names always stand in one order
    numbers = [pc.fill_null(pc.index_in(part, value_set=words), UNKNOWN).to_numpy() for part in lists]
    of_first, of_last, of_given, of_family = (np.append(part, UNKNOWN) for part in numbers)
    given = np.where(use_full, of_given[full.codes], of_first[first.codes])
    family = np.where(use_full, of_family[full.codes], of_last[last.codes])
    return {NAME: name_feature(given, family, words.to_pylist())}


def name_feature(given: Codes, family: Codes, words: Sequence[str]) -> Feature:
    """`given`, `family`: per record the number of a word, −1 where there is none. Equal names have one code."""
    key = np.int64(given + 1) << 32 | (family + 1)
    distinct, codes = numbered(key)
    parts = ((distinct >> 32) - 1).astype(np.int32), ((distinct & 0xFFFFFFFF) - 1).astype(np.int32)
    coded: Codes = np.where(key == 0, UNKNOWN, codes)
    texts = [pa.array([*words, ""], pa.string()).take(pa.array(np.where(part < 0, len(words), part))) for part in parts]
    values = pc.utf8_trim_whitespace(pc.binary_join_element_wise(*texts, " "))
    return Feature(NAME, (coded,), values, parts, Words(words))
