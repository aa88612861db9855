"""Groups of records that share values, and the pairs inside them.

Where only some records are of interest, `touched`, rows that cannot share a group with any of them are left out
beforehand, by a cheap test that lets a few too many pass.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

from profiles.unify.records import Codes, Feature
from profiles.unify.sets import coded

Keys = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Hashes = npt.NDArray[np.uint64]
# So many bits say which groups are touched: of a hundred thousand, one row in forty is let through by mistake.
MARK_BITS = 22
MIX = np.uint64(0x9E3779B97F4A7C15)
RECORD_BITS = 32


@dataclass(frozen=True)
class Groups:
    """One entry per record and combination of its values: `rows` are records, `keys` numbers of groups, `sizes` how
    many entries its group has."""

    rows: Keys
    keys: Keys
    sizes: Keys

    def where(self, chosen: Mask) -> "Groups":
        return Groups(self.rows[chosen], self.keys[chosen], self.sizes[chosen])

    def pairs(self, count: int) -> Keys:
        """All pairs inside each group, as left × count + right; some may be there twice."""
        several = self.sizes > 1
        return within(self.rows[several], self.keys[several], count)

    def divided(self, codes: Codes, touched: Mask | None = None) -> "Groups":
        """Smaller groups, by another value of each record; unknown values are in none."""
        sub = codes[self.rows]
        known = sub >= 0
        if touched is not None:
            known &= _reachable([_hashed(self.keys, sub)], touched[self.rows])
        rows, sub = self.rows[known], sub[known]
        width = int(codes.max(initial=0)) + 1
        return _sized(rows, _dense(self.keys[known] * width + sub))

    def all_sizes(self) -> Keys:
        """One entry per group."""
        found = np.bincount(self.keys) if len(self.keys) else self.keys
        return found[found > 0]


def groups(features: Sequence[Feature], count: int, touched: Mask | None = None) -> Groups:
    """Records by the combination of all features; with several columns of a feature, in the group of each value."""
    if touched is None:
        rows = np.arange(count, dtype=np.int64)
    else:
        rows = np.flatnonzero(_reachable(list(_combinations(features)), touched))
    return _sized(*_combined(rows, features))


def within(rows: Keys, keys: Keys, count: int) -> Keys:
    """All pairs inside each group, as left × count + right; `keys` are dense."""
    packed = np.sort(keys << RECORD_BITS | rows)
    rows, keys = packed & (1 << RECORD_BITS) - 1, packed >> RECORD_BITS
    found = []
    for step in range(1, len(rows)):
        same = np.flatnonzero(keys[step:] == keys[:-step])
        if not same.size:
            break
        left, right = rows[same], rows[same + step]
        found.append((left * count + right)[left != right])
    return np.concatenate(found) if found else np.array([], np.int64)


def _sized(rows: Keys, keys: Keys) -> Groups:
    return Groups(rows, keys, np.bincount(keys)[keys] if len(keys) else keys)


def _dense(keys: Keys) -> Keys:
    return coded(keys)[1].astype(np.int64)


def _combined(rows: Keys, features: Sequence[Feature]) -> tuple[Keys, Keys]:
    keys = np.zeros(len(rows), np.int64)
    for place, feature in enumerate(features):
        parts = []
        for codes in feature.columns:
            known = codes[rows] >= 0
            parts.append((rows[known], keys[known] * (len(feature.values) + 1) + codes[rows[known]]))
        rows, keys = np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts])
        keys = _dense(keys) if place else keys
    return rows, keys


def _combinations(features: Sequence[Feature]) -> Iterator[Hashes]:
    """Per way to choose a column of each feature, a hash of every record's values, 0 where one is unknown."""
    for columns in product(*(feature.columns for feature in features)):
        found = _hashed(*columns)
        for codes in columns:
            found[codes < 0] = 0
        yield found


def _hashed(*columns: Codes | Keys) -> Hashes:
    found = np.ones(len(columns[0]), np.uint64)
    for codes in columns:
        found = (found ^ codes.astype(np.uint64)) * MIX
        found ^= found >> np.uint64(29)
    hashes: Hashes = found | np.uint64(1)
    return hashes


def _reachable(hashes: Sequence[Hashes], touched: Mask) -> Mask:
    """Records with a hash that a touched record has too, or (seldom) one like it."""
    marks = np.zeros(1 << MARK_BITS, bool)
    for each in hashes:
        mine = each[touched]
        marks[mine[mine > 0] >> np.uint64(64 - MARK_BITS)] = True
    reached = np.zeros(len(touched), bool)
    for each in hashes:
        reached |= (each > 0) & marks[each >> np.uint64(64 - MARK_BITS)]
    return reached
