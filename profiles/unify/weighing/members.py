"""What members of one household have in common although it is personal: twins a birthday, a child the number of a
parent, a couple a card. How often that is so is counted in the data."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from profiles.unify.weighing.aspects import BIRTH, DIFFERENT, NAMES, Aspect, Aspects, Index, Levels
from profiles.unify.weighing.model import LEAST, Model, Numbers, Tables, likelihoods, logs, rarity_of

Mask = npt.NDArray[np.bool_]
# Of the pairs in a household, so many have it in common, which counts as much as so many pairs; and at most so many.
USUAL, EXPECTED, MOST = 0.01, 20.0, 0.9
# So many pairs that were born on two days say how often the rest is in common.
FEWEST = 50
ROUNDS = 20
# What is known besides never says more than this: natural logarithm of odds.
MOST_SAID = 50.0


def of_two_members(aspect: Aspect, overall: Numbers, person: Numbers, common: float = USUAL) -> Numbers:
    """How alike two members are in what is personal: no more than strangers, but for what they may have in common,
    which is written as differently as in two records of one `person`."""
    if not aspect.may_be_common:
        return overall
    alike = np.where(np.arange(aspect.levels) > DIFFERENT, person, 0.0)
    found: Numbers = (1 - common) * overall + common * alike / alike.sum()
    return found


def in_common(aspects: Aspects, model: Model, rare: Tables, left: Index, levels: Mapping[str, Levels]) -> Tables:
    """The same for birth dates and ids, as learned; nothing where no given names are known."""
    if NAMES[0] not in levels:
        return {}
    chosen = [aspect for aspect in aspects.all if aspect.may_be_common]
    return {aspect.name: _learned(aspects, aspect, model, rare, left, levels) for aspect in chosen}


def _learned(
    aspects: Aspects, aspect: Aspect, model: Model, rare: Tables, left: Index, levels: Mapping[str, Levels]
) -> Numbers:
    """By expectation and maximisation over pairs with other given names, which all else tells to be of one person, one
    household or strangers."""
    name, overall, own = aspect.name, model.overall[aspect.name], model.person[aspect.name]
    rows = np.flatnonzero(_telling(aspect, levels))
    at, left = levels[name][rows], left[rows]
    rest = {other: each[rows] for other, each in levels.items()} | {name: np.zeros(len(rows), np.uint8)}
    person, household, stranger = likelihoods(aspects, model, rare, left, rest)
    person += np.log(model.matches) + logs(own)[at]
    stranger += logs(overall)[at] + rarity_of(aspects, aspect, rare, left, at)
    other, found, common = np.logaddexp(person, stranger) - np.log(model.households), overall, USUAL
    for _round in range(ROUNDS):
        found = of_two_members(aspect, overall, own, common)
        belongs = 1 / (1 + np.exp(np.clip(other - household - logs(found)[at], -MOST_SAID, MOST_SAID)))
        shared = belongs * (1 - (1 - common) * (overall / (found + LEAST))[at])
        common = min(MOST, (float(shared.sum()) + USUAL * EXPECTED) / (float(belongs.sum()) + EXPECTED))
    return found


def _telling(aspect: Aspect, levels: Mapping[str, Levels]) -> Mask:
    """Pairs with other given names of which the aspect is known. Two ways to write one name can look like two names,
    and would then be two people of one id: where enough were born on another day, only these are looked at."""
    found: Mask = (levels[aspect.name] > 0) & (levels[NAMES[0]] == DIFFERENT)
    if aspect.name == BIRTH or BIRTH not in levels:
        return found
    surely: Mask = found & (levels[BIRTH] == DIFFERENT)
    return surely if np.count_nonzero(surely) >= FEWEST else found
