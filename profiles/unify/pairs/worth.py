"""Which groups of records are worth comparing: those whose pairs have more in common than what put them there.

The more records there are, the more strangers share a name, a street or a birth date, and a group of one size holds
ever more of them. Records of one person agree in something else, too. So pairs are drawn from the groups of each size,
and what else they agree in is counted: that needs no weights, and says nearly as well how many are one person.
"""

from collections.abc import Sequence
from itertools import product

import numpy as np
import numpy.typing as npt

from profiles.unify.pairs.grouping import Groups, Keys, Mask
from profiles.unify.reading.records import Feature

SEED = 20_261_130
# So many pairs of each size of groups are drawn; fewer that can be compared say nothing.
DRAWN, FEWEST = 2_000, 50
# Of the pairs of groups that are worth it, one in five has something more in common: what is looked at stays in
# proportion to that, however many records there are.
WORTH = 0.2
# Of the records with a value at least so many share it, or it is the number of a record and tells nothing of others.
SHARED = 0.05


class Worth:
    """Of the groups of one key, asked with a size: whether enough pairs of groups of this size have something more in
    common; true where nothing can tell. `others`: what they can have in common besides."""

    def __init__(self, groups: Groups, others: Sequence[Feature]) -> None:
        self._groups, self._others = groups.in_order(), others
        begins = np.flatnonzero(np.diff(self._groups.keys, prepend=-1))
        self._begins, self._sizes = begins, self._groups.sizes[begins]

    def __call__(self, size: int) -> bool:
        left, right = self._drawn(size)
        known, alike = np.zeros(len(left), bool), np.zeros(len(left), bool)
        for feature in self._others:
            both, equal = _agree(feature, left, right)
            known |= both
            alike |= equal
        told = int(np.count_nonzero(known & (left != right)))
        return told < FEWEST or int(np.count_nonzero(alike & (left != right))) >= WORTH * told

    def _drawn(self, size: int) -> tuple[Keys, Keys]:
        begins = self._begins[self._sizes == size]
        if not len(begins):
            return begins, begins
        draw = np.random.default_rng(SEED)
        begins = begins[np.sort(draw.integers(0, len(begins), DRAWN))]
        one = draw.integers(0, size, DRAWN)
        other = (one + draw.integers(1, size, DRAWN)) % size
        return self._groups.rows[begins + one], self._groups.rows[begins + other]


def is_shared(feature: Feature) -> bool:
    """Whether several records have one value often enough that it can tell."""
    counts = feature.counts
    return bool(counts[counts > 1].sum() > SHARED * counts.sum())


def _agree(feature: Feature, left: Keys, right: Keys) -> tuple[Mask, Mask]:
    """In which pairs both have a value, and in which they have one in common."""
    known, equal = np.zeros(len(left), bool), np.zeros(len(left), bool)
    for one, other in product(feature.columns, repeat=2):
        mine, theirs = one[left], other[right]
        both: npt.NDArray[np.bool_] = np.minimum(mine, theirs) >= 0
        known |= both
        equal |= both & (mine == theirs)
    return known, equal
