"""Which pairs are worth a person's time: where an answer most probably changes the most."""

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from profiles.unify.matching.contested import Claims
from profiles.unify.matching.decisions import Decided
from profiles.unify.matching.graph import Labels, components
from profiles.unify.matching.match import Matches
from profiles.unify.reading.records import Codes, Records
from profiles.unify.values.sets import contained
from profiles.unify.weighing.evidence import Evidence

Rows = npt.NDArray[np.int64]
MOST = 2_000
# An answer that changes the result less often than this is not asked for.
LEAST_CHANCE = 0.1
# A link that the evidence finds less likely holds a cluster together weakly.
STRONG_LINK = 0.9
# One person rarely has more records than so many per table.
PLAUSIBLE_PER_TABLE, PLAUSIBLE = 3, 6
# Of one kind so many follow each other.
IN_A_ROW = 3
# A pair that is there for several reasons is shown for the first of these.
WEAK, LARGE, CLAIMED, TORN, DOUBTED, CLOSE = "weak", "large", "claimed", "torn", "doubted", "close"
KINDS = (WEAK, LARGE, CLAIMED, TORN, DOUBTED, CLOSE)


@dataclass(frozen=True)
class Queue:
    """Pairs of record numbers, the most useful first. `gain`: the chance that the answer changes the result, by the
    records that it then moves. `about`: the record that is asked whose it is, the left one where two people are asked
    for."""

    left: Codes
    right: Codes
    kind: npt.NDArray[np.int8]
    probability: npt.NDArray[np.float64]
    gain: npt.NDArray[np.float64]
    about: Codes | Rows


def queue(
    records: Records,
    evidence: Evidence,
    matches: Matches,
    clusters: Labels,
    answers: Decided,
    aside: npt.NDArray[np.int64],
    claims: Claims,
    most: int = MOST,
) -> Queue:
    """`aside`: pairs that are asked for elsewhere, as sorted left × records + right. Nothing is asked twice, nor what
    follows from an answer. Of a record that is nobody's (`claims`) it is asked once for each who claims it, also where
    that pair is asked for elsewhere: the others alone would be half a question."""
    found = _Found(records.count, clusters, answers, aside)
    sizes = np.bincount(clusters, minlength=records.count)
    chance = evidence.probability(matches.left, matches.right)
    inside = clusters[matches.left] == clusters[matches.right]
    left, right = matches.left[inside], matches.right[inside]
    wrong = 1 - chance[inside]
    found.add(WEAK, left, right, wrong, _weakly_held(records.count, left, right, wrong))
    size = sizes[clusters[left]]
    large = size > max(PLAUSIBLE, PLAUSIBLE_PER_TABLE * len(records.tables))
    found.add(LARGE, left[large], right[large], wrong[large], size[large] / 2)
    _add_claimed(found, claims, clusters, sizes)
    torn = np.flatnonzero(~inside)
    pairs = matches.left[torn].astype(np.int64) * records.count + matches.right[torn]
    torn = torn[~contained(pairs, claims.pairs)]
    left_out, right_out = matches.left[torn], matches.right[torn]
    smaller = np.minimum(sizes[clusters[left_out]], sizes[clusters[right_out]])
    found.add(TORN, left_out, right_out, 1 - chance[torn], smaller, joined=False)
    doubted = wrong > 1 / 2
    found.add(DOUBTED, left[doubted], right[doubted], wrong[doubted], np.ones(int(doubted.sum())))
    _add_close(found, evidence, clusters, sizes)
    return found.best(most)


