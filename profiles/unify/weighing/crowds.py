"""How many strangers share a name and a place by chance, which matters where records are many.

Names and places hang together: who lives in Hanoi is rarely called Smith. Taken as independent, Nguyen in Hanoi looks
rarer than it is, and among enough records every such pair would be one person. So it is counted, by family name: how
many who have it have this given name and live elsewhere, and how many live here under another one. The records that
have both may all be one person's, and tell nothing.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from profiles.unify.weighing.aspect import DIFFERENT, Index, Levels
from profiles.unify.weighing.aspects import PLACE, Aspects
from profiles.unify.weighing.frequencies import Frequencies
from profiles.unify.weighing.model import LEAST, Model, Numbers, Tables, likelihoods, logs
from profiles.unify.weighing.name_aspects import NAMES
from profiles.unify.weighing.places import CITY, LINE, PLACES, POSTCODE
from profiles.unify.weighing.together import FEWEST, Counted, combinations

Keys = npt.NDArray[np.int64]
EMAIL = "contact.email"
# From the finest to the coarsest, with the digit that tells of it in the level of an address.
DIGITS = {"address.postcode": POSTCODE, "address.city": CITY}
SAME = 3
# How common a value is at large counts as much as so many records of a family name.
AT_LARGE = 10.0


class Crowds:
    """What was counted, for the records at hand."""

    def __init__(self, aspects: Aspects, frequencies: Frequencies) -> None:
        self._aspects = aspects
        self._counted = {
            part: [Counted(one, frequencies.together(one.name, len(one.columns))) for one in found]
            for part, found in combinations(aspects)
            if frequencies.totals.get(found[0].name)
        }
        self._totals = {part: frequencies.totals[f"{part} 0"] for part in self._counted}

    def likelihoods(
        self, model: Model, rarities: Tables, left: Index, levels: Mapping[str, Levels]
    ) -> tuple[Numbers, Numbers, Numbers]:
        """As `model.likelihoods` has them; strangers no less likely than where names and places hang together."""
        person, household, stranger = likelihoods(self._aspects, model, rarities, left, levels)
        rows, crowded = self.strangers(model, rarities, left, levels)
        stranger[rows] = np.maximum(stranger[rows], crowded)
        return person, household, stranger

    def strangers(
        self, model: Model, rarities: Tables, left: Index, levels: Mapping[str, Levels]
    ) -> tuple[Keys, Numbers]:
        """Which pairs have one given name, one family name and one place, the finest that both know to be the same; and
        of these the logarithm of how likely their levels are for strangers."""
        rows = self._met(levels)
        if not rows.size:
            return rows, np.array([])
        left, address = left[rows], levels[PLACE][rows]
        known = {name: each[rows] for name, each in levels.items()}
        rest = known | dict.fromkeys((*NAMES, PLACE), np.zeros(len(rows), np.uint8))
        mails = _mails_alike(model, rest)
        found = likelihoods(self._aspects, model, rarities, left, rest)[2] + mails
        given, family = (self._at_large(model, rarities, name, left) for name in NAMES)
        share = np.full(len(rows), np.nan)
        for part in self._counted:
            here = np.flatnonzero(np.isnan(share) & (address // DIGITS[part] % POSTCODE == SAME))
            share[here] = self._together(part, left[here], np.exp(given[here]))
        return rows, found + family + share + _of_lines(model.overall[PLACE])[address]

    def _met(self, levels: Mapping[str, Levels]) -> Keys:
        if not self._counted:
            return np.array([], np.int64)
        places = [levels[PLACE] // DIGITS[part] % POSTCODE == SAME for part in self._counted]
        named = [levels[aspect.name] == aspect.equal for aspect in self._aspects.all if aspect.name in NAMES]
        return np.flatnonzero(np.logical_and.reduce(named) & np.logical_or.reduce(places))

    def _at_large(self, model: Model, rarities: Tables, name: str, left: Index) -> Numbers:
        """Logarithm of the share of strangers who have this name."""
        known, equal = self._aspects.values(name), model.overall[name][-1]
        assert known is not None
        found: Numbers = rarities[name][known.codes[left]] + np.log(equal + LEAST)
        return found

    def _together(self, part: str, left: Index, given: Numbers) -> Numbers:
        """Logarithm of how often who has this family name has this given name, too, and is in this place."""
        of_place, of_family, named, placed, all_three = (one.of(left) for one in self._counted[part])
        here = np.maximum(all_three, FEWEST - 1)
        elsewhere, others = np.maximum(named - here, 0), np.maximum(placed - here, 0)
        rest = np.maximum(of_family - here - elsewhere - others, 0)
        place = np.maximum(of_place, 1) / self._totals[part]
        share_named = (elsewhere + AT_LARGE * given) / (elsewhere + rest + AT_LARGE)
        share_placed = (others + AT_LARGE * place) / (others + rest + AT_LARGE)
        found: Numbers = np.log(share_named * share_placed)
        return found


def _mails_alike(model: Model, rest: dict[str, Levels]) -> Numbers | float:
    """E-mail addresses are made from names: those of namesakes are often alike, whether they are one person or not.
    Such are unknown in `rest` from now on; returned is the logarithm of how likely they are for one person."""
    if EMAIL not in rest:
        return 0.0
    equal = len(model.person[EMAIL]) - 1
    alike = (rest[EMAIL] > DIFFERENT) & (rest[EMAIL] < equal)
    found: Numbers = np.where(alike, logs(model.person[EMAIL])[rest[EMAIL]], 0.0)
    rest[EMAIL] = np.where(alike, np.uint8(0), rest[EMAIL])
    return found


def _of_lines(address: Numbers) -> Numbers:
    """Logarithm of how often strangers reach each level of an address, were all in one postcode and city: what is known
    of both, and how alike the streets are, as in any two places."""
    level = np.arange(PLACES)
    known = level // POSTCODE % 4 > 0, level // CITY % 4 > 0
    kind = (level // LINE * 2 + known[0]) * 2 + known[1]
    found: Numbers = np.log(np.bincount(kind, weights=address)[kind] + LEAST)
    return found
