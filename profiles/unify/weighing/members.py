"""What members of one household have in common although it is personal: twins a birthday, a child the number of a
parent, a couple a card, a son the name of his father. How often that is so is counted in the data."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from profiles.unify.weighing.aspect import BIRTH, DIFFERENT, Aspect, Index, Levels
from profiles.unify.weighing.aspects import PLACE, Aspects
from profiles.unify.weighing.model import LEAST, Model, Numbers, Tables, likelihoods, logs, rarity_of
from profiles.unify.weighing.name_aspects import BOTH_IN_USE, NAMES
from profiles.unify.weighing.places import LINE, POSTCODE

Mask = npt.NDArray[np.bool_]
# Of the pairs in a household, so many have it in common, which counts as much as so many pairs; and at most so many,
# and of birth dates: else people who go by several names would be twins.
USUAL, EXPECTED, MOST, MOST_TWINS = 0.01, 20.0, 0.9, 0.4
# What members share: so much besides what is asked about.
SHARED = 2
CONTACT, COMPANY = "contact.", "organization.name"
# So many pairs say how often something is in common, for example of those that were born on two days.
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
    """The same for birth dates and ids, as learned, and what members share; nothing where no given names are known."""
    if NAMES[0] not in levels:
        return {}
    chosen = [aspect for aspect in aspects.all if aspect.may_be_common]
    found = {aspect.name: _learned(aspects, aspect, model, rare, left, levels) for aspect in chosen}
    found |= _together(aspects, model, rare, left, levels)
    return found | (_given_names(aspects, model, rare, left, levels) if BIRTH in levels else {})


def _together(aspects: Aspects, model: Model, rare: Tables, left: Index, levels: Mapping[str, Levels]) -> Tables:
    """How often two members have a family name, a telephone number, an e-mail address or a company in common: a couple
    has most of these, colleagues have a company, its number, and neither name nor address. Counted on pairs with other
    given names, by how likely all else makes them of one household, that have two more of these in common, or one and a
    street: who have one alone were looked at because of it. Where there are few, nothing is told."""
    found: Tables = {}
    chosen = [one for one in aspects.all if one.name in (NAMES[1], COMPANY) or one.name.startswith(CONTACT)]
    shared = {one.name: levels[one.name] == one.equal for one in chosen}
    shared |= {PLACE: levels[PLACE] // LINE == POSTCODE - 1} if PLACE in levels else {}
    for aspect in chosen:
        others = np.sum([equal for name, equal in shared.items() if name != aspect.name], axis=0)
        rows = np.flatnonzero((levels[NAMES[0]] == DIFFERENT) & (levels[aspect.name] > 0) & (others >= SHARED))
        rest = {other: each[rows] for other, each in levels.items()} | {aspect.name: np.zeros(len(rows), np.uint8)}
        person, household, stranger = likelihoods(aspects, model, rare, left[rows], rest)
        other = np.logaddexp(np.log(model.matches) + person, stranger) - np.log(model.households)
        belongs = 1 / (1 + np.exp(np.clip(other - household, -MOST_SAID, MOST_SAID)))
        if belongs.sum() >= FEWEST:
            expected = np.array([0, *aspect.usual]) * EXPECTED
            counted = np.bincount(levels[aspect.name][rows], belongs, aspect.levels) + expected
            found[aspect.name] = counted / counted.sum()
    return found


def _given_names(aspects: Aspects, model: Model, rare: Tables, left: Index, levels: Mapping[str, Levels]) -> Tables:
    """How alike the given names of two members are: as those of strangers, or more often where sons are named after
    their fathers. Counted, by expectation and maximisation, on pairs with birth dates that differ altogether, at one
    address or with one telephone or e-mail address: who have a name alone in common were looked at because of it."""
    name, together = NAMES[0], [levels[one.name] == one.equal for one in aspects.all if one.name.startswith(CONTACT)]
    together += [levels[PLACE] // LINE == POSTCODE - 1] if PLACE in levels else []
    if not together:
        return {}
    rows = np.flatnonzero((levels[BIRTH] == DIFFERENT) & (levels[name] > 0) & np.logical_or.reduce(together))
    aspect, at, left = aspects.named(name), levels[name][rows], left[rows]
    unknown = np.zeros(len(rows), np.uint8)
    rest = {other: each[rows] for other, each in levels.items()} | {name: unknown, BOTH_IN_USE: unknown}
    rest = {other: each for other, each in rest.items() if other in levels}
    person, household, stranger = likelihoods(aspects, model, rare, left, rest)
    rarity = rarity_of(aspects, aspect, rare, left, at)
    person += np.log(model.matches) + logs(model.person[name])[at]
    stranger += logs(model.overall[name])[at] + rarity
    household += np.log(model.households) + rarity
    other, expected = np.logaddexp(person, stranger), model.overall[name] * EXPECTED
    found = model.overall[name]
    for _round in range(ROUNDS):
        belongs = 1 / (1 + np.exp(np.clip(other - household - logs(found)[at], -MOST_SAID, MOST_SAID)))
        counted = np.bincount(at, belongs, aspect.levels) + expected
        found = counted / counted.sum()
    alike = np.maximum(found, model.overall[name])[DIFFERENT + 1 :]
    return {name: np.concatenate([[0.0, max(LEAST, 1 - float(alike.sum()))], alike])}


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
    most = MOST_TWINS if name == BIRTH else MOST
    for _round in range(ROUNDS):
        found = of_two_members(aspect, overall, own, common)
        belongs = 1 / (1 + np.exp(np.clip(other - household - logs(found)[at], -MOST_SAID, MOST_SAID)))
        shared = belongs * (1 - (1 - common) * (overall / (found + LEAST))[at])
        common = min(most, (float(shared.sum()) + USUAL * EXPECTED) / (float(belongs.sum()) + EXPECTED))
    return found


def _telling(aspect: Aspect, levels: Mapping[str, Levels]) -> Mask:
    """Pairs with other given names of which the aspect is known. Two ways to write one name can look like two names,
    and would then be two people of one id: where enough were born on another day, only these are looked at."""
    found: Mask = (levels[aspect.name] > 0) & (levels[NAMES[0]] == DIFFERENT)
    if aspect.name == BIRTH or BIRTH not in levels:
        return found
    surely: Mask = found & (levels[BIRTH] == DIFFERENT)
    return surely if np.count_nonzero(surely) >= FEWEST else found
