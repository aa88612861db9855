"""How many records have the same name and place, and parts of these: counted once, kept with what was learned."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from profiles.unify.reading.records import Codes
from profiles.unify.weighing.aspect import Index
from profiles.unify.weighing.aspects import Aspects, Known
from profiles.unify.weighing.name_aspects import NAME, NAMES

Keys = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
PARTS = ("address.postcode", "address.city")
SEPARATOR = "\x1f"
# What fewer records have in common is not kept: two are the pair that is asked about.
FEWEST = 3
LARGEST_KEY = 1 << 62
NOTHING = pa.table({"value": pa.array([], pa.string()), "records": pa.array([], pa.int64())})


@dataclass(frozen=True)
class Combination:
    """Values that records have together, counted where all of them and the place are known."""

    name: str
    columns: tuple[Known, ...]
    place: Codes


def combinations(aspects: Aspects) -> Iterator[tuple[str, list[Combination]]]:
    """Per part of an address: it alone, the family name alone, that with each of the other two, and all three."""
    given, family = (aspects.values(name) if NAME in aspects.records.features else None for name in NAMES)
    for part in PARTS:
        known = aspects.records.features.get(part)
        if known is None or given is None or family is None:
            continue
        place = Known(known.codes, known.values)
        chosen = ((place,), (family,), (family, given), (family, place), (family, place, given))
        yield part, [Combination(f"{part} {n}", columns, known.codes) for n, columns in enumerate(chosen)]


def counted(aspects: Aspects) -> tuple[dict[str, pa.Table], dict[str, int]]:
    """By name of each combination: columns `value`, `records`, of what several records have together; and how many
    records have any."""
    tables, totals = {}, {}
    for _part, found in combinations(aspects):
        for one in found:
            tables[one.name], totals[one.name] = _several(one)
    return tables, totals


def _several(one: Combination) -> tuple[pa.Table, int]:
    """Of values that few records have, no combination can be kept either: leaving them out keeps numbers small."""
    codes = [column.codes for column in one.columns]
    known = np.logical_and.reduce([each >= 0 for each in (*codes, one.place)])
    total, codes = int(np.count_nonzero(known)), [each[known] for each in codes]
    frequent = [np.bincount(each, minlength=len(c.texts)) >= FEWEST for each, c in zip(codes, one.columns, strict=True)]
    chosen = np.flatnonzero(np.logical_and.reduce([used[each] for each, used in zip(codes, frequent, strict=True)]))
    sizes = [int(np.count_nonzero(used)) for used in frequent]
    if prod(sizes) > LARGEST_KEY:
        chosen = chosen[:0]
    keys = _keys([_numbers(used)[each[chosen]] for each, used in zip(codes, frequent, strict=True)], sizes)
    keys.sort()
    starts = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])[: len(keys)])
    records = np.diff(np.append(starts, len(keys)))
    kept = records >= FEWEST
    keys, texts = keys[starts[kept]], list[pa.Array]()
    for used, column, size in zip(frequent[::-1], one.columns[::-1], sizes[::-1], strict=True):
        keys, number = np.divmod(keys, max(1, size))
        texts.insert(0, column.texts.cast(pa.string()).take(pa.array(np.flatnonzero(used)[number])))
    value = texts[0] if len(texts) == 1 else pc.binary_join_element_wise(*texts, SEPARATOR)
    return pa.table({"value": value, "records": pa.array(records[kept])}), total


def _numbers(chosen: Mask) -> Codes:
    """Of those chosen, counted from 0."""
    return np.cumsum(chosen, dtype=np.int32) - np.int32(1)


def _keys(codes: Sequence[npt.NDArray[np.integer]], sizes: Sequence[int]) -> Keys:
    found = np.zeros(len(codes[0]), np.int64)
    for each, size in zip(codes, sizes, strict=True):
        found = found * size + each
    return found


@dataclass(frozen=True)
class Parted:
    """What `counted` found of a combination: per column the texts that occur in it, by number; sorted `keys` made of
    these numbers, and the `records` of each."""

    texts: tuple[pa.Array, ...]
    keys: Keys
    records: npt.NDArray[np.int64]

    @property
    def sizes(self) -> list[int]:
        return [len(texts) for texts in self.texts]


def parted(table: pa.Table, columns: int) -> Parted:
    parts = pc.split_pattern(table.column("value"), SEPARATOR)
    encoded = [pc.list_element(parts, n).combine_chunks().dictionary_encode() for n in range(columns)]
    texts = tuple(column.dictionary for column in encoded)
    keys = _keys([column.indices.to_numpy() for column in encoded], [len(each) for each in texts])
    order = np.argsort(keys)
    return Parted(texts, keys[order], table.column("records").to_numpy()[order])


class Counted:
    """Of the records at hand, how many of all records have the same combination of values."""

    def __init__(self, one: Combination, found: Parted) -> None:
        self._keys, self._records, self._sizes = found.keys, found.records, found.sizes
        self._columns = []
        for column, texts in zip(one.columns, found.texts, strict=True):
            place = pc.fill_null(pc.index_in(column.texts.cast(pa.string()), value_set=texts), -1)
            self._columns.append((column.codes, np.append(place.to_numpy(), -1)))

    def of(self, records: Index) -> Numbers:
        """0 where fewer than `FEWEST` have it."""
        found = np.zeros(len(records))
        if not len(self._keys):
            return found
        codes = [place[column[records]] for column, place in self._columns]
        known = np.flatnonzero(np.logical_and.reduce([each >= 0 for each in codes]))
        keys = _keys([each[known] for each in codes], self._sizes)
        at = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        found[known] = np.where(self._keys[at] == keys, self._records[at], 0)
        return found
