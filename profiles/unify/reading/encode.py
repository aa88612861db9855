"""Columns as codes into distinct normalised values, each read in its own context: its column, its record's country."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import phonenumbers
import pyarrow as pa
import pyarrow.compute as pc

from profiles.unify.normalisers.registry import Learner, Normaliser
from profiles.unify.values.normalise import Context, normalise, normalised

Codes = npt.NDArray[np.int32]
COUNTRY = "address.country"


@dataclass(frozen=True)
class Column:
    """`name`: `source.table.column`, "" for nulls in place of one. `countries`: of each record, where they count."""

    name: str
    values: pa.Array
    countries: pa.DictionaryArray | None = None


@dataclass(frozen=True)
class Encoded:
    """`codes`: per row of all columns its number in `values`, −1 for unknown. `numbers`: likewise in what was
    `written`, one after the last for null; `stand_ins`: which of these stand for "no value"."""

    codes: Codes
    values: pa.Array
    numbers: Codes
    written: pa.Array
    stand_ins: pa.Array


def encode(
    columns: Sequence[Column], chain: Sequence[Normaliser], country: str, learner: Learner, trusted: Sequence[str] = ()
) -> Encoded:
    """One dictionary for all columns, so that a value has one code wherever it stands."""
    contexts: dict[Context, list[tuple[Codes | slice, pa.Array]]] = {}
    for context, places, values in _pieces(columns, chain, country):
        contexts.setdefault(context, []).append((places, values))
    encoded = [_dictionary([values for _places, values in pieces]) for pieces in contexts.values()]
    parts = [(array.dictionary, context) for array, context in zip(encoded, contexts, strict=True)]
    found = normalised(parts, chain, learner, trusted)
    numbers = np.empty(sum(len(column.values) for column in columns), np.int32)
    size, start = sum(len(array.dictionary) for array in encoded), 0
    for array, pieces in zip(encoded, contexts.values(), strict=True):
        _put(numbers, pieces, pc.fill_null(pc.add(array.indices, start), size).to_numpy(zero_copy_only=False))
        start += len(array.dictionary)
    normal = _dictionary([one.values for one in found])
    lookup = np.append(pc.fill_null(normal.indices, -1).to_numpy(zero_copy_only=False), -1).astype(np.int32)
    return Encoded(
        lookup[numbers],
        normal.dictionary,
        numbers,
        _together([array.dictionary for array in encoded], pa.string()),
        pc.fill_null(_together([one.stand_ins for one in found], pa.bool_()), False),
    )


def _pieces(
    columns: Sequence[Column], chain: Sequence[Normaliser], country: str
) -> Iterator[tuple[Context, Codes | slice, pa.Array]]:
    """Rows that are read alike: their places among all rows, and their values."""
    per_column = any(step.learning and step.learning.per_column for step in chain)
    start = 0
    for column in columns:
        name, size = column.name if per_column else "", len(column.values)
        if column.countries is None:
            yield Context(country, name), slice(start, start + size), column.values
        else:
            codes = column.countries.indices.to_numpy().astype(np.int16)
            order = np.argsort(codes, kind="stable").astype(np.int32)
            ends = np.searchsorted(codes[order], np.arange(1, len(column.countries.dictionary)))
            for own, rows in zip(column.countries.dictionary.to_pylist(), np.split(order, ends), strict=True):
                if len(rows):
                    alone = len(rows) == size
                    yield Context(own, name), rows + start, column.values if alone else column.values.take(rows)
        start += size


def _put(numbers: Codes, pieces: Sequence[tuple[Codes | slice, pa.Array]], found: Codes) -> None:
    start = 0
    for places, values in pieces:
        numbers[places] = found[start : start + len(values)]
        start += len(values)


def _together(arrays: Sequence[pa.Array], kind: pa.DataType) -> pa.Array:
    return pa.chunked_array(arrays, kind).combine_chunks()


def _dictionary(arrays: Sequence[pa.Array]) -> pa.DictionaryArray:
    return _together(arrays, pa.string()).dictionary_encode()


def own_countries(values: pa.Array, default: str) -> pa.DictionaryArray:
    """Two letters of each row's country as it is written, in whatever way; the default where it names none."""
    encoded = values.dictionary_encode()
    named = pc.utf8_upper(normalise(encoded.dictionary, COUNTRY))
    known = pc.is_in(named, value_set=pa.array(sorted(phonenumbers.SUPPORTED_REGIONS)))
    plain = pa.concat_arrays([pc.if_else(known, named, default), pa.array([default])]).dictionary_encode()
    rows = pc.fill_null(encoded.indices, len(encoded.dictionary))
    return pa.DictionaryArray.from_arrays(plain.indices.take(rows), plain.dictionary)
