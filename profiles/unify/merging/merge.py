"""From records and their profile ids to one row per person: of each attribute the value that its policy chooses."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from profiles.unify.config.policies import AttributePolicy, Choosing, GroupPolicy, MergeSettings
from profiles.unify.merging.attributes import LINE, Attribute, Plan, halves_of, plan, values_of
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
    nothing_chosen,
    people_of,
)  # fmt: skip
from profiles.unify.merging.provenance import Differing, differing, provenance
from profiles.unify.reading.records import Records
from profiles.unify.side_by_side import side_by_side
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
    people, attributes = work.people, work.plan.attributes
    found = {name: one for some in side_by_side(work.jobs()) for name, one in some.items()}
    columns = {"profile_id": people.ids, **{attribute.name: found[attribute.name].values for attribute in attributes}}
    if _says_both(work.plan):
        columns["full_name"] = _whole_name(columns)
    lists: dict[str, list[pa.Array]] = {}
    for attribute in attributes:
        if attribute.list_name:
            lists.setdefault(attribute.list_name, []).extend(found[attribute.name].candidates)
    lists |= {name: [ids] for name, ids in _ids(records).items()}
    collected = side_by_side([partial(_collected, people, values) for values in lists.values()])
    columns |= dict(zip(lists, collected, strict=True))
    columns["record_count"] = pa.array(people.records)
    columns["sources"] = _collected(people, [_source_names(records)])
    pieces = [found[attribute.name].differing for attribute in attributes]
    return Merged(pa.table(columns), provenance(records, people, attributes, pieces, changed_at), attributes)


@dataclass(frozen=True)
class _Found:
    """Of one attribute. `values`: one per person; `candidates`: those of the records, by column, where a list of them
    is wanted."""

    values: pa.Array
    candidates: list[pa.Array]
    differing: Differing


class _Work:
    """What the attributes of one merge share: orders of records, and halves of full names."""

    def __init__(self, records: Records, profile_ids: pa.Array, changed_at: pa.Array, planned: Plan) -> None:
        self.records, self.plan = records, planned
        self.people = people_of(profile_ids)
        self._orders = Orders(self.people, records, changed_at, self._known)
        self._halves = halves_of(records, planned.full) if planned.full else None

    def jobs(self) -> list[Callable[[], dict[str, _Found]]]:
        """Each merges one attribute, or a group of those that travel together."""
        jobs: list[Callable[[], dict[str, _Found]]] = []
        for attribute in self.plan.attributes:
            self._orders.of(attribute.policy)  # made before somebody waits for it
            if not attribute.group:
                jobs.append(partial(self._alone, attribute))
        for group in self.plan.groups:
            members = [attribute for attribute in self.plan.attributes if attribute.group == group.name]
            if members:
                jobs.insert(0, partial(self._together, group, members))  # the longest one
        return jobs

    def _alone(self, attribute: Attribute) -> dict[str, _Found]:
        values = self._values(attribute)
        chosen = choose(self.people, self._orders, attribute.policy, values)
        return {attribute.name: self._found(attribute, values, chosen)}

    def _together(self, group: GroupPolicy, members: Sequence[Attribute]) -> dict[str, _Found]:
        values = [self._values(attribute) for attribute in members]
        lead = next((n for n, attribute in enumerate(members) if attribute.semantic == LINE), None)
        chosen = choose_together(self.people, self._orders, group, values, lead)
        return {a.name: self._found(a, mine, chosen) for a, mine in zip(members, values, strict=True)}

    def _found(self, attribute: Attribute, values: list[pa.Array], chosen: Chosen) -> _Found:
        others = differing(self.people, self._orders.of(attribute.policy), values, chosen)
        return _Found(_take(values, chosen), values if attribute.list_name else [], others)

    def _values(self, attribute: Attribute) -> list[pa.Array]:
        return values_of(self.records, attribute, self._halves)

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
    index = chosen.slot * len(values[0]) + chosen.record
    return pa.concat_arrays(list(values)).take(pa.array(index, mask=nothing_chosen(values, chosen)))


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


def _ids(records: Records) -> dict[str, pa.Array]:
    """`<source>_<table>_ids`: the keys of each record, per table."""
    return {
        f"{table.source}_{table.table}_ids": pc.if_else(
            pa.array(records.table_index == index), records.record_ids, None
        )
        for index, table in enumerate(records.tables)
    }


def _source_names(records: Records) -> pa.Array:
    names = pa.array([table.name for table in records.tables], pa.string())
    return names.take(pa.array(records.table_index))
