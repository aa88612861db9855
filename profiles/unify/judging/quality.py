"""How good the result is, from answers to a random sample of pairs.

The pairs that could be one person are divided into strata, by whether rules and evidence joined them and by what the
evidence says; of each stratum a few are drawn by a stable hash. Decisions do not count for what is joined: it is the
machine that is measured.

Shares are estimated as stratified means (Cochran, Sampling Techniques, 3rd ed. 1977, chapter 5), with the interval of
Clopper and Pearson (Biometrika 26, 1934) on the effective number of answers (Korn and Graubard, Survey Methodology 24,
1998). Strata without any answer count as all wrong in the lower bound and as all right in the upper.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from profiles.unify.matching.cluster import inner_pairs
from profiles.unify.matching.graph import Labels
from profiles.unify.reading.records import Codes
from profiles.unify.weighing.evidence import Evidence

# Drawn of each stratum, but never more than this part of it: in small data the most useful pairs would be drawn too.
PER_STRATUM, LARGEST_PART = 60, 0.25
FEWEST_ANSWERS = 20
# Pairs that the evidence finds less likely are taken for two people without asking.
LEAST_LIKELY = 0.01
JOINED_BANDS = (0.5, 0.9, 0.99)
OTHER_BANDS = (0.1, 0.5)
# Joined, but never compared: held together by others.
CHAIN = len(JOINED_BANDS) + 1
RISK = 0.05  # that the truth is outside
HASHED_AT_ONCE = 200_000
Hashes = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Stratum:
    """`size` pairs; of `answered` ones `right` are one person."""

    name: str
    joined: bool
    size: int
    answered: int = 0
    right: int = 0


@dataclass(frozen=True)
class Estimate:
    """A share with its 95% interval."""

    share: float
    low: float
    high: float
    answers: int


@dataclass(frozen=True)
class Sample:
    """Pairs of record numbers in the order in which they are best asked, and the stratum of each."""

    left: Codes
    right: Codes
    stratum: npt.NDArray[np.int8]
    probability: npt.NDArray[np.float64]  # NaN where they were never compared
    strata: tuple[Stratum, ...]


def draw(evidence: Evidence, labels: Labels, names: pa.Array) -> Sample:
    """`labels`: people as rules and evidence alone see them. `names`: per record; only these decide who is drawn."""
    left, right = inner_pairs(labels)
    left, right = np.minimum(left, right), np.maximum(left, right)
    at, known = evidence.candidates.find(left, right)
    every = evidence.probability(evidence.candidates.left, evidence.candidates.right)
    joined = np.full(len(left), np.nan)
    joined[known] = every[at[known]]
    other = (every >= LEAST_LIKELY) & (labels[evidence.candidates.left] != labels[evidence.candidates.right])
    strata = np.concatenate([_band(joined, JOINED_BANDS), CHAIN + 1 + _band(every[other], OTHER_BANDS)])
    lefts = np.concatenate([left, evidence.candidates.left[other].astype(np.int32)])
    rights = np.concatenate([right, evidence.candidates.right[other].astype(np.int32)])
    probability = np.concatenate([joined, every[other]])
    chosen, order = _drawn(strata, _of_pairs(names, lefts, rights))
    found = _strata(np.bincount(strata, minlength=CHAIN + 2 + len(OTHER_BANDS)))
    picked = chosen[order]
    return Sample(lefts[picked], rights[picked], strata[picked].astype(np.int8), probability[picked], found)


def _band(probability: npt.NDArray[np.float64], limits: Sequence[float]) -> npt.NDArray[np.int64]:
    """0 below the first limit, and so on; one more than the last for NaN."""
    found: npt.NDArray[np.int64] = np.searchsorted(np.array(limits), probability, side="right").astype(np.int64)
    return np.where(np.isnan(probability), len(limits) + 1, found)


def _strata(sizes: npt.NDArray[np.int64]) -> tuple[Stratum, ...]:
    bands = [*((True, low) for low in (0.0, *JOINED_BANDS)), (True, None)]
    bands += [(False, low) for low in (LEAST_LIKELY, *OTHER_BANDS)]
    return tuple(
        Stratum(f"{'joined' if joined else 'apart'}:{'chain' if low is None else low}", joined, size)
        for (joined, low), size in zip(bands, sizes.tolist(), strict=True)
    )


def _drawn(strata: npt.NDArray[np.int64], hashes: Hashes) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The lowest hashes of each stratum; and an order that gives every stratum its turn, large ones more of them."""
    order = np.lexsort((hashes, strata))
    rank = np.arange(len(order)) - np.searchsorted(strata[order], strata[order])
    sizes = np.bincount(strata)
    few = rank < np.minimum(PER_STRATUM, np.ceil(sizes[strata[order]] * LARGEST_PART))
    chosen, rank = order[few], rank[few]
    return chosen, np.lexsort((hashes[chosen], rank / np.sqrt(sizes[strata[chosen]]))).astype(np.int64)


