"""From records and their profile ids to one row per person: of each attribute the value that its policy chooses."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from profiles.unify.config.policies import AttributePolicy, Choosing, GroupPolicy, MergeSettings
from profiles.unify.merging.attributes import LINE, Attribute, Halves, Plan, halves_of, plan, values_of
from profiles.unify.merging.choose import (
    Chosen,
    Index,
    Mask,
    Orders,
    People,
    alike,
    first_known,
    frequency,
    highest,
    known_masks,
    lengths,
    people_of,
)  # fmt: skip
from profiles.unify.reading.records import Records
from profiles.unify.values.jsontext import as_type
from profiles.unify.values.written_names import whole_name

USUAL = MergeSettings()


@dataclass(frozen=True)
class Merged:
    """`profiles`: one row per person, sorted by id. `provenance`: one row per person of several records, attribute and
    differing value, in the same order. `attributes`: what was merged, in the order of the columns."""

    profiles: pa.Table
    provenance: pa.Table
    attributes: tuple[Attribute, ...]


def merge(records: Records, profile_ids: pa.Array, changed_at: pa.Array, settings: MergeSettings = USUAL) -> Merged:
    """`changed_at`: per record the time its values are of, null where unknown."""
    work = _Work(records, profile_ids, changed_at, plan(records.tables, settings))
    people = work.people
    columns: dict[str, pa.Array] = {"profile_id": pa.array(people.ids, pa.string())}
    lists: dict[str, list[pa.Array]] = {}
    pieces: list[_Piece] = []
    for number, attribute in enumerate(work.plan.attributes):
        values = work.values(attribute)
        found = work.choose(attribute, values)
        columns[attribute.name] = _take(values, found)
        if attribute.list_name:
            lists.setdefault(attribute.list_name, []).extend(values)
        order = work.orders.of(attribute.policy)
        pieces.append(_differing(people, order, values, found, number))
    if _says_both(work.plan):
        columns["full_name"] = _whole_name(columns)
    columns |= {name: _collected(people, values) for name, values in lists.items()}
    columns |= _ids(records, people)
    columns["record_count"] = pa.array(np.bincount(people.owner, minlength=people.count))
    columns["sources"] = _collected(people, [_source_names(records)])
    provenance = _provenance(records, people, work.plan.attributes, pieces, changed_at)
    return Merged(pa.table(columns), provenance, work.plan.attributes)


class _Work:
    """What the attributes of one merge share: orders of records, and the choices of groups."""

    def __init__(self, records: Records, profile_ids: pa.Array, changed_at: pa.Array, planned: Plan) -> None:
        self.records, self.plan = records, planned
        self.people = people_of(profile_ids)
        self.orders = Orders(self.people, records, changed_at, self._known)
        self._groups: dict[str, Chosen] = {}
        self._kept: dict[str, list[pa.Array]] = {}

    def values(self, attribute: Attribute) -> list[pa.Array]:
        """Those of groups are made once for the choice and once more taken from it."""
        kept = self._kept.pop(attribute.name, None)
        return kept if kept is not None else self._values(attribute)

    def _values(self, attribute: Attribute) -> list[pa.Array]:
        return values_of(self.records, attribute, None if self.plan.full is None else lambda: self._halves)

    @cached_property
    def _halves(self) -> Halves:
        assert self.plan.full is not None
        return halves_of(self.records, self.plan.full)

    def choose(self, attribute: Attribute, values: Sequence[pa.Array]) -> Chosen:
        if not attribute.group:
            return choose(self.people, self.orders, attribute.policy, values)
        if attribute.group not in self._groups:
            group = next(group for group in self.plan.groups if group.name == attribute.group)
            members = [other for other in self.plan.attributes if other.group == group.name]
            mine = {attribute.name: list(values)}
            self._kept |= {other.name: self.values(other) for other in members if other is not attribute}
            self._groups[group.name] = choose_together(
                self.people,
                self.orders,
                group,
                [mine.get(other.name) or self._kept[other.name] for other in members],
                next((n for n, other in enumerate(members) if other.semantic == LINE), None),
            )
        return self._groups[attribute.group]

    def _known(self) -> Index:
        """How many attributes each record knows."""
        total = np.zeros(self.records.count, np.int64)
        for attribute in self.plan.attributes:
            total += np.logical_or.reduce(known_masks(self._values(attribute)))
        return total


def choose(people: People, orders: Orders, policy: AttributePolicy, values: Sequence[pa.Array]) -> Chosen:
    """Where the value of one attribute comes from."""
    order, known = orders.of(policy), known_masks(values)
    if policy.policy == "frequent":
        return highest(people, order, known, frequency(people, alike(values)))
    if policy.policy == "longest":
        table = np.stack(lengths(values))
        return highest(people, order, known, lambda records, slots: table[slots, records])
    return first_known(people, order, known)


def choose_together(
    people: People, orders: Orders, group: GroupPolicy, members: Sequence[Sequence[pa.Array]], lead: int | None
) -> Chosen:
    """Where a group comes from: a record that knows any of it. An address with a street (`lead`) goes before one
    without, where the order of records decides."""
    whole_record = group.policy in ("recent", "oldest")
    order, wide = orders.of(group if whole_record else Choosing(trust=group.trust)), max(map(len, members))
    nothing = np.zeros(len(members[0][0]), bool)
    masks = np.stack(  # of each member, column and record
        [np.stack([*known_masks(values), *[nothing] * (wide - len(values))]) for values in members]
    )
    count = masks.sum(axis=0)
    known: list[Mask] = list(count > 0)
    if group.policy == "complete":
        return highest(people, order, known, lambda records, slots: count[slots, records])
    if group.policy == "longest":
        parts = [_padded(lengths(values), wide) for values in members]
        total = np.sum(parts, axis=0)
        return highest(people, order, known, lambda records, slots: total[slots, records])
    if group.policy == "frequent":
        return highest(people, order, known, frequency(people, _combined(members, wide)))
    found = first_known(people, order, known)
    if lead is None:
        return found
    best = first_known(people, order, list(masks[lead]))
    has = best.record >= 0
    return Chosen(np.where(has, best.record, found.record), np.where(has, best.slot, found.slot))


def _padded(columns: Sequence[Index], wide: int) -> npt.NDArray[np.int64]:
    return np.stack([*columns, *[np.zeros_like(columns[0])] * (wide - len(columns))])


def _combined(members: Sequence[Sequence[pa.Array]], wide: int) -> list[Index]:
    """A number per combination of values, for each column and record."""
    keys = np.zeros(wide * len(members[0][0]), np.int64)
    for values in members:
        codes = [code + 1 for code in alike(values)]
        flat = _padded(codes, wide).ravel()
        keys = np.unique(keys * (int(flat.max(initial=0)) + 1) + flat, return_inverse=True)[1].astype(np.int64)
    return np.split(keys, wide)


def _says_both(planned: Plan) -> bool:
    """The full name says what given and family name say, unless it has a policy of its own."""
    policies = {attribute.name: attribute.policy for attribute in planned.attributes}
    usual = AttributePolicy(attribute="full_name")
    return {"first_name", "last_name"} <= set(policies) and _silent(policies.get("full_name")) == usual


def _silent(policy: AttributePolicy | None) -> AttributePolicy | None:
    """Without what does not choose a value."""
    return policy and policy.model_copy(update={"label": "", "collect": None})


def _whole_name(columns: dict[str, pa.Array]) -> pa.Array:
    given, family = columns["first_name"], columns["last_name"]
    both = pc.and_(pc.is_valid(given), pc.is_valid(family))
    return pc.coalesce(pc.if_else(both, whole_name(given, family), None), columns["full_name"])


def _take(values: Sequence[pa.Array], chosen: Chosen) -> pa.Array:
    """Of a group, a record may know this attribute in fewer columns."""
    index = chosen.slot * len(values[0]) + chosen.record
    return pa.concat_arrays(list(values)).take(pa.array(index, mask=_nothing(values, chosen)))


def _nothing(values: Sequence[pa.Array], chosen: Chosen) -> Mask:
    nothing: Mask = (chosen.record < 0) | (chosen.slot >= len(values))
    return nothing


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
    """Differing values of one attribute: owner, record, text, and whether it won."""

    attribute: int
    owner: Index
    record: Index
    text: pa.Array
    winner: Mask


def _differing(people: People, order: Index, values: Sequence[pa.Array], chosen: Chosen, attribute: int) -> _Piece:
    """Each value once, from the chosen record or the first in this order."""
    several = np.bincount(people.owner, minlength=people.count)[people.owner] > 1
    encoded = pa.concat_arrays([as_type(array, pa.string()) for array in values]).dictionary_encode()
    codes = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64)
    width, size = len(encoded.dictionary) + 1, len(values[0])
    order = order[several[order]]
    rows = (np.arange(len(values)) * size + order[:, None]).ravel()  # by person, policy, column
    rows = rows[codes[rows] >= 0]
    owner = people.owner[rows % size]
    _keys, first = np.unique(owner * width + codes[rows], return_index=True)
    rows, owner = rows[first], owner[first]
    at = np.where(_nothing(values, chosen), 0, chosen.slot * size + chosen.record)
    won = np.where(_nothing(values, chosen), -1, codes[at])
    winner = codes[rows] == won[owner]
    text = encoded.dictionary.take(pa.array(codes[rows]))
    return _Piece(attribute, owner, np.where(winner, chosen.record[owner], rows % size), text, winner)


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
