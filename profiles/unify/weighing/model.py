"""What is known of how alike two records are: the probabilities of an evidence model, and weights made from them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import prod

import numpy as np
import numpy.typing as npt

from profiles.unify.weighing.aspect import BIRTH, DIFFERENT, Aspect, Index, Levels
from profiles.unify.weighing.aspects import IN_PART, NAMELESS, PLACE, TABLES, Aspects
from profiles.unify.weighing.frequencies import Frequencies
from profiles.unify.weighing.name_aspects import NAMES, OF_NAMES
from profiles.unify.weighing.places import CITY, LINE, POSTCODE

Numbers = npt.NDArray[np.float64]
Tables = dict[str, Numbers]
# No level is ever impossible.
LEAST = 1e-9
# Of little data, what is known of people at large counts: so many more records, of which this share has the same value
# (a name is common, a birth date is not).
COMMON, RARE = (100.0, 0.02), (1_000.0, 0.0001)
# An address of one's own, a number, an id: who shares it is a stranger this often, before anything else is known.
STRANGERS = 0.1
NEVER_SEEN = 0.01
# A name alone makes nobody one person: something else must be alike too, or the odds stay below even. Only where the
# data shows how often namesakes as rare are one person (in so many buckets), and shows it to be the rule, does that
# count.
NAME_ALONE = -1.0
NAMESAKES = 24
COMBINATIONS = 10_000
# Of values that more records share, all but a few are taken for strangers; so many buckets are there below.
MOST_SHARING = 1023
SHARING = 10
NOBODY_KNOWS = -1.0


@dataclass(frozen=True)
class Model:
    """Probabilities of each level, by aspect: for records of one person, of one household, and of each group of
    strangers; `matches` and `households`: the shares among all pairs there are; `namesakes`: by how rare a name is, the
    logarithm of the odds that two who have it, and of whom nothing else is known, are one person; `shared`: per aspect,
    by how many share a value (`bucket_of`), the share of pairs of them that are strangers, below 0 where nobody
    knows."""

    person: Tables
    household: Tables
    strangers: tuple[Tables, ...]
    shares: Numbers
    overall: Tables
    matches: float
    households: float
    namesakes: Numbers = field(default_factory=lambda: np.full(NAMESAKES, NAME_ALONE))
    shared: Tables = field(default_factory=dict)


def likelihoods(
    aspects: Aspects, model: Model, rarities: Mapping[str, Numbers], left: Index, levels: Mapping[str, Levels]
) -> tuple[Numbers, Numbers, Numbers]:
    """Logarithms, for each pair, of how likely its levels are for one person, one household, and strangers."""
    person, household, stranger = of_levels(aspects, model, levels)
    of_personal, of_others = np.zeros(len(left)), np.zeros(len(left))
    for aspect in aspects.all:
        total = of_personal if aspect.rare_in_household else of_others
        total += rarity_of(aspects, aspect, rarities, left, levels[aspect.name])
    return person, household + of_personal, stranger + of_personal + of_others


def of_levels(aspects: Aspects, model: Model, levels: Mapping[str, Levels]) -> tuple[Numbers, Numbers, Numbers]:
    """The same before it counts how rare equal values are."""
    tables = [model.person, model.household, *model.strangers]
    size = len(next(iter(levels.values())))
    found = np.zeros((len(tables), size))
    found[2:] = np.log(model.shares + LEAST)[:, None]
    for together in _few_combinations(aspects.all):
        at, known = np.zeros(size, np.intp), np.zeros((len(tables), 1))
        for aspect in together:
            at = at * aspect.levels + levels[aspect.name]
            each = np.stack([logs(table[aspect.name]) for table in tables])
            known = (known[:, :, None] + each[:, None, :]).reshape(len(tables), -1)
        for row, table in enumerate(known):
            found[row] += table[at]
    return found[0], found[1], _summed(found[2:])


def _few_combinations(aspects: Sequence[Aspect]) -> Iterator[list[Aspect]]:
    """The aspects in groups whose levels make few combinations, so that each is looked up at once."""
    found: list[Aspect] = []
    for aspect in aspects:
        if found and prod(a.levels for a in (*found, aspect)) > COMBINATIONS:
            yield found
            found = []
        found.append(aspect)
    yield found


def _summed(logarithms: Numbers) -> Numbers:
    """The logarithm of the sum of the rows' numbers. (NumPy's `logaddexp` takes several times as long.)"""
    highest = logarithms.max(axis=0)
    found: Numbers = highest + np.log(np.exp(logarithms - highest).sum(axis=0))
    return found


def rarity_of(
    aspects: Aspects, aspect: Aspect, rarities: Mapping[str, Numbers], left: Index, levels: Levels
) -> Numbers | float:
    """For pairs that are equal: how much rarer (below 0) or commoner their value is than equal values are at large."""
    known = aspects.values(aspect.name)
    if known is None:
        return 0.0
    equal = np.flatnonzero(levels == aspect.equal)
    found: Numbers = np.zeros(len(left))
    found[equal] = rarities[aspect.name].take(known.codes[left[equal]])
    return found


@dataclass(frozen=True)
class Counts:
    """How many records have each value of an aspect, how many have any, and in how many tables they stand."""

    used: npt.NDArray[np.int64]
    total: int
    tables: int


def counts(aspects: Aspects, frequencies: Frequencies) -> dict[str, Counts]:
    """Of the aspects whose rare values say more than common ones."""
    found = {}
    for aspect in aspects.all:
        if (known := aspects.values(aspect.name)) is not None:
            used, total = frequencies.of(aspect.name, known.texts), frequencies.totals[aspect.name]
            found[aspect.name] = Counts(used, total, frequencies.tables)
    return found


def rarities(aspects: Aspects, counts: Mapping[str, Counts], model: Model) -> Tables:
    """Per aspect and value the logarithm of how much rarer than equal values at large it is among strangers. Of what
    nobody else was seen to have, a part of a person more is expected."""
    found: Tables = {}
    for aspect in (aspect for aspect in aspects.all if aspect.name in counts):
        name, counted = aspect.name, counts[aspect.name]
        more, usual = COMMON if name in NAMES else RARE
        share = share_expected(aspect, counted, counted.used, model)
        if name in model.shared:
            learned = model.shared[name][bucket_of(counted.used)]
            share = np.where((learned < 0) | (counted.used > MOST_SHARING), share, learned)
        others = np.maximum(counted.used - 1, 1) * share
        others += NEVER_SEEN if aspect.is_identifier else usual * more
        shares = np.log(others / (counted.total + more))
        found[name] = np.append(shares - np.log(model.overall[name][aspect.equal] + LEAST), 0.0)
    return found


def bucket_of(used: npt.NDArray[np.int64]) -> npt.NDArray[np.intp]:
    """Each is of twice as many records that share a value as the last: 2 and 3, 4 to 7, …"""
    found = np.log2(np.clip(used, 2, MOST_SHARING)).astype(np.intp)
    return found


def share_expected(aspect: Aspect, counted: Counts, used: npt.NDArray[np.int64], model: Model) -> Numbers:
    """Of the records that share a value with one of them, the share that is expected to be strangers before anything
    was counted. One person may well be in every table. The records that one person has on average, and who is in one
    cannot be in another, count half."""
    if aspect.is_identifier:
        return np.full(len(used), STRANGERS / counted.tables)
    own = 1 + model.matches * counted.total * model.person[aspect.name][aspect.equal]
    found: Numbers = np.minimum(1.0, (used - np.minimum(used, own) / 2) / np.maximum(used - 1, 1))
    return found


def supported(aspects: Aspects, levels: Mapping[str, Levels]) -> npt.NDArray[np.bool_]:
    """Pairs that are alike in something else than name and gender."""
    found = np.zeros(len(next(iter(levels.values()))), bool)
    for aspect in aspects.all:
        if aspect.name == PLACE:
            at = levels[PLACE]
            for weight in (LINE, POSTCODE, CITY):
                found |= at // weight % POSTCODE > DIFFERENT
        elif aspect.name == BIRTH:
            found |= levels[BIRTH] > IN_PART
        elif aspect.name == NAMELESS:
            found |= levels[NAMELESS] > 0
        elif aspect.name not in (*OF_NAMES, "person.gender", TABLES):
            found |= levels[aspect.name] > DIFFERENT
    return found


def odds(model: Model, person: Numbers, household: Numbers, stranger: Numbers) -> Numbers:
    """Natural logarithm of the odds that two records are one person, of all the pairs there are."""
    other = _summed(np.stack([np.log(model.households) + household, stranger]))
    found: Numbers = np.log(model.matches) + person - other
    return found


def support(model: Model, person: Numbers, household: Numbers, stranger: Numbers) -> Numbers:
    """The same for two who stand in one cluster already, by way of others: that they have nothing in common that can be
    compared then says little, only what contradicts counts."""
    other = _summed(np.stack([np.log(min(1.0, model.households / model.matches)) + household, stranger]))
    found: Numbers = person - other
    return found


def logs(table: Numbers) -> Numbers:
    """Of each level; an unknown value says nothing."""
    found: Numbers = np.log(table + LEAST)
    found[0] = 0
    return found
