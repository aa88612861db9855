"""How much speaks for two records being one person.

The manner is that of Fellegi and Sunter (A Theory for Record Linkage, 1969), with frequencies of values as Winkler adds
them: each aspect in which two records agree or differ is weighed by how often that happens to records of one person and
how often to others. *Others* are of two kinds: strangers, and members of one household, who share family name, address,
e-mail or telephone; only what is personal tells these apart.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from profiles.unify.config.rules import MatchRule
from profiles.unify.pairs.candidates import TOLD, Candidates, candidates
from profiles.unify.pairs.limits import Limits
from profiles.unify.pairs.scope import Scope
from profiles.unify.reading.records import Records
from profiles.unify.weighing.aspect import Index, Levels
from profiles.unify.weighing.aspects import TABLES, Aspects
from profiles.unify.weighing.crowds import Crowds
from profiles.unify.weighing.frequencies import Frequencies, count
from profiles.unify.weighing.hopeless import Hope
from profiles.unify.weighing.learn import learn
from profiles.unify.weighing.learned import Learned
from profiles.unify.weighing.model import (
    Model,
    Numbers,
    Tables,
    counts,
    likelihoods,
    logs,
    odds,
    rarities,
    support,
    supported,
)
from profiles.unify.weighing.namesakes import most_of_names

AT_ONCE = 500_000
# Natural logarithm of odds: between four and five to one against. People have a second address, a second number.
CONTRADICTION = -1.5
Formula = Callable[[Index, Mapping[str, Levels]], Numbers]


class Evidence:
    """The weights of pairs, learned when they are first asked for, or as `learned` before. With `scope`, candidates
    are only the pairs in it. `known`: the candidates, where they were found before."""

    def __init__(
        self,
        records: Records,
        learned: Learned | None = None,
        scope: Scope | None = None,
        known: Candidates | None = None,
    ) -> None:
        self.records = records
        self.limits = Limits(learned.limits if learned else None)
        self._learned = learned
        self.scope = scope
        self._known = known

    @cached_property
    def aspects(self) -> Aspects:
        known = self._learned and self._learned.model
        names = self._learned.frequencies.values if self._learned and known else None
        return Aspects(self.records, known.overall if known else None, names)

    @cached_property
    def candidates(self) -> Candidates:
        if self._known is not None:
            return self._known
        known = self._learned and self._learned.model
        names = known.overall if known else [aspect.name for aspect in self.aspects.all]
        return candidates(self.records, self.limits, self.scope, [name for name in names if name.startswith(TOLD)])

    @cached_property
    def frequencies(self) -> Frequencies:
        return self._learned.frequencies if self._learned else count(self.aspects)

    @cached_property
    def model(self) -> Model:
        known = self._learned and self._learned.model
        return known or learn(self.aspects, self.candidates, self.frequencies, self.crowds)

    @cached_property
    def of_candidates(self) -> Numbers:
        """As `weigh` has them; below `hopeless.HOPELESS` it may be what they cannot exceed."""
        hope, found = Hope(self.aspects, self.model, self.rarities), np.empty(len(self.candidates))
        for part, left, right in _parts(self.candidates.left, self.candidates.right):
            known = hope.weighable(left, right)
            found[part] = known.most
            found[part][known.hopeful] = self._odds(left[known.hopeful], known.levels)
        return found

    def learned(self, rules: Sequence[MatchRule]) -> Learned:
        """To be kept for later runs. What no rule asked for was not learned."""
        if self._learned:
            return self._learned
        known = Learned(tuple(rules), self.limits.known, self.records.count, readings=self.records.readings)
        if "model" not in self.__dict__:
            return known
        return replace(known, model=self.model, frequencies=self.frequencies)

    @cached_property
    def rarities(self) -> Tables:
        return rarities(self.aspects, counts(self.aspects, self.frequencies), self.model)

    @cached_property
    def crowds(self) -> Crowds:
        return Crowds(self.aspects, self.frequencies)

    def likelihoods(self, left: Index, levels: Mapping[str, Levels]) -> tuple[Numbers, Numbers, Numbers]:
        """As `model.likelihoods` has them; strangers no less likely than where names and places hang together."""
        return self.crowds.likelihoods(self.model, self.rarities, left, levels)

    def weigh(self, left: Index, right: Index) -> Numbers:
        """Natural logarithm of the odds that both are one person, for pairs of record numbers."""
        return self._each(self._odds, left, right)

    def contradicts(self, left: Index, right: Index) -> npt.NDArray[np.bool_]:
        """Which pairs cannot well be one person, even where others tie them together."""
        found: npt.NDArray[np.bool_] = self._each(self._support, left, right) < CONTRADICTION
        return found

    def _each(self, formula: Formula, left: Index, right: Index) -> Numbers:
        found = np.empty(len(left))
        for part, one, other in _parts(left, right):
            found[part] = formula(one, self.aspects.levels(one, other))
        return found

    def _odds(self, left: Index, levels: Mapping[str, Levels]) -> Numbers:
        known = self.aspects, self.model, self.rarities
        found = odds(self.model, *self.likelihoods(left, levels))
        alone = np.flatnonzero(~supported(self.aspects, levels))
        of_names = {name: each[alone] for name, each in levels.items()}
        found[alone] = np.minimum(found[alone], most_of_names(*known, left[alone], of_names))
        return found

    def _support(self, left: Index, levels: Mapping[str, Levels]) -> Numbers:
        if TABLES in levels:
            levels = {**levels, TABLES: np.zeros(len(left), np.uint8)}
        return support(self.model, *likelihoods(self.aspects, self.model, self.rarities, left, levels))

    def probability(self, left: Index, right: Index) -> Numbers:
        """0 to 1, for pairs of record numbers with `left` < `right`. Candidates are weighed once."""
        return as_probability(self.odds(left, right))

    def odds(self, left: Index, right: Index) -> Numbers:
        """As `weigh`, for pairs with `left` < `right`. Candidates are weighed once."""
        found = np.empty(len(left))
        at, known = self.candidates.find(left, right)
        found[known] = self.of_candidates[at[known]]
        found[~known] = self.weigh(left[~known], right[~known])
        return found

    def doubles(self, left: Index, right: Index) -> Numbers:
        """Natural logarithm of how much more (below 0: less) often both being of these tables happens to records of one
        person than being of two tables does: far below 0 for pairs in a table that holds nobody twice."""
        found = np.zeros(len(left))
        if TABLES not in self.model.person:
            return found
        levels = self.aspects.levels_of(TABLES, left, right)
        ratio = logs(self.model.person[TABLES]) - logs(self.model.overall[TABLES])
        rare: Numbers = np.minimum(0.0, (ratio - ratio[-1])[levels])
        return np.where(levels > 0, rare, 0.0)


def _parts(left: Index, right: Index) -> Iterator[tuple[slice, Index, Index]]:
    """So many at once that what is known of them stays in the processor's cache. NumPy looks values up by its own kind
    of number, and takes three times as long by any other."""
    for start in range(0, len(left), AT_ONCE):
        part = slice(start, start + AT_ONCE)
        yield part, left[part].astype(np.intp), right[part].astype(np.intp)


def as_probability(log_odds: Numbers) -> Numbers:
    found: Numbers = 1 / (1 + np.exp(-np.clip(log_odds, -500, 500)))
    return found
