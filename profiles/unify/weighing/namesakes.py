"""Pairs of which only the name is known: what it is worth where the data shows whether namesakes are one person."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from profiles.unify.weighing.aspect import Index, Levels
from profiles.unify.weighing.aspects import NAMELESS, TABLES, Aspects
from profiles.unify.weighing.model import LEAST, NAME_ALONE, NAMESAKES, Model, Numbers, Tables, likelihoods, odds
from profiles.unify.weighing.name_aspects import NAMES, OF_NAMES

GENDER = "person.gender"
# Names that so many strangers share are not looked at. Of so many records at least it is told how often namesakes are
# one person, with 95% confidence, and it counts if it is at least this share; the trend over all names counts as much
# as so many records of one bucket.
FEW_NAMESAKES, FEWEST_NAMESAKES, CONFIDENCE, NAMESAKES_SURE = 4.0, 50, 1.96, 0.9
# Names of each bucket are so many times as rare as those of the last, as natural logarithm.
NATS_EACH = 1.0
ROUNDS = 20
# What is known of both besides never says more than this: natural logarithm of odds.
MOST_SAID = 50.0
# The steepest that the odds can rise with how rare names are: it takes few that rare to say how.
STEEPEST = 3.0


def learned_of_names(
    aspects: Aspects, model: Model, rare: Tables, left: Index, levels: Mapping[str, Levels]
) -> Numbers:
    """By how rare a name is, how likely two who have it are one person: where something else is known of both, that
    tells how many are. Names that few others have by chance are compared by the name itself, whatever else is alike."""
    found = np.full(NAMESAKES, NAME_ALONE)
    known = np.zeros(len(left), bool)
    for aspect in aspects.all:
        if aspect.name not in (*OF_NAMES, GENDER, TABLES, NAMELESS):
            known |= levels[aspect.name] > 0
    chance = _chance_of_name(aspects, model, rare, left)
    few = chance + np.log(max(1, aspects.records.count)) <= np.log(FEW_NAMESAKES)
    seen = np.flatnonzero(known & few & _same_name(aspects, levels))
    if not seen.size:
        return found
    ratio = _nameless(aspects, model, rare, left[seen], {name: each[seen] for name, each in levels.items()})
    ratio = np.clip(ratio, -MOST_SAID, MOST_SAID)
    if len(np.unique(left[seen])) < FEWEST_NAMESAKES:
        return found
    expected, bucket = _trend(-chance[seen], ratio), _bucket_of(chance[seen])
    for number in np.unique(bucket):
        here = bucket == number
        least = _at_least(ratio[here], float(expected[here].mean()), len(np.unique(left[seen[here]])))
        if least >= NAMESAKES_SURE:
            found[number] = np.log(least / (1 - least))
    return found


def most_of_names(
    aspects: Aspects, model: Model, rarities: Tables, left: Index, levels: Mapping[str, Levels]
) -> Numbers:
    """Natural logarithm of the highest odds of pairs in which nothing but names is alike."""
    most = np.full(len(left), NAME_ALONE)
    namesakes = model.namesakes[_bucket_of(_chance_of_name(aspects, model, rarities, left))]
    told = np.flatnonzero(_same_name(aspects, levels) & (namesakes > NAME_ALONE))
    rest = {name: each[told] for name, each in levels.items()}
    most[told] = namesakes[told] + _nameless(aspects, model, rarities, left[told], rest)
    return most


def _trend(rare: Numbers, ratio: Numbers) -> Numbers:
    """Of each pair the share that is one person among all whose names are as rare, where its logarithmic odds rise
    evenly with that; by expectation and maximisation."""
    apart = rare - rare.mean()
    height, slope = 0.0, 1.0
    for _round in range(ROUNDS):
        share = _share(height + slope * apart)
        missing, certain = _share(height + slope * apart + ratio) - share, share * (1 - share) + LEAST
        height += float(np.clip(missing.sum() / certain.sum(), -1, 1))
        slope += float(np.clip((missing * apart).sum() / ((certain * apart**2).sum() + LEAST), -1, 1))
        slope = min(max(slope, 0.0), STEEPEST)
    return _share(height + slope * apart)


def _share(odds_: Numbers) -> Numbers:
    found: Numbers = 1 / (1 + np.exp(-np.clip(odds_, -MOST_SAID, MOST_SAID)))
    return found


def _at_least(ratio: Numbers, expected: float, records: int) -> float:
    """The lower bound of the share that is one person (Wilson 1927), by expectation and maximisation."""
    share, likelihood, known = expected, np.exp(ratio), records + FEWEST_NAMESAKES
    for _round in range(ROUNDS):
        seen = float((share * likelihood / (share * likelihood + 1 - share)).mean())
        share = (seen * records + expected * FEWEST_NAMESAKES) / known
    square = CONFIDENCE**2 / known
    spread = CONFIDENCE * np.sqrt((share * (1 - share) + square / 4) / known)
    return float((share + square / 2 - spread) / (1 + square))


def _same_name(aspects: Aspects, levels: Mapping[str, Levels]) -> npt.NDArray[np.bool_]:
    """Pairs with equal given and family names."""
    named = [levels[aspect.name] == aspect.equal for aspect in aspects.all if aspect.name in NAMES]
    found: npt.NDArray[np.bool_] = np.logical_and.reduce([*named, np.ones(len(next(iter(levels.values()))), bool)])
    return found & bool(named)


def _chance_of_name(aspects: Aspects, model: Model, rarities: Mapping[str, Numbers], left: Index) -> Numbers:
    """Logarithm of the share of strangers with the same given and family name."""
    found: Numbers = np.zeros(len(left))
    for aspect in (aspect for aspect in aspects.all if aspect.name in NAMES):
        if (known := aspects.values(aspect.name)) is not None:
            found += rarities[aspect.name][known.codes[left]] + np.log(model.overall[aspect.name][aspect.equal] + LEAST)
    return found


def _bucket_of(chance: Numbers) -> npt.NDArray[np.intp]:
    return np.clip(-chance / NATS_EACH, 0, NAMESAKES - 1).astype(np.intp)


def _nameless(
    aspects: Aspects, model: Model, rarities: Mapping[str, Numbers], left: Index, levels: Mapping[str, Levels]
) -> Numbers:
    """Natural logarithm of how much likelier all but the names is for one person than for others."""
    unknown = np.zeros(len(left), np.uint8)
    without = {**levels, **{name: unknown for name in NAMES if name in levels}}
    found: Numbers = odds(model, *likelihoods(aspects, model, rarities, left, without)) - np.log(model.matches)
    return found
