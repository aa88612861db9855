"""Two ways to divide the same records into people, beside each other."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from profiles.unify.matching.cluster import inner_pairs
from profiles.unify.matching.graph import components
from profiles.unify.reading.records import Codes

Index = npt.NDArray[np.int64]
SAME, JOINED, SPLIT, RESHUFFLED = "same", "joined", "split", "reshuffled"
KINDS = (SAME, JOINED, SPLIT, RESHUFFLED)
# Sizes of people that are counted together begin at these.
SIZES = (1, 2, 3, 4, 5, 10, 20)


@dataclass(frozen=True)
class Partitions:
    """One row per two people, one `before` and one `after`, who share records: their numbers, how many `records`, and
    the `case`. A case is the smallest set of people, before and after, who exchange records with nobody else; `kinds`
    are numbers in KINDS, by case:

    * same: one person stays one person;
    * joined: several people become one;
    * split: one person becomes several;
    * reshuffled: several become several others.
    """

    before: Index
    after: Index
    records: Index
    case: Index
    kinds: Index

    def count(self, kind: str) -> dict[str, int]:
        """`cases` of a kind, with their people `before` and `after` and their `records`."""
        rows = self.kinds[self.case] == KINDS.index(kind)
        return {
            "cases": len(np.unique(self.case[rows])),
            "before": len(np.unique(self.before[rows])),
            "after": len(np.unique(self.after[rows])),
            "records": int(self.records[rows].sum()),
        }

    @property
    def pairs(self) -> dict[str, int]:
        """Pairs of records that are one person in both (`kept`), only after (`gained`), only before (`lost`)."""
        kept = _pairs(self.records)
        sides = [_pairs(np.bincount(side, weights=self.records).astype(np.int64)) for side in (self.before, self.after)]
        return {"kept": kept, "gained": sides[1] - kept, "lost": sides[0] - kept}


def _pairs(sizes: Index) -> int:
    return int((sizes * (sizes - 1) // 2).sum())


def beside(before: Index, after: Index) -> Partitions:
    """The person of every record, as numbers from 0 on. Cost: a sort, whatever the people."""
    width = int(after.max(initial=-1)) + 1
    shared, records = np.unique(before.astype(np.int64) * max(width, 1) + after, return_counts=True)
    one, other = shared // max(width, 1), shared % max(width, 1)
    people = int(before.max(initial=-1)) + 1
    labels = components(people + width, one.astype(np.int32), (people + other).astype(np.int32))
    _labels, case = np.unique(labels[one], return_inverse=True)
    several = [_people(case, side) > 1 for side in (one, other)]
    kinds = np.select([several[0] & several[1], several[1], several[0]], [3, 2, 1], 0).astype(np.int64)
    return Partitions(one, other, records.astype(np.int64), case.astype(np.int64), kinds)


def _people(case: Index, side: Index) -> Index:
    """Different people per case, on one side. A person is in one case alone."""
    people, first = np.unique(side, return_index=True)
    return np.bincount(case[first], minlength=int(case.max(initial=-1)) + 1) if len(people) else np.array([], np.int64)


@dataclass(frozen=True)
class Pairs:
    """Pairs of record numbers, `left` below `right`."""

    left: Codes
    right: Codes

    def __len__(self) -> int:
        return len(self.left)

    def only(self, chosen: npt.NDArray[np.bool_] | Index) -> "Pairs":
        return Pairs(self.left[chosen], self.right[chosen])


def pairs_between(before: Index, after: Index, rows: Index) -> dict[str, Pairs]:
    """`kept`, `gained` and `lost` pairs; `rows`: the record numbers that both sides are about. Of people of more
    records than `cluster.LARGEST_CHECKED` there are none."""
    of_after, of_before = _inner(after, rows), _inner(before, rows)
    places = np.full(int(rows.max(initial=-1)) + 1, 0, np.int64)
    places[rows] = np.arange(len(rows))
    stayed = before[places[of_after.left]] == before[places[of_after.right]]
    left = after[places[of_before.left]] != after[places[of_before.right]]
    return {"kept": of_after.only(stayed), "gained": of_after.only(~stayed), "lost": of_before.only(left)}


def _inner(people: Index, rows: Index) -> Pairs:
    _people, labels = np.unique(people, return_inverse=True)  # below the number of records
    left, right = (rows[side] for side in inner_pairs(labels.astype(np.int32)))
    return Pairs(np.minimum(left, right).astype(np.int32), np.maximum(left, right).astype(np.int32))


def sizes(people: Index) -> list[int]:
    """How many people have a number of records from each of SIZES on, up to the next. Numbers without records do not
    count."""
    records = np.bincount(people) if len(people) else np.array([], np.int64)
    places = np.searchsorted(np.array(SIZES), records[records > 0], side="right") - 1
    return [int(count) for count in np.bincount(places, minlength=len(SIZES))]
