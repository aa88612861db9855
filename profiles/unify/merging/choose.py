"""Whose value wins: the records of each person in the order of a policy, and the first that knows something."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from profiles.unify.config.policies import Choosing
from profiles.unify.reading.records import Records
from profiles.unify.values.jsontext import as_type
from profiles.unify.values.normalise import folded

Index = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
LATEST = np.iinfo(np.int64).max


@dataclass(frozen=True)
class People:
    """Who owns which record. `ids`: sorted; `owner`: per record the position of its person in `ids`; `order`: the
    records sorted by person, then trust; `owners`: their people."""

    ids: pa.Array
    owner: Index
    order: Index
    owners: Index

    @property
    def count(self) -> int:
        return len(self.ids)

    @cached_property
    def records(self) -> Index:
        """How many each person has."""
        return np.bincount(self.owner, minlength=self.count)

    @cached_property
    def has_several(self) -> Mask:
        """Per record whether its person has others."""
        found: Mask = self.records[self.owner] > 1
        return found


@dataclass(frozen=True)
class Chosen:
    """Per person the record (−1: none) and which of its columns (the first: 0) a value comes from."""

    record: Index
    slot: Index


def nothing_chosen(values: Sequence[pa.Array], chosen: Chosen) -> Mask:
    """Who gets none of these columns: of a group, a record may know this attribute in fewer columns."""
    nothing: Mask = (chosen.record < 0) | (chosen.slot >= len(values))
    return nothing


def people_of(profile_ids: pa.Array) -> People:
    encoded = profile_ids.dictionary_encode()
    rank = pc.sort_indices(encoded.dictionary).to_numpy()
    position = np.empty(len(rank), np.int64)
    position[rank] = np.arange(len(rank))
    owner = position[encoded.indices.to_numpy(zero_copy_only=False)]
    order = np.argsort(owner, kind="stable")
    return People(encoded.dictionary.take(pa.array(rank)).cast(pa.string()), owner, order, owner[order])


class Orders:
    """The records sorted by person, then by a policy that looks at whole records; each order is made once.

    `known`: how many values each record knows, asked only where a policy needs it.
    """

    def __init__(self, people: People, records: Records, changed_at: pa.Array, known: Callable[[], Index]) -> None:
        self.people = people
        self._tables = [table.name for table in records.tables]
        self._table_index = records.table_index
        self._changed_at = changed_at
        self._known = known
        self._made: dict[tuple[str, tuple[str, ...]], Index] = {("trust", ()): people.order}

    def of(self, choosing: Choosing) -> Index:
        """Policies that look at values follow the order of trust where values are equal."""
        policy = choosing.policy if choosing.policy in ("recent", "oldest", "complete") else "trust"
        wanted = (policy, tuple(name for name in choosing.trust if name in self._tables))
        if wanted not in self._made:
            self._made[wanted] = self._sorted(*wanted)
        return self._made[wanted]

    def _sorted(self, policy: str, trust: tuple[str, ...]) -> Index:
        first = [self._tables.index(name) for name in trust]
        usual = [number for number in range(len(self._tables)) if number not in first]
        rank = np.empty(len(self._tables), np.int64)
        rank[[*first, *usual]] = np.arange(len(self._tables))
        keys = [rank[self._table_index], self.people.owner]
        if policy != "trust":
            keys.insert(1, self._late(policy))
        order: Index = np.lexsort(keys)
        return order

    def _late(self, policy: str) -> Index:
        """The record with the smallest number wins; one without a time comes after those that have one."""
        if policy == "complete":
            return -self._known()
        times = pc.fill_null(self._changed_at.cast(pa.int64()), 0).to_numpy(zero_copy_only=False)
        unknown = pc.is_null(self._changed_at).to_numpy(zero_copy_only=False)
        return np.where(unknown, LATEST, times if policy == "oldest" else -times)


def first_known(people: People, order: Index, known: Sequence[Mask]) -> Chosen:
    """The first record in this order that knows something; of one record, the first column that does."""
    nobody = len(order)
    place = np.full(people.count, nobody, np.int64)
    slot = np.zeros(people.count, np.int64)
    for number, mask in enumerate(known):
        at = np.flatnonzero(mask[order])
        owners = people.owners[at]
        first = starts(owners)
        owners, at = owners[first], at[first]
        better = at < place[owners]
        place[owners[better]], slot[owners[better]] = at[better], number
    record = np.append(order, -1)[place]
    return Chosen(record, slot)


def starts(numbers: Index) -> Index:
    """Where each run of equal numbers begins."""
    return np.flatnonzero(np.append(True, numbers[1:] != numbers[:-1])[: len(numbers)])


def highest(people: People, order: Index, known: Sequence[Mask], score: Callable[[Index, Index], Index]) -> Chosen:
    """What has the highest score; of equals, the first in this order. `score(records, slots)` is of known values."""
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    slots = np.concatenate([np.full(int(mask.sum()), n, np.int64) for n, mask in enumerate(known)])
    records = np.concatenate([np.flatnonzero(mask) for mask in known])
    by = np.lexsort((slots, rank[records], -score(records, slots), people.owner[records]))
    records, slots = records[by], slots[by]
    owners = people.owner[records]
    first = starts(owners)
    chosen = Chosen(np.full(people.count, -1, np.int64), np.zeros(people.count, np.int64))
    chosen.record[owners[first]], chosen.slot[owners[first]] = records[first], slots[first]
    return chosen


def frequency(people: People, codes: Sequence[Index]) -> Callable[[Index, Index], Index]:
    """How often a person has the value. `codes`: per column and record."""
    table = np.stack(codes)
    most = int(table.max(initial=0)) + 1

    def score(records: Index, slots: Index) -> Index:
        keys = people.owner[records] * most + table[slots, records]
        _keys, back, counts = np.unique(keys, return_inverse=True, return_counts=True)
        found: Index = counts[back]
        return found

    return score


def alike(values: Sequence[pa.Array]) -> list[Index]:
    """A number per value, the same for texts that differ in case, accents and spaces alone; −1 for null."""
    encoded = pa.concat_arrays([as_type(array, pa.string()) for array in values]).dictionary_encode()
    same = np.unique(np.array([*folded(encoded.dictionary).to_pylist(), ""]), return_inverse=True)[1]
    codes = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False)
    return np.split(np.where(codes >= 0, same[codes], -1), len(values))


def lengths(values: Sequence[pa.Array]) -> list[Index]:
    """Characters of each value, 0 for null."""
    return [
        pc.fill_null(pc.utf8_length(as_type(array, pa.string())), 0).to_numpy(zero_copy_only=False).astype(np.int64)
        for array in values
    ]


def known_masks(values: Sequence[pa.Array]) -> list[Mask]:
    return [pc.is_valid(array).to_numpy(zero_copy_only=False) for array in values]
