"""Some of the records alone, so that what is made of every value is made of few."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from profiles.unify.reading.records import Codes, Feature, Records, TableInput, sort_by_key
from profiles.unify.values.names import Words

Index = npt.NDArray[np.int64]


def part_of(records: Records, rows: Index) -> Records:
    """The records `rows`, in ascending order, with no other values than theirs: all of them are as alike as before."""
    return Records(
        tables=records.tables,
        table_index=records.table_index[rows],
        record_ids=records.record_ids.take(pa.array(rows)),
        features={name: _of(feature, rows) for name, feature in records.features.items()},
        readings=records.readings,
    )


def with_rows(part: Records, tables: Sequence[TableInput]) -> Records:
    """The same records, with the rows that they were read from: `tables` has these alone, in any order."""
    ordered, ids = zip(*map(sort_by_key, tables), strict=True)
    if not pa.concat_arrays(ids).equals(part.record_ids):
        raise ValueError("Other rows than those of these records.")
    return replace(part, tables=ordered)


def _of(feature: Feature, rows: Index) -> Feature:
    columns = [codes[rows] for codes in feature.columns]
    used, place = _used(columns, len(feature.values))
    parts = [part[used] for part in feature.parts]
    words, of_words = _used(parts, len(feature.words.texts))
    return Feature(
        feature.name,
        tuple(place[codes] for codes in columns),
        feature.values.take(pa.array(used)),
        tuple(of_words[part] for part in parts),
        Words([feature.words.texts[number] for number in words.tolist()]),
    )


def _used(columns: list[Codes], size: int) -> tuple[Index, Codes]:
    """The numbers that occur, and per number its place among these, −1 for the last one, which is that of unknown."""
    marked = np.zeros(size + 1, bool)
    for codes in columns:
        marked[codes] = True
    used = np.flatnonzero(marked[:-1])
    place: Codes = np.full(size + 1, -1, np.int32)
    place[used] = np.arange(len(used), dtype=np.int32)
    return used, place
