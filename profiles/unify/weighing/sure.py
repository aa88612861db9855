"""Pairs that are surely of one person, of one family, or of one household, before anything was learned."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from profiles.unify.weighing.aspect import DIFFERENT, Aspect, Levels
from profiles.unify.weighing.aspects import NAMELESS, PLACE, TABLES
from profiles.unify.weighing.name_aspects import NAMES
from profiles.unify.weighing.places import LINE, POSTCODE

STRONG = ("person.birth_date", "contact.email", "contact.phone")
ORGANIZATION = "organization.name"
# From this level on, names are as good as equal.
ALIKE = 4


class Sure:
    """Which pairs are surely of one person, or of one household, whatever a given aspect says."""

    def __init__(self, aspects: tuple[Aspect, ...], levels: Mapping[str, Levels], own: str = "") -> None:
        self._levels, self.own = levels, own
        self._strong = [a for a in aspects if a.name in STRONG or a.name.startswith("id.")]
        self._equal = {a.name: levels[a.name] == a.equal for a in aspects if a.name not in (TABLES, NAMELESS)}
        self._size = len(next(iter(levels.values()))) if levels else 0
        self._named = "given name" in levels

    def person(self, aspect: Aspect) -> npt.NDArray[np.bool_]:
        """Equal in something strong, and in the name; a name is judged where two strong things agree, one personal, and
        nothing else that is strong and personal differs: a child has the number and the telephone of a parent."""
        strong = [a for a in self._strong if a is not aspect]
        if not self._named and ORGANIZATION in self._equal:
            return self._organization(aspect)
        if aspect.name in NAMES or not self._named:
            personal = [a.name for a in strong if a.personal]
            both: npt.NDArray[np.bool_] = (self._count([a.name for a in strong]) >= 2) & (self._count(personal) >= 1)
            for name in personal:
                both &= self._levels[name] != DIFFERENT
            return both
        alike = (self._levels["given name"] >= ALIKE) & (self._levels["family name"] >= ALIKE)
        found: npt.NDArray[np.bool_] = alike & (self._agreeing(aspect) >= 1)
        return found

    def _organization(self, aspect: Aspect) -> npt.NDArray[np.bool_]:
        """The same where organisations are all there is."""
        agreeing = self._agreeing(aspect)
        least = 2 if aspect.name == ORGANIZATION else 1
        named = self._equal[ORGANIZATION] | (aspect.name == ORGANIZATION)
        found: npt.NDArray[np.bool_] = named & (agreeing >= least)
        return found

    def _agreeing(self, aspect: Aspect) -> npt.NDArray[np.int64]:
        """In how much that is strong, but for the aspect itself."""
        return self._count([a.name for a in self._strong if a is not aspect]) + self._at_one_address(aspect)

    def belongs(self, aspect: Aspect, overall: Mapping[str, npt.NDArray[np.float64]]) -> npt.NDArray[np.float64]:
        """How much each pair counts where one person is looked at: those that are surely one. Where names are few, some
        of these are two members of a household who share even the given name, as many for each pair of members who do
        not as among strangers: so much is taken off for such a pair."""
        found: npt.NDArray[np.float64] = self.person(aspect).astype(np.float64)
        if not self._named or aspect.name in NAMES:
            return found
        named, others = overall[NAMES[0]], self._levels[NAMES[0]] == DIFFERENT
        apart = others & (self._levels[NAMES[1]] >= ALIKE) & (self._agreeing(aspect) >= 1)
        found[apart] = -named[ALIKE:].sum() / named[DIFFERENT]
        return found

    def family(self) -> npt.NDArray[np.bool_]:
        """One family name at one address: no strangers, whoever they are."""
        if "family name" not in self._levels:
            return np.zeros(self._size, bool)
        found: npt.NDArray[np.bool_] = (self._levels["family name"] >= ALIKE) & self._at_one_address()
        return found

    def named_alone(self) -> npt.NDArray[np.bool_]:
        """One name, of organisations of which nothing but a name is known."""
        if set(self._equal) != {ORGANIZATION}:
            return np.zeros(self._size, bool)
        found: npt.NDArray[np.bool_] = self._equal[ORGANIZATION]
        return found

    def _at_one_address(self, aspect: Aspect | None = None) -> npt.NDArray[np.bool_]:
        """Whose street and number are the same, but for the address itself."""
        if PLACE not in self._levels or (aspect and aspect.name == PLACE):
            return np.zeros(self._size, bool)
        found: npt.NDArray[np.bool_] = self._levels[PLACE] // LINE == POSTCODE - 1
        return found

    def household(self, aspect: Aspect) -> npt.NDArray[np.bool_]:
        """Another given name (of things, another in what is their own), and two things shared."""
        if not self.own:
            return np.zeros(self._size, bool)
        common = ("family name", *STRONG[1:]) if self._named else [n for n in self._equal if n != self.own]
        shared = self._count([n for n in common if n != aspect.name])
        shared = shared + self._at_one_address(aspect)
        found: npt.NDArray[np.bool_] = (self._levels[self.own] == DIFFERENT) & (shared >= 2)
        return found

    def _count(self, names: list[str]) -> npt.NDArray[np.int64]:
        found = np.zeros(self._size, np.int64)
        for name in names:
            if name in self._equal:
                found += self._equal[name]
        return found
