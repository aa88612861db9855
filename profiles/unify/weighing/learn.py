"""From the data itself to an evidence model, without labels.

Strangers are learned from random pairs, as a mixture of groups: names, places and telephones of one country go
together. What records of one person, and of one household, look like is counted on pairs that other aspects make sure
of, so that no aspect teaches itself; how many such pairs there are is found by expectation and maximisation.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from profiles.unify.pairs.candidates import Candidates
from profiles.unify.reading.plain import PLAIN
from profiles.unify.values.sets import coded
from profiles.unify.weighing.aspect import BIRTH, DIFFERENT, Aspect, Index, Levels
from profiles.unify.weighing.aspects import NAMELESS, PLACE, TABLES, Aspects, mostly_nameless
from profiles.unify.weighing.crowds import EMAIL, Crowds
from profiles.unify.weighing.frequencies import Frequencies
from profiles.unify.weighing.members import in_common, of_two_members
from profiles.unify.weighing.model import (
    LEAST,
    Model,
    Numbers,
    Tables,
    counts,
    likelihoods,
    logs,
    odds,
    of_levels,
    rarities,
    rarity_of,
)
from profiles.unify.weighing.name_aspects import BOTH_IN_USE, NAMES
from profiles.unify.weighing.nameless import others_of, with_nameless
from profiles.unify.weighing.namesakes import learned_of_names
from profiles.unify.weighing.places import known_alike
from profiles.unify.weighing.shared import Shared
from profiles.unify.weighing.sure import Sure

Mask = npt.NDArray[np.bool_]
Combinations = tuple[dict[str, Levels], npt.NDArray[np.int64]]
SEED = 20_240_229
SAMPLE = 200_000
GROUPS = 3  # of strangers
ROUNDS = 20
# What is expected beforehand counts as much as so many pairs.
EXPECTED = 10.0
EXPECTED_HOUSEHOLDS = 10.0
EXPECTED_IN_GROUP = 5.0
# A record has at most so many others of its person, and of its household, on average; of less data than this, no larger
# share of all pairs is taken for one person than if there were as much.
PARTNERS = 20
FEWEST = 1_000
# What tells of given names.
GIVEN_NAMES = (NAMES[0], BOTH_IN_USE)
# How often what one person looks like is learned again from what was learned.
REFINED = 3
# Fewer sure pairs than this say little of what one person looks like.
FEWEST_SURE = 50
# Of the dates of one person that differ, so many for each that differs in part differ altogether; and at least so many
# of all.
SLIPS, FEWEST_SLIPS = 0.2, 0.002
# Natural logarithm of odds, about 250 to one: less, and what tells members of a household apart would be learned from
# pairs of them; more, and little data has no sure pairs.
SURE = 5.5
# Natural logarithm; more makes no difference. And of pairs of members of one household.
MOST_ODDS, FEWEST_MEMBERS = 50.0, 2
# About nine to one: random pairs that are likelier to be one person say nothing about strangers.
LIKELY = 2.2


def learn(aspects: Aspects, pairs: Candidates, frequencies: Frequencies, crowds: Crowds) -> Model:
    """From random pairs what strangers look like, from sure pairs what one person and one household look like."""
    draw = np.random.default_rng(SEED)
    random = _Random(aspects, draw)
    overall, shares, strangers = random.strangers(random.unsure())
    chosen = np.sort(draw.choice(len(pairs), min(len(pairs), SAMPLE), replace=False))
    left, right = pairs.left[chosen], pairs.right[chosen]
    levels = aspects.levels(left, right)
    sure = Sure(aspects.all, levels, _own(aspects.all, overall))
    person = {a.name: _as_one_person(aspects, a, levels, sure.belongs(a, overall)) for a in aspects.all}
    household = {
        a.name: of_two_members(a, overall[a.name], person[a.name])
        if a.personal or a.name == sure.own
        else _counted(a, levels[a.name][sure.household(a)], person[a.name], EXPECTED_HOUSEHOLDS)
        for a in aspects.all
    }
    count = aspects.records.count
    others = 0.5 / max(count, FEWEST) if sure.own else LEAST
    without_name = others_of(aspects, draw)
    model = _known_alike(Model(person, household, strangers, shares, overall, 1 / max(count, FEWEST), others))
    model = with_nameless(model, without_name)
    scale, used = len(pairs) / max(1, len(chosen)), counts(aspects, frequencies)
    sharing, combined = Shared(aspects, used, draw), _combinations(levels, len(left))
    for _round in range(REFINED):
        rare = rarities(aspects, used, model)
        known = crowds.likelihoods(model, rare, left, levels)
        model = _with_shares(count, model, known, scale)
        tells = np.count_nonzero(odds(model, *known) > SURE) >= FEWEST_SURE
        overall, shares, strangers = random.strangers(random.apart(model, rare))
        model = replace(model, overall=overall, shares=shares, strangers=strangers)
        model = with_nameless(model, without_name)
        model = replace(model, shared=sharing.strangers(model, rare) if tells else {})
        rare = rarities(aspects, used, model)
        model = replace(model, household=model.household | in_common(aspects, model, rare, left, levels))
        model = _known_alike(replace(model, person=_by_the_others(aspects, model, rare, left, levels, combined, sure)))
        model = with_nameless(model, without_name)
    model = _with_shares(count, model, crowds.likelihoods(model, rare, left, levels), scale)
    model = _untold(aspects, with_nameless(model, without_name))
    return replace(model, namesakes=learned_of_names(aspects, model, rare, left, levels))


def _as_one_person(aspects: Aspects, aspect: Aspect, levels: Mapping[str, Levels], belongs: Numbers) -> Numbers:
    expected = np.array([0, *aspect.usual])
    if aspect.name == BOTH_IN_USE:  # most of those that all else makes sure of would be twins
        return expected
    found = _counted(aspect, levels[aspect.name], expected, EXPECTED, belongs)
    if aspect.name in NAMES:
        # In which order a table has names tells nobody apart: equal ones speak for one person no less than turned ones.
        found[aspect.equal] = max(found[aspect.equal], found[aspect.equal - 1])
    return _slips(aspects, aspect, levels, found, belongs)


def _known_alike(model: Model) -> Model:
    if PLACE not in model.person:
        return model
    return replace(model, household=model.household | {PLACE: known_alike(model.household[PLACE], model.person[PLACE])})


def _by_the_others(
    aspects: Aspects,
    model: Model,
    rare: Tables,
    left: Index,
    levels: Mapping[str, Levels],
    combinations: Combinations,
    plainly: Sure,
) -> Tables:
    """How alike records of one person are in each aspect, counted on the pairs that all other aspects make sure of.
    Where birth dates are known and no pairs are sure, likely ones count, as much as they are likely: two columns of
    three make hardly anybody sure, and where a record has one mistake at most, whomever they do has it in the third.
    `combinations`: those of `levels`."""
    found: Tables = {name: table for name, table in model.person.items() if name == NAMELESS}
    combined, which = combinations
    unknown = np.zeros(len(next(iter(combined.values()))), np.uint8)
    rarity = {aspect.name: rarity_of(aspects, aspect, rare, left, levels[aspect.name]) for aspect in aspects.all}
    born = BIRTH in levels and bool(levels[BIRTH].any())
    for aspect in (aspect for aspect in aspects.all if aspect.name != NAMELESS):
        own = GIVEN_NAMES if aspect.name in GIVEN_NAMES else (aspect.name,)
        known = of_levels(aspects, model, combined | dict.fromkeys(own, unknown))
        person, household, stranger = (each[which] for each in known)
        for other in (other for other in aspects.all if other.name not in own):
            stranger += rarity[other.name]
            if other.rare_in_household:
                household += rarity[other.name]
        sure = odds(model, person, household, stranger) > SURE
        few = sure.sum() < FEWEST_SURE
        belongs = np.where(sure, 1.0, plainly.belongs(aspect, model.overall)) if few else sure.astype(np.float64)
        if few and born and not belongs.any():
            belongs = _shares_of(odds(model, *likelihoods(aspects, model, rare, left, levels)))
        found[aspect.name] = _as_one_person(aspects, aspect, levels, belongs)
        if aspect.name == TABLES:
            found[TABLES] = _in_two_tables(found[TABLES], model.overall[TABLES])
        if few and aspect.name == "given name" and not (born and _are_alone(aspects, model)):
            found[aspect.name] = _beside_households(aspects, model, rare, left, levels, aspect)
    return found


def _shares_of(log_odds: Numbers) -> Numbers:
    found: Numbers = 1 / (1 + np.exp(-np.clip(log_odds, -MOST_ODDS, MOST_ODDS)))
    return found


def _are_alone(aspects: Aspects, model: Model) -> bool:
    """Whether there are no more pairs of members of a household than the one that is always expected."""
    count = aspects.records.count
    return model.households * count * (count - 1) / 2 < FEWEST_MEMBERS


def _slips(
    aspects: Aspects, aspect: Aspect, levels: Mapping[str, Levels], person: Numbers, belongs: Numbers
) -> Numbers:
    """A father and a son of one name and address look like one person with two birth dates. But a slip leaves most of a
    date as it was: no more dates of one person differ altogether than follow from that, or than are seen of pairs that
    have an e-mail address or an id in common besides. Of other aspects nothing is changed."""
    if aspect.name != BIRTH:
        return person
    own = [levels[one.name] == one.equal for one in aspects.all if one.name == EMAIL or one.name.startswith("id.")]
    told = (belongs > 0) & np.logical_or.reduce([*own, np.zeros(len(belongs), bool)]) & (levels[BIRTH] > 0)
    seen = float((levels[BIRTH][told] == DIFFERENT).mean()) if np.count_nonzero(told) >= FEWEST_SURE else 0.0
    most = max(SLIPS * float(person[DIFFERENT + 1 : -1].sum()), seen, FEWEST_SLIPS)
    if person[DIFFERENT] <= most:
        return person
    found: Numbers = person * (1 - most) / max(1 - person[DIFFERENT], LEAST)
    found[DIFFERENT] = most
    return found


def _in_two_tables(person: Numbers, overall: Numbers) -> Numbers:
    """That a person is known to two tables never speaks against it: what makes a pair sure may be known to one table
    alone."""
    if person[-1] >= overall[-1]:
        return person
    found: Numbers = person * (1 - overall[-1]) / max(1 - person[-1], LEAST)
    found[-1] = overall[-1]
    return found


def _untold(aspects: Aspects, model: Model) -> Model:
    """With 0 for tables of which nothing can be told, so that it stays known which these are."""
    if TABLES not in model.overall:
        return model
    untold = np.array([False, *mostly_nameless(aspects.records), False])
    return replace(model, overall=model.overall | {TABLES: np.where(untold, 0.0, model.overall[TABLES])})


def _beside_households(
    aspects: Aspects, model: Model, rare: Tables, left: Index, levels: Mapping[str, Levels], aspect: Aspect
) -> Numbers:
    """Where nothing but this aspect tells one person from a household: of the pairs that are either, and no strangers,
    what the household does not explain, by expectation and maximisation."""
    unknown = np.zeros(len(left), np.uint8)
    person, household, stranger = likelihoods(aspects, model, rare, left, {**levels, aspect.name: unknown})
    one, other = np.log(model.matches) + person, np.log(model.households) + household
    near = np.flatnonzero((np.logaddexp(one, other) - stranger > LIKELY) & (levels[aspect.name] > 0))
    apart, at = (one - other)[near], levels[aspect.name][near]
    found = model.person[aspect.name]
    for _round in range(ROUNDS):
        ratio = apart + (logs(found) - logs(model.household[aspect.name]))[at]
        found = _counted(aspect, at, np.array([0, *aspect.usual]), EXPECTED, 1 / (1 + np.exp(-ratio)))
    return found


def _own(aspects: tuple[Aspect, ...], overall: Tables) -> str:
    """What tells members of a household apart: the given name. Of things the most telling column does, such as the
    title of works of one author or the name of shops in one mall; "" where fewer than two others could tell that two
    things belong together."""
    names = [aspect.name for aspect in aspects if aspect.name not in (TABLES, NAMELESS)]
    if "given name" in names or not any(name.startswith(PLAIN) for name in names) or len(names) < 3:
        return "given name" if "given name" in names else ""
    own = [aspect for aspect in aspects if aspect.name.startswith((PLAIN, "organization."))]
    return min(own, key=lambda aspect: (overall[aspect.name][aspect.equal], aspect.name)).name


def _counted(
    aspect: Aspect, levels: Levels, expected: Numbers, weight: float, belongs: Numbers | None = None
) -> Numbers:
    """Shares of levels, as if `weight` more pairs were as expected. `belongs`: how much each pair counts, else 1."""
    counts = np.maximum(np.bincount(levels, belongs, minlength=aspect.levels), 0.0)
    counts[0] = 0
    counts += expected * weight
    shares: Numbers = counts / max(counts.sum(), LEAST)
    return shares


class _Random:
    """Random pairs, nearly all of them of strangers."""

    def __init__(self, aspects: Aspects, draw: np.random.Generator) -> None:
        self._aspects = aspects
        self._left, right = _random_pairs(aspects.records.count, draw)
        self._levels = aspects.levels(self._left, right)
        self._combined, self._which = _combinations(self._levels, len(right))

    def unsure(self) -> Mask:
        """Which pairs are not plainly one person or one family, before anything was learned."""
        sure = Sure(self._aspects.all, self._levels)
        persons = (sure.person(aspect) for aspect in self._aspects.all)
        found: Mask = ~np.logical_or.reduce([sure.family(), sure.named_alone(), *persons])
        return found

    def apart(self, model: Model, rare: Tables) -> Mask:
        """Which pairs are not likely one person, nor one family."""
        person, household, stranger = likelihoods(self._aspects, model, rare, self._left, self._levels)
        found: Mask = self.unsure() & (odds(model, person, household, stranger) <= LIKELY)
        if "given name" in self._levels:
            found &= np.log(model.households) + household - stranger <= LIKELY
        return found

    def strangers(self, chosen: Mask) -> tuple[Tables, Numbers, tuple[Tables, ...]]:
        """Overall, and as a mixture of groups within which aspects are independent; by expectation and maximisation,
        begun from how many of name and address are alike."""
        levels, aspects = self._combined, self._aspects
        times = np.bincount(self._which, weights=chosen).astype(np.float64)
        nothing = {a.name: np.array([0, *[1 / a.equal] * a.equal]) for a in aspects.all}
        overall = _weighted(aspects, levels, times, nothing, 1.0)
        of_people = [levels[name] for name in ("given name", "family name", "address") if name in levels]
        told = of_people or [levels[a.name] for a in aspects.all if a.name not in (TABLES, NAMELESS)]
        common = [found > DIFFERENT for found in told]
        start = np.minimum(np.sum(common, axis=0) if common else np.zeros(len(times), np.int64), GROUPS - 1)
        belongs = np.stack([np.where(start == group, 0.8, 0.2 / (GROUPS - 1)) for group in range(GROUPS)])
        for _round in range(ROUNDS):
            shares = (belongs * times).sum(axis=1) / max(LEAST, times.sum())
            counted = (_weighted(aspects, levels, weight * times, overall) for weight in belongs)
            groups = tuple(group | _tables(overall) for group in counted)
            logs = [
                np.log(share + LEAST) + _log_likelihood(levels, group)
                for share, group in zip(shares, groups, strict=True)
            ]
            belongs = np.exp(np.stack(logs) - np.logaddexp.reduce(logs))
        return overall, shares, groups


def _combinations(levels: Mapping[str, Levels], pairs: int) -> Combinations:
    """The different combinations of levels, which are few, and which of them each pair has."""
    which = np.zeros(pairs, np.int64)
    for found in levels.values():
        which = coded(which << 8 | found)[1].astype(np.int64)
    _each, first, back = np.unique(which, return_index=True, return_inverse=True)
    return {name: found[first] for name, found in levels.items()}, back


def _random_pairs(count: int, draw: np.random.Generator) -> tuple[Index, Index]:
    """All of them where there are few."""
    if count * (count - 1) // 2 <= SAMPLE:
        left, right = np.triu_indices(count, 1)
        return left.astype(np.int64), right.astype(np.int64)
    left, right = draw.integers(0, count, SAMPLE), draw.integers(0, count, SAMPLE)
    return left[left != right], right[left != right]


def _weighted(
    aspects: Aspects, levels: Mapping[str, Levels], weight: Numbers, expected: Tables, times: float = EXPECTED_IN_GROUP
) -> Tables:
    tables: Tables = {}
    for aspect in aspects.all:
        counted = np.bincount(levels[aspect.name], weights=weight, minlength=aspect.levels).astype(np.float64)
        counted[0] = 0
        counts = counted + expected[aspect.name] * times
        tables[aspect.name] = counts / counts.sum()
    return tables


def _tables(overall: Tables) -> Tables:
    """That records stand in one table, or hold no name, makes no group of strangers: there are better ones."""
    return {name: table for name, table in overall.items() if name in (TABLES, NAMELESS)}


def _log_likelihood(levels: Mapping[str, Levels], tables: Tables) -> Numbers:
    total: Numbers = np.sum([logs(tables[name])[found] for name, found in levels.items()], axis=0)
    return total


def _with_shares(count: int, model: Model, known: tuple[Numbers, Numbers, Numbers], scale: float) -> Model:
    """How many of all pairs are of one person, and of one household: what the weights themselves expect."""
    highest = np.maximum.reduce(known)
    person, household, stranger = (np.exp(one - highest) for one in known)
    pairs = max(1.0, count * (count - 1) / 2)
    most = PARTNERS / max(count, FEWEST)
    matches, households = model.matches, model.households
    for _round in range(ROUNDS):
        one, other = matches * person, households * household
        total = one + other + stranger
        matches = min(max(float((one / total).sum()) * scale, 1.0) / pairs, most)
        if households > LEAST:
            households = min(max(float((other / total).sum()) * scale, 1.0) / pairs, most)
    return replace(model, matches=matches, households=households)
