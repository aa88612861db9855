"""Groups of records that share values, and the pairs inside them.

Where only some records are of interest, `touched`, most that share a group with none of them are left out beforehand:
a test by hashes, which a few others pass too. Groups with a touched record are whole, the rest may not be.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

from profiles.unify.reading.records import Codes, Feature
from profiles.unify.values.sets import coded

Keys = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Marks = npt.NDArray[np.uint32]
# Of records, the number of a coarser value by which large groups are divided; −1 where it is unknown.
Finer = Callable[[Keys], Codes]
# So many bits say which groups are touched: of a hundred thousand, one row in forty is looked at in vain.
MARK_BITS = 22
MIX = np.uint32(0x9E3779B1)
# Of a number that is not below 0.
BITS = 63


class Touched:
    """The records of interest."""

    def __init__(self, records: Mask) -> None:
        self.records = records
        self._sharing: dict[str, Mask] = {}

    def sharing(self, feature: Feature) -> Mask:
        """Records with a value that a touched one has too. Features with one name are the same."""
        if feature.name not in self._sharing:
            self._sharing[feature.name] = self._with_values_of(feature)
        return self._sharing[feature.name]

    def _with_values_of(self, feature: Feature) -> Mask:
        marked = np.zeros(len(feature.values) + 1, bool)  # the last one is of the unknown
        for codes in feature.columns:
            marked[codes.compress(self.records)] = True
        marked[-1] = False
        found: Mask = marked.take(feature.codes)
        for codes in feature.columns[1:]:
            found |= marked.take(codes)
        return found


@dataclass(frozen=True)
class Groups:
    """One entry per record and combination of its values: `rows` are records, `keys` numbers of groups, `sizes` how
    many entries its group has. `is_sorted`: by group, then record; else in no order."""

    rows: Keys
    keys: Keys
    sizes: Keys
    is_sorted: bool = True

    def where(self, chosen: Mask) -> "Groups":
        at = np.flatnonzero(chosen)
        return Groups(self.rows[at], self.keys[at], self.sizes[at], self.is_sorted)

    def in_order(self) -> "Groups":
        """Of whole groups."""
        return self if self.is_sorted else _sized(self.rows, self.keys)

    def pairs(self, count: int) -> Keys:
        """All pairs inside each group, as left × count + right; some may be there twice. Groups must be whole."""
        whole, found = self.in_order(), []
        rows, keys, sizes = whole.rows, whole.keys, whole.sizes
        starts = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])[: len(rows)])
        first = np.arange(len(rows))
        left_over = np.repeat(np.append(starts, len(rows))[1:], sizes[starts]) - first
        for step in range(1, int(sizes.max(initial=0))):
            first = first.compress(left_over[first] > step)
            left, right = rows[first], rows[first + step]
            found.append((left * count + right).compress(left != right))
        return np.concatenate(found) if found else np.array([], np.int64)

    def divided(self, finer: Finer, touched: Touched | None = None) -> "Groups":
        """Smaller groups, by another value of each record; unknown values are in none."""
        sub = finer(self.rows)
        known = sub >= 0
        if touched is not None:
            known &= _reachable([_Marked(_marks(self.keys, sub), known)], touched.records[self.rows])
        at = np.flatnonzero(known)
        width = int(sub.max(initial=0)) + 1
        return _sized(self.rows[at], self.keys[at] * width + sub[at])

    def all_sizes(self) -> Keys:
        """One entry per group."""
        found = np.bincount(self.keys) if len(self.keys) else self.keys
        return found[found > 0]


def groups(features: Sequence[Feature], count: int, touched: Touched | None = None) -> Groups:
    """Records by the combination of all features; with several columns of a feature, in the group of each value."""
    rows = np.arange(count, dtype=np.int64) if touched is None else sharing(features, touched)
    rows, keys = _combined(rows, features)
    if len(features) > 1:
        return _sized(rows, keys)
    return Groups(rows, keys, np.bincount(keys)[keys] if len(keys) else keys, is_sorted=False)


def sharing(features: Sequence[Feature], touched: Touched) -> Keys:
    """The records that are in a group with a touched one, themselves among them; of several features, a few others."""
    hopeful = touched.sharing(features[0])
    for feature in features[1:]:
        hopeful = hopeful & touched.sharing(feature)
    rows = np.flatnonzero(hopeful)
    return rows if len(features) == 1 else rows[_reachable(_combinations(features, rows), touched.records[rows])]


def within(rows: Keys, keys: Keys, count: int) -> Keys:
    """All pairs inside each group, as left × count + right."""
    return _sized(rows, keys).pairs(count)


def _sized(rows: Keys, keys: Keys) -> Groups:
    """By one sort of both together: a hash table of all groups outgrows the processor's cache, and takes the longer per
    record the more records there are."""
    if not len(rows):
        return Groups(rows, keys, keys)
    bits = int(rows.max()).bit_length()
    if int(keys.max()).bit_length() + bits > BITS:
        keys = _dense(keys)
    packed = keys << bits | rows
    packed.sort()
    rows, keys = packed & (1 << bits) - 1, packed >> bits
    begins = np.append(True, keys[1:] != keys[:-1])
    sizes = np.diff(np.flatnonzero(begins), append=len(rows))
    numbers = np.cumsum(begins) - 1  # `repeat` takes several times as long
    return Groups(rows, numbers, sizes[numbers])


def _dense(keys: Keys) -> Keys:
    return coded(keys)[1].astype(np.int64)


def _combined(rows: Keys, features: Sequence[Feature]) -> tuple[Keys, Keys]:
    keys = np.zeros(len(rows), np.int64)
    for feature in features:
        parts = []
        if int(keys.max(initial=0)).bit_length() + len(feature.values).bit_length() >= BITS:
            keys = _dense(keys)
        for codes in feature.columns:
            found = codes[rows]
            known = np.flatnonzero(found >= 0)
            combined = keys[known]
            combined *= len(feature.values) + 1
            combined += found[known]
            parts.append((rows[known], combined))
        rows, keys = parts[0] if len(parts) == 1 else map(np.concatenate, zip(*parts, strict=True))
    return rows, keys


@dataclass(frozen=True)
class _Marked:
    """Per record a number that all of its group have, and some others; `known`: who is in a group at all."""

    marks: Marks
    known: Mask


def _combinations(features: Sequence[Feature], rows: Keys) -> list[_Marked]:
    """Per way to choose a column of each feature."""
    chosen = product(*([codes[rows] for codes in feature.columns] for feature in features))
    return [_Marked(_marks(*columns), np.bitwise_or.reduce(columns) >= 0) for columns in chosen]


def _marks(*columns: Codes | Keys) -> Marks:
    found = np.zeros(len(columns[0]), np.uint32)
    for codes in columns:
        found += codes.astype(np.uint32)
        found *= MIX
        found ^= found >> np.uint32(15)
    marks: Marks = found >> np.uint32(32 - MARK_BITS)
    return marks


def _reachable(ways: Sequence[_Marked], touched: Mask) -> Mask:
    """Records with a mark that a touched one has too."""
    wanted = np.zeros(1 << MARK_BITS, bool)
    for way in ways:
        wanted[way.marks[touched & way.known]] = True
    found: Mask = np.logical_or.reduce([way.known & wanted.take(way.marks) for way in ways])
    return found
