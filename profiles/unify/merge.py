"""From records and their profile ids to one row per person: the first known value in order of trust."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from profiles.jsontext import as_type
from profiles.unify.attributes import Attribute, plan, values_of
from profiles.unify.records import Records

Index = npt.NDArray[np.int64]
LISTS = {"contact.email": "emails", "contact.phone": "phones"}


@dataclass(frozen=True)
class Merged:
    """`profiles`: one row per person, sorted by id. `provenance`: one row per person of several records, attribute and
    differing value, in the same order. `attributes`: what was merged, in the order of the columns."""

    profiles: pa.Table
    provenance: pa.Table
    attributes: tuple[Attribute, ...]


@dataclass(frozen=True)
class People:
    """Who owns which record. `ids`: sorted; `owner`: per record the position of its person in `ids`; `order`: the
    records sorted by person, then trust."""

    ids: list[str]
    owner: Index
    order: Index

    @property
    def count(self) -> int:
        return len(self.ids)


def people_of(profile_ids: pa.Array) -> People:
    encoded = profile_ids.dictionary_encode()
    rank = pc.sort_indices(encoded.dictionary).to_numpy()
    position = np.empty(len(rank), np.int64)
    position[rank] = np.arange(len(rank))
    owner = position[encoded.indices.to_numpy(zero_copy_only=False)]
    return People(encoded.dictionary.take(pa.array(rank)).to_pylist(), owner, np.argsort(owner, kind="stable"))


def merge(records: Records, profile_ids: pa.Array, changed_at: pa.Array) -> Merged:
    """`changed_at`: per record the time its values are of, null where unknown."""
    people = people_of(profile_ids)
    attributes = plan(records.tables)
    columns: dict[str, pa.Array] = {"profile_id": pa.array(people.ids, pa.string())}
    lists: dict[str, pa.Array] = {}
    pieces: list[_Piece] = []
    address = _address_record(records, people, attributes)
    for number, attribute in enumerate(attributes):
        values = values_of(records, attribute)
        chosen, column = _first_known(people, values) if not attribute.group else (address, np.zeros_like(address))
        columns[attribute.name] = _take(values, chosen, column)
        if attribute.semantic in LISTS:
            lists[LISTS[attribute.semantic]] = _collected(people, values)
        pieces.append(_differing(people, values, chosen, number))
    if {"full_name", "first_name", "last_name"} <= set(columns):
        columns["full_name"] = _whole_name(columns)
    columns |= lists | _ids(records, people)
    columns["record_count"] = pa.array(np.bincount(people.owner, minlength=people.count))
    columns["sources"] = _collected(people, [_source_names(records)])
    return Merged(pa.table(columns), _provenance(records, people, attributes, pieces, changed_at), tuple(attributes))


def _whole_name(columns: dict[str, pa.Array]) -> pa.Array:
    """The full name says what given and family name say, where both are known."""
    joined = pc.binary_join_element_wise(columns["first_name"], columns["last_name"], " ")
    return pc.coalesce(joined, columns["full_name"])


def _first_known(people: People, values: Sequence[pa.Array]) -> tuple[Index, Index]:
    """Per person the record (−1: none) and the column that hold the first known value."""
    record = np.full(people.count, -1, np.int64)
    column = np.zeros(people.count, np.int64)
    for number, array in enumerate(values):
        known = pc.is_valid(array).to_numpy(zero_copy_only=False)[people.order]
        rows = people.order[known]
        owners, first = np.unique(people.owner[rows], return_index=True)
        better = (record[owners] < 0) | (rows[first] < record[owners])
        record[owners[better]], column[owners[better]] = rows[first[better]], number
    return record, column


def _address_record(records: Records, people: People, attributes: Sequence[Attribute]) -> Index:
    """The first record with a street, else with any part of an address: its parts travel together."""
    street = np.full(people.count, -1, np.int64)
    whole = np.full(people.count, -1, np.int64)
    for attribute in attributes:
        if attribute.group:
            found, _column = _first_known(people, values_of(records, attribute)[:1])
            if attribute.semantic == "address.line":
                street = found
            earlier = (found >= 0) & ((whole < 0) | (found < whole))
            whole[earlier] = found[earlier]
    return np.where(street >= 0, street, whole)


def _take(values: Sequence[pa.Array], record: Index, column: Index) -> pa.Array:
    index = column * len(values[0]) + record
    return pa.concat_arrays(list(values)).take(pa.array(index, mask=record < 0))


def _collected(people: People, values: Sequence[pa.Array]) -> pa.Array:
    """All different values of each person, the most trusted first."""
    encoded = pa.concat_arrays(list(values)).dictionary_encode()
    codes = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64)
    record = np.tile(np.arange(len(values[0])), len(values))
    known = np.flatnonzero(codes >= 0)
    order = known[np.lexsort((known, record[known]))]
    keys, first = np.unique(
        people.owner[record[order]] * (len(encoded.dictionary) + 1) + codes[order], return_index=True
    )
    owners, position = keys // (len(encoded.dictionary) + 1), np.lexsort((first, keys // (len(encoded.dictionary) + 1)))
    offsets = np.concatenate([[0], np.cumsum(np.bincount(owners, minlength=people.count))])
    flat = encoded.dictionary.take(pa.array((keys % (len(encoded.dictionary) + 1))[position]))
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), flat)


def _ids(records: Records, people: People) -> dict[str, pa.Array]:
    """`<source>_<table>_ids`: the keys of a person's records, per table."""
    found = {}
    for index, table in enumerate(records.tables):
        mine = pc.if_else(pa.array(records.table_index == index), records.record_ids, None)
        found[f"{table.source}_{table.table}_ids"] = _collected(people, [mine])
    return found


