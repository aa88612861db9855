"""Members of one household who were born on one day: how often that is, counted in the data."""

from collections.abc import Mapping

import numpy as np

from profiles.unify.weighing.aspects import BIRTH, DIFFERENT, NAMES, Aspect, Aspects, Index, Levels
from profiles.unify.weighing.model import Model, Numbers, Tables, likelihoods, logs, rarity_of

# Of the pairs in a household, so many were born on one day, which counts as much as so many pairs; and at most so many.
USUAL, EXPECTED, MOST = 0.01, 20.0, 0.5
ROUNDS = 20
# What is known besides never says more than this: natural logarithm of odds.
MOST_SAID = 50.0


def of_two_members(aspect: Aspect, overall: Numbers, twins: float = USUAL) -> Numbers:
    """How alike two members are in what is personal: no more than strangers, but for twins."""
    if aspect.name != BIRTH:
        return overall
    born_at_once = np.zeros(aspect.levels)
    born_at_once[aspect.equal] = 1.0
    found: Numbers = (1 - twins) * overall + twins * born_at_once
    return found


def birth_dates(aspects: Aspects, model: Model, rare: Tables, left: Index, levels: Mapping[str, Levels]) -> Tables:
    """The same for birth dates, by expectation and maximisation over pairs with other given names, which all else tells
    to be of one person, one household or strangers; nothing where neither is known."""
    born = next((aspect for aspect in aspects.all if aspect.name == BIRTH), None)
    if born is None or NAMES[0] not in levels:
        return {}
    rows = np.flatnonzero((levels[BIRTH] > 0) & (levels[NAMES[0]] == DIFFERENT))
    at, left = levels[BIRTH][rows], left[rows]
    rest = {name: each[rows] for name, each in levels.items()} | {BIRTH: np.zeros(len(rows), np.uint8)}
    person, household, stranger = likelihoods(aspects, model, rare, left, rest)
    person += np.log(model.matches) + logs(model.person[BIRTH])[at]
    stranger += logs(model.overall[BIRTH])[at] + rarity_of(aspects, born, rare, left, at)
    other, twins = np.logaddexp(person, stranger) - np.log(model.households), USUAL
    for _round in range(ROUNDS):
        apart = other - household - logs(of_two_members(born, model.overall[BIRTH], twins))[at]
        belongs = 1 / (1 + np.exp(np.clip(apart, -MOST_SAID, MOST_SAID)))
        at_once = float(belongs[at == born.equal].sum())
        twins = min(MOST, (at_once + USUAL * EXPECTED) / (float(belongs.sum()) + EXPECTED))
    return {BIRTH: of_two_members(born, model.overall[BIRTH], twins)}
