"""Records of before and of now in one list: what a run of changes looks at."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from profiles.unify.pairs.grouping import Mask
from profiles.unify.reading import compared, hubs
from profiles.unify.reading.records import Feature, Records, TableInput

Index = npt.NDArray[np.int64]


class Stacked:
    """Records of before and of now in one list, with shared codes. A record that holds a value that has become a hub,
    or is none any more, counts as changed."""

    def __init__(
        self,
        old: pa.Table,
        fresh: pa.Table,
        gone: Mask,
        tables: Sequence[TableInput],
        crowded: Callable[[Records], dict[str, hubs.Codes]],
    ) -> None:
        self._compared = compared.together(old, fresh)
        plain = compared.records_from(self._compared, tables)
        features, count, size = plain.features, len(gone), plain.count
        self.rows = np.arange(size)
        before, now = self.rows < count, np.append(~gone, np.ones(size - count, bool))
        shared_ = replace(plain, features=hubs.needed(features))
        of_before, current = crowded(_only(shared_, before)), _only(shared_, now)
        of_now = crowded(current)
        told = hubs.without(current, of_now).hubs
        twice = np.flatnonzero(_holding(features, of_before, of_now) & before & now)
        self._old = count
        self.rows = np.append(self.rows, twice)
        self.before = np.append(before, np.zeros(len(twice), bool))
        self.now = np.append(now, np.ones(len(twice), bool))
        self.now[twice] = False
        whole = taken(plain, self.rows) if twice.size else plain
        features = dict(whole.features)
        versions = (of_before, ~self.now), (of_now, self.now)
        for name in {*of_before, *of_now}:
            parts = [(sets[name], rows) for sets, rows in versions if name in sets]
            features |= hubs.of_many(features[name], parts)
            for codes, rows in parts:
                features[name] = hubs.forgotten(features[name], codes, rows)
        self.records = replace(whole, features=features, hubs=told)

    def table_of(self, order: Index, records: Records) -> pa.Table:
        """These rows as they are compared; `records`: the same ones. What is the same with and without hubs is there
        once."""
        same = {
            id(codes): of_now
            for name, feature in self.records.features.items()
            for codes, of_now in zip(feature.columns, records.features[name].columns, strict=True)
        }
        return self._compared.rows(self.rows[order], same)

    def order(self) -> Index:
        """The rows of now, in the order of a full run: by table, then by id, as both versions are by themselves."""
        tables, ids = self.records.table_index, self.records.record_ids
        found = []
        for table in range(len(self.records.tables)):
            mine = np.flatnonzero(tables == table)
            old, new = mine[mine < self._old], mine[mine >= self._old]
            new = new[pc.sort_indices(ids.take(pa.array(new))).to_numpy()]
            place = pc.search_sorted(ids.take(pa.array(old)), ids.take(pa.array(new))).to_numpy()
            found.append(np.insert(old, place.astype(np.int64), new))
        order: Index = np.concatenate([np.array([], np.int64), *found])
        order = order[self.now[order]]
        return order


def _only(records: Records, rows: Mask) -> Records:
    """All other records know nothing."""
    features = {
        name: replace(feature, columns=tuple(np.where(rows, codes, np.int32(-1)) for codes in feature.columns))
        for name, feature in records.features.items()
    }
    return replace(records, features=features)


def taken(records: Records, rows: Index) -> Records:
    def of(feature: Feature) -> Feature:
        return replace(feature, columns=tuple(codes[rows] for codes in feature.columns))

    return replace(
        records,
        table_index=records.table_index[rows],
        record_ids=records.record_ids.take(pa.array(rows)),
        features={name: of(feature) for name, feature in records.features.items()},
    )


def _holding(features: dict[str, Feature], one: dict[str, Index], other: dict[str, Index]) -> Mask:
    """Records with a value that is a hub in one of both alone."""
    size = len(next(iter(features.values())).codes) if features else 0
    found = np.zeros(size, bool)
    for name in {*one, *other}:
        empty = np.array([], np.int64)
        differing = np.setxor1d(one.get(name, empty), other.get(name, empty))
        marked = np.zeros(len(features[name].values) + 1, bool)
        marked[differing] = True
        for codes in features[name].columns:
            found |= marked[codes]
    return found