def _source_names(records: Records) -> pa.Array:
    names = pa.array([table.name for table in records.tables], pa.string())
    return names.take(pa.array(records.table_index))


@dataclass(frozen=True)
class _Piece:
    """Differing values of one attribute: owner, first record, text, and whether it won."""

    attribute: int
    owner: Index
    record: Index
    text: pa.Array
    winner: npt.NDArray[np.bool_]


def _differing(people: People, values: Sequence[pa.Array], chosen: Index, attribute: int) -> _Piece:
    several = np.bincount(people.owner, minlength=people.count)[people.owner] > 1
    encoded = pa.concat_arrays([as_type(array, pa.string()) for array in values]).dictionary_encode()
    codes = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64)
    record = np.tile(np.arange(len(values[0])), len(values))
    rows = np.flatnonzero((codes >= 0) & several[record])
    rows = rows[np.argsort(record[rows], kind="stable")]
    owner = people.owner[record[rows]]
    _keys, first = np.unique(owner * (len(encoded.dictionary) + 1) + codes[rows], return_index=True)
    rows, owner = rows[first], owner[first]
    text = encoded.dictionary.take(pa.array(codes[rows]))
    return _Piece(attribute, owner, record[rows], text, record[rows] == chosen[owner])


def _provenance(
    records: Records, people: People, attributes: Sequence[Attribute], pieces: Sequence[_Piece], changed_at: pa.Array
) -> pa.Table:
    owner = np.concatenate([np.array([], np.int64), *(piece.owner for piece in pieces)])
    record = np.concatenate([np.array([], np.int64), *(piece.record for piece in pieces)])
    number = np.concatenate([np.array([], np.int64), *(np.full(len(p.owner), p.attribute) for p in pieces)])
    winner = np.concatenate([np.array([], bool), *(piece.winner for piece in pieces)])
    text = pa.concat_arrays([pa.array([], pa.string()), *(piece.text for piece in pieces)])
    order = np.lexsort((record, ~winner, number, owner))
    record, taken = pa.array(record[order]), pa.array(records.table_index).take(pa.array(record[order]))
    return pa.table(
        {
            "profile_id": pa.array(people.ids, pa.string()).take(pa.array(owner[order])),
            "attribute": pa.array([a.name for a in attributes], pa.string()).take(pa.array(number[order])),
            "value": text.take(pa.array(order)),
            "source": pa.array([t.source for t in records.tables], pa.string()).take(taken),
            "table": pa.array([t.table for t in records.tables], pa.string()).take(taken),
            "record_id": records.record_ids.take(record),
            "value_at": changed_at.take(record),
            "is_winner": pa.array(winner[order]),
        }
    )
