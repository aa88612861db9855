"""Pairs that cannot be one person, whatever is still to be compared: found before what takes long is compared.

How alike two texts are takes long to find out, whether they are equal does not. So the highest that the odds of a pair
can be is known early: every aspect that was not compared yet is taken for the best that equal or unequal values allow.
Of the pairs that look worth weighing, three in four are done with before e-mail addresses and streets are compared.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product

import numpy as np
import numpy.typing as npt

from profiles.unify.reading.records import Feature
from profiles.unify.weighing.aspect import Aspect, Comparer, Index, Levels
from profiles.unify.weighing.aspects import NAMELESS, PLACE, TABLES, Aspects
from profiles.unify.weighing.model import COMBINATIONS, LEAST, Model, Numbers, Tables, logs
from profiles.unify.weighing.name_aspects import NAMES
from profiles.unify.weighing.places import PLACE_PARTS

Rows = npt.NDArray[np.intp]
Glances = Mapping[str, Levels]
# Natural logarithm of odds: what cannot be more likely than 1 in 150 is weighed no further.
HOPELESS = -5.0
# What a glance at two values tells.
UNKNOWN, UNEQUAL, EQUAL, ANYTHING = range(4)
# These are compared together, first what takes the least time; all others come last.
FIRST = (TABLES, NAMELESS, "person.birth_date", "person.gender", "contact.phone", *NAMES)
ORDER = (FIRST, ("contact.email",))
# Texts that differ are never as alike as equal ones; unlike streets, of which the order of words does not matter.
STRICT = ("contact.email", "address.postcode", "address.city")


@dataclass(frozen=True)
class Weighable:
    """Of pairs: which have hope, of these the levels of every aspect, and of all the highest that their odds can be."""

    hopeful: Rows
    levels: dict[str, Levels]
    most: Numbers


class Hope:
    """Learned weights, as what a pair can still gain by each aspect."""

    def __init__(self, aspects: Aspects, model: Model, rarities: Tables) -> None:
        self._aspects, self._model, self._rarities = aspects, model, rarities
        self._others = np.log(np.append(model.households, model.shares + LEAST))
        self._gains = {aspect.name: self._of_levels(aspect) for aspect in aspects.all}
        self._glances = dict(_glances(aspects))
        self._gains_at_a_glance = {
            name: _of_places(self._gains[name]) if name == PLACE else _of_glances(self._gains[name])
            for name in self._glances
        }
        self._steps = [step for step in _steps(aspects.comparers) if step]

    def weighable(self, left: Index, right: Index) -> Weighable:
        most, rest = np.full(len(left), np.inf), np.arange(len(left))
        levels: dict[str, Levels] = {}
        glances = {name: glance(left, right) for name, glance in self._glances.items()}
        for number, step in enumerate(self._steps, 1):
            levels |= _compared(step, left[rest], right[rest])
            glances = {name: found for name, found in glances.items() if name not in levels}
            if number == len(self._steps):
                break
            most[rest] = found = self._most(left[rest], levels, glances)
            hope = np.flatnonzero(found >= HOPELESS)
            rest = rest[hope]
            levels = {name: each[hope] for name, each in levels.items()}
            glances = {name: each[hope] for name, each in glances.items()}
        return Weighable(rest, self._aspects.told_once(levels), most)

    def _most(self, left: Index, levels: Mapping[str, Levels], glances: Glances) -> Numbers:
        """As if of all others only the likeliest existed: the true odds are lower yet."""
        found = np.zeros((len(self._others), len(left)))
        for together in self._few_combinations(levels, glances):
            at, gains = np.zeros(len(left), np.uint16), np.zeros((len(found), 1))
            for which, each in together:
                at *= each.shape[1]
                at += which
                gains = (gains[:, :, None] + each[:, None, :]).reshape(len(found), -1)
            rows = at.astype(np.intp)
            for row, table in zip(found, gains, strict=True):
                row += table[rows]
        personal, common = self._rarity(left, levels, glances)
        strangers = (found[1:] - self._others[1:, None]).min(axis=0) - common
        odds: Numbers = np.minimum(found[0] - self._others[0], strangers) - personal + np.log(self._model.matches)
        return odds

    def _rarity(self, left: Index, levels: Mapping[str, Levels], glances: Glances) -> tuple[Numbers, Numbers]:
        """Of equal values, how much rarer (below 0) or commoner they are than others: of what is as rare in a
        household, and else."""
        found = np.zeros(len(left)), np.zeros(len(left))
        for aspect in self._aspects.all:
            known = self._aspects.values(aspect.name)
            if known is None:
                continue
            rarity, total = self._rarities[aspect.name], found[0 if aspect.rare_in_household else 1]
            if aspect.name in levels or aspect.name in glances:
                equal = levels[aspect.name] == aspect.equal if aspect.name in levels else glances[aspect.name] == EQUAL
                rows = np.flatnonzero(equal)
                total[rows] += rarity.take(known.codes[left[rows]])
            else:
                total += min(0.0, float(rarity.min()))
        return found

    def _few_combinations(
        self, levels: Mapping[str, Levels], glances: Glances
    ) -> Iterator[list[tuple[Levels | int, Numbers]]]:
        """Per aspect what is known of each pair, and what can be gained by it; in groups of few combinations."""
        found: list[tuple[Levels | int, Numbers]] = []
        size = 1
        for aspect in self._aspects.all:
            name, gains = aspect.name, self._gains[aspect.name]
            if name in levels:
                one: tuple[Levels | int, Numbers] = levels[name], gains
            elif name in glances:
                one = glances[name], self._gains_at_a_glance[name]
            else:
                one = 0, gains.max(axis=1, keepdims=True)
            if found and size * one[1].shape[1] > COMBINATIONS:
                yield found
                found, size = [], 1
            found.append(one)
            size *= one[1].shape[1]
        yield found

    def _of_levels(self, aspect: Aspect) -> Numbers:
        """How much more likely each level is for one person than for one household, and for each group of strangers."""
        others = (self._model.household, *self._model.strangers)
        return np.stack([logs(self._model.person[aspect.name]) - logs(table[aspect.name]) for table in others])


def _steps(comparers: Sequence[Comparer]) -> Iterator[list[Comparer]]:
    rest = list(comparers)
    for names in ORDER:
        yield [one for one in rest if any(a.name in names or a.name.startswith("id.") for a in one.aspects)]
        rest = [one for one in rest if not any(a.name in names or a.name.startswith("id.") for a in one.aspects)]
    yield rest


def _compared(step: Sequence[Comparer], left: Index, right: Index) -> dict[str, Levels]:
    found: dict[str, Levels] = {}
    for comparer in step:
        found |= zip((aspect.name for aspect in comparer.aspects), comparer.compare(left, right), strict=True)
    return found


def _glances(aspects: Aspects) -> Iterator[tuple[str, Callable[[Index, Index], Levels]]]:
    features = aspects.records.features
    for aspect in aspects.all:
        if aspect.name in STRICT and len(features[aspect.name].columns) == 1:
            yield aspect.name, partial(_glance, features[aspect.name])
        elif aspect.name == PLACE:
            yield PLACE, partial(_glance_at_places, [features.get(name) for name, *_how in PLACE_PARTS])


def _glance(feature: Feature, left: Index, right: Index) -> Levels:
    one, other = feature.codes[left], feature.codes[right]
    found: Levels = np.where(one == other, np.uint8(EQUAL), np.uint8(UNEQUAL))
    np.putmask(found, np.minimum(one, other) < 0, UNKNOWN)
    return found


def _glance_at_places(parts: Sequence[Feature | None], left: Index, right: Index) -> Levels:
    """Digits of base 4, as the levels of an address are."""
    total = np.zeros(len(left), np.uint8)
    for feature, (_name, _measure, _limits, weight) in zip(parts, PLACE_PARTS, strict=True):
        if feature is not None:
            known = _glance(feature, left, right) if len(feature.columns) == 1 else np.uint8(ANYTHING)
            total += known * np.uint8(weight)
    return total


def _of_glances(gains: Numbers) -> Numbers:
    """The most that can be gained, by UNKNOWN, UNEQUAL, EQUAL."""
    return np.stack([gains[:, 0], gains[:, 1:-1].max(axis=1), gains[:, -1]], axis=1)


def _of_places(gains: Numbers) -> Numbers:
    """The same by each combination of three glances: the best of the levels that it leaves open."""
    levels = gains.reshape(-1, 4, 4, 4)
    strict = {UNKNOWN: [0], UNEQUAL: [1, 2], EQUAL: [3], ANYTHING: [0, 1, 2, 3]}
    loose = strict | {UNEQUAL: [1, 2, 3]}
    choices = [strict if name in STRICT else loose for name, *_how in PLACE_PARTS]
    best = [
        levels[np.ix_(range(len(gains)), *(choice[glance] for choice, glance in zip(choices, glances, strict=True)))]
        for glances in product(range(4), repeat=3)
    ]
    return np.stack([found.reshape(len(gains), -1).max(axis=1) for found in best], axis=1)
