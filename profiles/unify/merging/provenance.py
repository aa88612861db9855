"""Where the values of people come from: each that differs, of whom several records speak."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from profiles.unify.merging.attributes import Attribute
from profiles.unify.merging.choose import Chosen, Index, Mask, People, nothing_chosen
from profiles.unify.reading.records import Records
from profiles.unify.side_by_side import side_by_side
from profiles.unify.values.jsontext import as_type


@dataclass(frozen=True)
class Differing:
    """Differing values of one attribute, by person, the winner first, then by record."""

    owner: Index
    record: Index
    text: pa.Array
    winner: Mask


def differing(people: People, order: Index, values: Sequence[pa.Array], chosen: Chosen) -> Differing:
    """Each value once, from the chosen record or the first in this order of all records."""
    encoded = pa.concat_arrays([as_type(array, pa.string()) for array in values]).dictionary_encode()
    codes = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64)
    width, size = len(encoded.dictionary) + 1, len(values[0])
    order = order[people.has_several[order]]
    rows = (np.arange(len(values)) * size + order[:, None]).ravel()  # by person, policy, column
    rows = rows[codes[rows] >= 0]
    owner = people.owner[rows % size]
    _keys, first = np.unique(owner * width + codes[rows], return_index=True)
    rows, owner = rows[first], owner[first]
    nothing = nothing_chosen(values, chosen)
    won = np.where(nothing, -1, codes[np.where(nothing, 0, chosen.slot * size + chosen.record)])
    winner = codes[rows] == won[owner]
    record = np.where(winner, chosen.record[owner], rows % size)
    by = np.argsort((owner * 2 + ~winner) * size + record, kind="stable")
    text = encoded.dictionary.take(pa.array(codes[rows[by]]))
    return Differing(owner[by], record[by], text, winner[by])


def provenance(
    records: Records, people: People, attributes: Sequence[Attribute], pieces: Sequence[Differing], changed_at: pa.Array
) -> pa.Table:
    """`pieces`: of each attribute. One row per person, attribute and value; in this order, the winner first."""
    owner = np.concatenate([np.array([], np.int64), *(piece.owner for piece in pieces)])
    record = np.concatenate([np.array([], np.int64), *(piece.record for piece in pieces)])
    number = np.repeat(np.arange(len(pieces)), [len(piece.owner) for piece in pieces])
    winner = np.concatenate([np.array([], bool), *(piece.winner for piece in pieces)])
    text = pa.chunked_array([piece.text for piece in pieces], pa.string())
    order = np.argsort(owner * len(pieces) + number, kind="stable")  # runs in order merge quickly
    rows, of_record = pa.array(order), pa.array(record[order])
    table = pa.array(records.table_index).take(of_record)
    columns = {
        "profile_id": partial(people.ids.take, pa.array(owner[order])),
        "attribute": partial(_texts([a.name for a in attributes]).take, pa.array(number[order])),
        "value": partial(text.take, rows),
        "source": partial(_texts([t.source for t in records.tables]).take, table),
        "table": partial(_texts([t.table for t in records.tables]).take, table),
        "record_id": partial(records.record_ids.take, of_record),
        "value_at": partial(changed_at.take, of_record),
        "is_winner": partial(pa.array, winner[order]),
    }
    return pa.table(dict(zip(columns, side_by_side(list(columns.values())), strict=True)))


def _texts(values: list[str]) -> pa.Array:
    return pa.array(values, pa.string())