def _of_pairs(names: pa.Array, left: Codes, right: Codes) -> Hashes:
    used, places = np.unique(np.concatenate([left, right]), return_inverse=True)
    hashes = np.concatenate([np.array([], np.uint64), *_hashed(names.take(pa.array(used)))])
    one, other = np.split(hashes[places], 2)
    return _mixed(one + other + (one ^ other) * np.uint64(0x9E3779B97F4A7C15))


def _hashed(texts: pa.Array) -> list[Hashes]:
    """A polynomial in the bytes of each text, modulo 2**64."""
    found = []
    for start in range(0, len(texts), HASHED_AT_ONCE):
        part = pa.concat_arrays([texts.slice(start, HASHED_AT_ONCE).cast(pa.large_binary())])
        ends = np.frombuffer(part.buffers()[1], np.int64)[part.offset : part.offset + len(part) + 1]
        data = np.frombuffer(part.buffers()[2], np.uint8)[ends[0] : ends[-1]].astype(np.uint64)
        starts = ends[:-1] - ends[0]
        position = np.arange(len(data)) - np.repeat(starts, np.diff(ends))
        powers = np.cumprod(np.full(int(position.max(initial=0)) + 1, 0x100000001B3, np.uint64), dtype=np.uint64)
        found.append(_mixed(np.add.reduceat(data * powers[position], starts)))
    return found


def _mixed(numbers: Hashes) -> Hashes:
    """The finaliser of SplitMix64 (Steele, Lea and Flood, 2014)."""
    mixed = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    found: Hashes = mixed ^ (mixed >> np.uint64(31))
    return found


def precision(strata: Sequence[Stratum]) -> Estimate | None:
    """The share of joined pairs that are right; None while there are too few answers."""
    joined = [s for s in strata if s.joined and s.size]
    return _share(joined, RISK) if _answers(joined) >= FEWEST_ANSWERS else None


def recall(strata: Sequence[Stratum]) -> Estimate | None:
    """The share of pairs of one person that are joined, of those that the evidence finds possible at all; None while
    there are too few answers. The bounds combine those of both parts at 97.5% each (Bonferroni)."""
    joined, others = ([s for s in strata if s.joined is kind and s.size] for kind in (True, False))
    if _answers(joined) < FEWEST_ANSWERS or (others and _answers(others) < FEWEST_ANSWERS):
        return None
    found, total = _share(joined, RISK / 2), sum(s.size for s in joined)
    missed, most = (_share(others, RISK / 2), sum(s.size for s in others)) if others else (Estimate(0, 0, 0, 0), 0)
    return Estimate(
        _ratio(found.share * total, missed.share * most),
        _ratio(found.low * total, missed.high * most),
        _ratio(found.high * total, missed.low * most),
        found.answers + missed.answers,
    )


def _ratio(found: float, missed: float) -> float:
    return found / (found + missed) if found + missed else 1.0


def _answers(strata: Sequence[Stratum]) -> int:
    return sum(s.answered for s in strata)


def _share(strata: Sequence[Stratum], risk: float) -> Estimate:
    told = [s for s in strata if s.answered]
    total, known = sum(s.size for s in strata), sum(s.size for s in told)
    weights = [s.size / known for s in told]
    shares = [s.right / s.answered for s in told]
    share = min(1.0, sum(w * p for w, p in zip(weights, shares, strict=True)))
    spread = sum(w * w * p * (1 - p) / s.answered for w, p, s in zip(weights, shares, told, strict=True))
    effective = 1 / sum(w * w / s.answered for w, s in zip(weights, told, strict=True))
    if spread > 0:
        effective = min(effective, share * (1 - share) / spread)
    low, high = exact(share, effective, risk)
    covered = known / total
    return Estimate(share, low * covered, high * covered + 1 - covered, _answers(strata))


def exact(share: float, count: float, risk: float = RISK) -> tuple[float, float]:
    """The interval of a share that was seen in `count` draws, which may be a fraction."""
    from scipy.special import betaincinv  # a tenth of a second that only this page has to wait for

    hits = share * count
    low = float(betaincinv(hits, count - hits + 1, risk / 2)) if share > 0 else 0.0
    high = float(betaincinv(hits + 1, count - hits, 1 - risk / 2)) if share < 1 else 1.0
    return low, high
