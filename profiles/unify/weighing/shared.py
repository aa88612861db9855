"""How many of those who share a value are strangers: counted by how many share it, as all else tells.

That two records have one e-mail address, one birth date, one rare name says the more the fewer strangers do. Of a value
that three records have, they may all be one person's; of one that forty have, hardly any two are. How that is differs
from data to data: addresses may be invented from few names, or everybody may be in it a dozen times. So pairs are drawn
from those who share a value, and what else is known of them tells how many are one person, one household, strangers.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from profiles.unify.reading.records import Codes
from profiles.unify.weighing.aspect import Index, Levels
from profiles.unify.weighing.aspects import Aspects
from profiles.unify.weighing.model import (
    LEAST,
    MOST_SHARING,
    NOBODY_KNOWS,
    SHARING,
    Counts,
    Model,
    Numbers,
    Tables,
    bucket_of,
    likelihoods,
    share_expected,
)

# So many records of each aspect are drawn, each with one other that has the same value.
DRAWN = 5_000
# What is expected beforehand counts as much as so many pairs.
EXPECTED = 20.0
ROUNDS = 20
# Nothing is expected to be surer than this.
SUREST = 0.99
# Columns are taken for independent, so that all else is never as sure as it says: of those who share a value at least
# so many are strangers, or as many as were expected.
FEWEST_STRANGERS = 0.05


class Shared:
    """Pairs drawn from those who share a value, per aspect, with their levels."""

    def __init__(self, aspects: Aspects, counted: Mapping[str, Counts], draw: np.random.Generator) -> None:
        self._aspects, self._counted = aspects, counted
        self._pairs: dict[str, tuple[Index, Mapping[str, Levels]]] = {}
        for aspect in (aspect for aspect in aspects.all if aspect.name in counted):
            known = aspects.values(aspect.name)
            assert known is not None
            left, right = _sharing(known.codes, counted[aspect.name].used, draw)
            levels = aspects.levels(left, right)
            equal = np.flatnonzero(levels[aspect.name] == aspect.equal)
            if equal.size:
                self._pairs[aspect.name] = left[equal], {name: each[equal] for name, each in levels.items()}

    def strangers(self, model: Model, rare: Tables) -> Tables:
        """Per aspect and bucket the share of pairs with one value that are strangers; below 0 where none was drawn."""
        return {name: self._of(name, model, rare, *pairs) for name, pairs in self._pairs.items()}

    def _of(self, name: str, model: Model, rare: Tables, left: Index, levels: Mapping[str, Levels]) -> Numbers:
        known = self._aspects.values(name)
        assert known is not None
        aspect = next(one for one in self._aspects.all if one.name == name)
        used = self._counted[name].used[known.codes[left]]
        rest = {**levels, name: np.zeros(len(left), np.uint8)}
        each = np.stack(likelihoods(self._aspects, model, rare, left, rest))
        each = np.exp(each - each.max(axis=0))
        if model.households <= LEAST:
            each[1] = 0.0
        bucket, expected = bucket_of(used), share_expected(aspect, self._counted[name], used, model)
        found = np.full(SHARING, NOBODY_KNOWS)
        for number in np.unique(bucket):
            here = bucket == number
            before = float(expected[here].mean())
            found[number] = max(_strangers_among(each[:, here], before), min(before, FEWEST_STRANGERS))
        return found


def _strangers_among(likelihood: Numbers, before: float) -> float:
    """By expectation and maximisation; `before`, where nothing else tells."""
    others = min(max(before, 1 - SUREST), SUREST)
    expected = np.array([(1 - others) / 2, (1 - others) / 2, others])
    shares, pairs = expected, likelihood.shape[1]
    for _round in range(ROUNDS):
        belongs = likelihood * shares[:, None]
        shares = (belongs / (belongs.sum(axis=0) + LEAST)).sum(axis=1) + expected * EXPECTED
        shares = shares / (pairs + EXPECTED)
    return float(shares[-1])


def _sharing(codes: Codes, used: npt.NDArray[np.int64], draw: np.random.Generator) -> tuple[Index, Index]:
    """Records whose value several have, but not too many, each with another one that has it."""
    several = np.append((used > 1) & (used <= MOST_SHARING), False)
    rows = np.flatnonzero(several[codes])
    chosen = np.zeros(len(several), bool)
    chosen[codes[draw.choice(rows, min(DRAWN, len(rows)), replace=False)]] = True
    rows = rows[chosen[codes[rows]]]
    rows = rows[np.argsort(codes[rows], kind="stable")]
    _values, starts, sizes = np.unique(codes[rows], return_index=True, return_counts=True)
    at = np.sort(draw.choice(len(rows), min(DRAWN, len(rows)), replace=False))
    start, size = (np.repeat(each, sizes)[at] for each in (starts, sizes))
    at, start, size = at[size > 1], start[size > 1], size[size > 1]
    other = start + (at - start + draw.integers(1, size)) % size
    left, right = rows[at].astype(np.int64), rows[other].astype(np.int64)
    return np.minimum(left, right), np.maximum(left, right)
