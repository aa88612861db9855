"""Components, and groups that grow pair by pair while some must not meet."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from profiles.unify.reading.records import Codes

Labels = npt.NDArray[np.int32]
Enemies = dict[int, set[int]]


def components(count: int, left: Codes, right: Codes) -> Labels:
    """The smallest record number of each record's component."""
    from scipy.sparse import coo_matrix  # half a second that only a unification has to wait for
    from scipy.sparse.csgraph import connected_components

    graph = coo_matrix((np.ones(len(left), np.int8), (left, right)), shape=(count, count))
    _total, found = connected_components(graph, directed=False)
    smallest: Labels = np.empty(int(found.max(initial=-1)) + 1, np.int32)
    smallest[found[::-1]] = np.arange(count - 1, -1, -1, dtype=np.int32)  # the last one that is assigned stays
    labels: Labels = smallest[found]
    return labels


def neighbours(left: Codes, right: Codes) -> Enemies:
    found: Enemies = {}
    for one, other in zip(left.tolist(), right.tolist(), strict=True):
        make_enemies(found, one, other)
    return found


def make_enemies(enemies: Enemies, one: int, other: int) -> None:
    enemies.setdefault(one, set()).add(other)
    enemies.setdefault(other, set()).add(one)


class Groups:
    """Records that belong together so far; whoever was never named is alone. The smaller group moves to the larger."""

    def __init__(self) -> None:
        self._groups: dict[int, set[int]] = {}

    def of(self, record: int) -> set[int]:
        return self._groups.get(record) or {record}

    def together(self, one: int, other: int) -> bool:
        return other in self.of(one)

    def join(self, one: int, other: int, enemies: Enemies, largest: int | None = None) -> bool:
        """False, and nothing happens, where enemies would meet or the group would have more than `largest` members."""
        first, second = self.of(one), self.of(other)
        if other in first:
            return True
        if largest is not None and len(first) + len(second) > largest:
            return False
        small, large = sorted((first, second), key=len)
        if any(not enemies[member].isdisjoint(large) for member in small if member in enemies):
            return False
        large |= small
        for member in (*small, one, other):
            self._groups[member] = large
        return True

    def smallest(self, records: Iterable[int]) -> list[int]:
        """For each record the smallest one of its group."""
        groups = {id(group): group for group in self._groups.values()}
        least = {key: min(group) for key, group in groups.items()}
        return [least[id(self._groups[one])] if one in self._groups else one for one in records]