def _add_claimed(found: "_Found", claims: Claims, clusters: Labels, sizes: npt.NDArray[np.int64]) -> None:
    """One pair per customer who claims a record, until it is somebody's by an answer; of several records that hold the
    same, for the first that is open. How probably it is theirs: by what speaks for each of those whom no answer keeps
    apart from it."""
    count = len(clusters)
    owned = np.zeros(count, bool)
    owned[claims.record[clusters[claims.record] == clusters[claims.other]]] = True
    rows = np.flatnonzero(~owned[claims.record])
    rows = rows[~found.parted(claims.record[rows], claims.other[rows])]
    record, other, odds = claims.record[rows], claims.other[rows], claims.odds[rows]
    highest = np.full(count, -np.inf)
    np.maximum.at(highest, record, odds)
    weight = np.exp(odds - highest[record])
    sides, of_side = np.unique(record * count + clusters[other], return_inverse=True)
    strongest = np.zeros(len(sides))
    np.maximum.at(strongest, of_side, weight)  # who has two records with the address has it no more than others
    share = strongest[of_side] / np.bincount(sides // count, strongest, count)[record]
    theirs = np.minimum(share, 1 / (1 + np.exp(-odds)))
    left, right = np.minimum(record, other).astype(np.int32), np.maximum(record, other).astype(np.int32)
    open_ = np.flatnonzero(~found.answered(left, right))
    first = np.full(count, count)
    np.minimum.at(first, claims.group[rows][open_], record[open_])
    asked = open_[first[claims.group[rows][open_]] == record[open_]]
    moved = sizes[clusters[record]]
    found.add(CLAIMED, left[asked], right[asked], 1 - theirs[asked], moved[asked], joined=False, about=record[asked])


def _add_close(found: "_Found", evidence: Evidence, clusters: Labels, sizes: npt.NDArray[np.int64]) -> None:
    pairs = evidence.candidates
    wrong = 1 - evidence.probability(pairs.left, pairs.right)
    near = (wrong > LEAST_CHANCE) & (wrong < 1 - LEAST_CHANCE)
    left, right, wrong = pairs.left[near].astype(np.int32), pairs.right[near].astype(np.int32), wrong[near]
    together = clusters[left] == clusters[right]
    found.add(CLOSE, left[together], right[together], wrong[together], np.ones(int(together.sum())))
    left, right, wrong = left[~together], right[~together], wrong[~together]
    smaller = np.minimum(sizes[clusters[left]], sizes[clusters[right]])
    found.add(CLOSE, left, right, wrong, smaller, joined=False)


def _weakly_held(count: int, left: Codes, right: Codes, wrong: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """How many records would leave without the weak links, by pair: 0 where something strong holds them too."""
    strong = wrong <= 1 - STRONG_LINK
    parts = components(count, left[strong], right[strong])
    sizes = np.bincount(parts, minlength=count)
    one, other = sizes[parts[left]], sizes[parts[right]]
    moved: npt.NDArray[np.int64] = np.where(
        (parts[left] != parts[right]) & (one + other > 2), np.minimum(one, other), 0
    )
    return moved


class _Found:
    """Pairs of all kinds, less what was answered, follows from an answer, or is asked for elsewhere."""

    def __init__(self, count: int, clusters: Labels, answers: Decided, aside: npt.NDArray[np.int64]) -> None:
        self._count, self._clusters, self._answers = count, clusters, answers
        self._aside = np.union1d(aside, answers.known)
        self._answered = np.sort(answers.known)
        self._parted = np.unique(self._between(answers.apart_left, answers.apart_right))
        self._parts: list[Queue] = []

    def _between(self, left: Codes | Rows, right: Codes | Rows) -> npt.NDArray[np.int64]:
        """One number per pair of clusters."""
        one, other = self._clusters[left].astype(np.int64), self._clusters[right]
        return np.minimum(one, other) * self._count + np.maximum(one, other)

    def answered(self, left: Codes, right: Codes) -> npt.NDArray[np.bool_]:
        return contained(left.astype(np.int64) * self._count + right, self._answered)

    def parted(self, left: Codes | Rows, right: Codes | Rows) -> npt.NDArray[np.bool_]:
        """Whether an answer keeps the clusters of two apart."""
        return contained(self._between(left, right), self._parted)

    def add(
        self,
        kind: str,
        left: Codes,
        right: Codes,
        wrong: npt.NDArray[np.float64],
        moved: npt.NDArray[np.int64] | npt.NDArray[np.float64],
        joined: bool = True,
        about: Rows | None = None,
    ) -> None:
        """`wrong`: how probably they are two people; `joined`: whether they are one person now; `about`: what
        pairs have in common that are to follow each other; these are open, and are asked for here though they may be
        elsewhere."""
        chance = wrong if joined else 1 - wrong
        between = self._between(left, right)
        keep = (chance >= LEAST_CHANCE) & (moved > 0)
        if about is None:
            keep &= ~contained(left.astype(np.int64) * self._count + right, self._aside)
        if not joined:
            keep &= ~contained(between, self._parted)
        rows = np.flatnonzero(keep)
        gain = chance[rows] * moved[rows]
        order = rows[np.lexsort((right[rows], left[rows], -gain))]
        _pairs, best = np.unique(between[order], return_index=True)  # one question for two people
        chosen = order[np.sort(best)][:MOST]
        number = np.full(len(chosen), KINDS.index(kind), np.int8)
        whose = (left if about is None else about)[chosen]
        self._parts.append(
            Queue(left[chosen], right[chosen], number, 1 - wrong[chosen], (chance * moved)[chosen], whose)
        )

    def best(self, most: int) -> Queue:
        left, right, kind, probability, gain, about = (
            np.concatenate([getattr(part, field.name) for part in self._parts]) for field in fields(Queue)
        )
        pairs = left.astype(np.int64) * self._count + right
        order = np.lexsort((right, left, about, -gain, kind))
        order = order[np.sort(np.unique(pairs[order], return_index=True)[1])]
        sorted_ = kind[order]
        follows = (sorted_[1:] == KINDS.index(CLAIMED)) & (sorted_[1:] == sorted_[:-1])
        follows &= about[order][1:] == about[order][:-1]
        place = np.cumsum(np.append(True, ~follows)[: len(order)])
        rank = place - place[np.searchsorted(sorted_, sorted_)]
        turn = (right[order], left[order], about[order], -gain[order], rank // IN_A_ROW)
        order = order[np.lexsort(turn)][:most]
        return Queue(left[order], right[order], kind[order], probability[order], gain[order], about[order])
