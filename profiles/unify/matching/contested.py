"""Records without a name that are tied to two people alike: an address that a couple has, a telephone of a family. It
is one of them, and nothing tells which: so it is neither's."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from profiles.unify.matching.graph import Labels
from profiles.unify.matching.match import Matches
from profiles.unify.reading.records import Codes, Records
from profiles.unify.values.sets import contained, distinct
from profiles.unify.weighing.aspects import nameless
from profiles.unify.weighing.evidence import Evidence

Numbers = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
# Who has so much of all that ties a record to people has it.
MOSTLY = 0.7


@dataclass(frozen=True)
class Claims:
    """Links between records that are nobody's and those with a name who claim them alike. `odds`: natural logarithm, of
    the evidence of the two alone. `group`: a number that all links of records have in common which hold the
    same, as all sign-ups with one address. `pairs`: of all links by which they are nobody's, also those among
    themselves, as sorted left × records + right."""

    record: Rows
    other: Rows
    odds: Numbers
    group: Rows
    pairs: Rows


def no_claims() -> Claims:
    none = np.array([], np.int64)
    return Claims(none, none, np.array([], np.float64), none, none)


@dataclass(frozen=True)
class Contested:
    """All links of records without a name that two enemies claim. `kind`: by which identifier, 0 for others; `claim`:
    whether enemies have links by the same one; `named`: whether the other one has a name."""

    record: Rows
    other: Rows
    odds: Numbers
    kind: Rows
    claim: npt.NDArray[np.bool_]
    named: npt.NDArray[np.bool_]

    def enemies(self, sides: Labels) -> tuple[Codes, Codes, Claims]:
        """Links as pairs that must not meet, and those of them by which a record is nobody's. `sides`: who else is one
        person. A record is of the side that has nearly all of what ties it; else it is of nobody by an identifier that
        is claimed."""
        keys, of_link = np.unique(self.record * len(sides) + sides[self.other], return_inverse=True)
        owner, highest = keys // len(sides), np.full(len(sides), -np.inf)
        np.maximum.at(highest, self.record, self.odds)
        of_side = np.bincount(of_link, np.exp(self.odds - highest[self.record]), len(keys))
        total, most = np.bincount(owner, of_side, len(sides)), np.zeros(len(sides))
        np.maximum.at(most, owner, of_side)
        best = (of_side == most[owner]) & (most >= MOSTLY * total)[owner]
        settled = np.zeros(len(sides), bool)
        settled[owner[best]] = True
        claimed = np.unique(self._ways[self.claim])
        apart = np.where(settled[self.record], self.claim & ~best[of_link], np.isin(self._ways, claimed))
        claims = self._claims(apart & ~settled[self.record], len(sides))
        return self.record[apart].astype(np.int32), self.other[apart].astype(np.int32), claims

    def _claims(self, unsettled: npt.NDArray[np.bool_], count: int) -> Claims:
        record, other = self.record[unsettled], self.other[unsettled]
        pairs = distinct(np.minimum(record, other) * count + np.maximum(record, other))
        rows = np.flatnonzero(unsettled & self.named)
        record, other = self.record[rows], self.other[rows]
        group = np.full(count, np.iinfo(np.int64).max)
        np.minimum.at(group, record, self.kind[rows] * count + other)  # whoever has it first stands for what they have
        _groups, number = np.unique(group[record], return_inverse=True)
        return Claims(record, other, self.odds[rows], number, pairs)

    @property
    def _ways(self) -> Rows:
        return self.record * (int(self.kind.max(initial=0)) + 1) + self.kind


def contested(
    records: Records, matches: Matches, evidence: Evidence, enemy_left: Codes, enemy_right: Codes
) -> Contested | None:
    """None where nobody is."""
    without = nameless(records)
    if without is None or not len(enemy_left):
        return None
    ends = [(matches.left, matches.right), (matches.right, matches.left)]
    mine = [np.flatnonzero(without[one]) for one, _other in ends]
    record, other = (np.concatenate([end[n][rows] for end, rows in zip(ends, mine, strict=True)]) for n in (0, 1))
    order = np.lexsort((other, record))
    record, other = record[order].astype(np.int64), other[order].astype(np.int64)
    met = _met(record, other, enemy_left, enemy_right, records.count)
    asked = np.zeros(records.count, bool)
    asked[record[met.ravel()]] = True
    here = np.flatnonzero(asked[record])
    kind = np.zeros(len(record), np.int64)
    kind[here] = evidence.aspects.shared_identifier(record[here], other[here])
    met = met[(kind[met[:, 0]] == kind[met[:, 1]]) & (kind[met[:, 0]] > 0)]
    if not len(met):
        return None
    claim = np.zeros(len(record), bool)
    claim[met.ravel()] = True
    asked[:] = False
    asked[record[claim]] = True
    here = np.flatnonzero(asked[record])
    record, other = record[here], other[here]
    low, high = np.minimum(record, other).astype(np.int32), np.maximum(record, other).astype(np.int32)
    return Contested(record, other, evidence.weigh(low, high), kind[here], claim[here], ~without[other])


def _met(record: Rows, other: Rows, left: Codes, right: Codes, count: int) -> npt.NDArray[np.int64]:
    """Pairs of links of one record that lead to two enemies, by their places."""
    enemies = np.sort(np.int64(left) * count + right)
    hostile = np.zeros(count, bool)
    hostile[left] = hostile[right] = True
    at = np.flatnonzero(hostile[other])
    begins = np.flatnonzero(np.append(True, record[at][1:] != record[at][:-1])[: len(at)])
    sizes = np.diff(np.append(begins, len(at)))
    left_over = np.repeat(begins + sizes, sizes) - np.arange(len(at))
    found = [np.empty((0, 2), np.int64)]
    for step in range(1, int(sizes.max(initial=0))):
        first = np.flatnonzero(left_over > step)
        one, two = at[first], at[first + step]
        hit = contained(other[one] * count + other[two], enemies)
        found.append(np.stack([one[hit], two[hit]], axis=1))
    return np.concatenate(found)
