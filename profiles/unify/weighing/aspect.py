"""One of the things that two records are weighed by, and how it is told: by levels of likeness.

Level 0 means that one of the two has no value; from 1, which is different, the levels rise to the last, which is equal.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from profiles.unify.values.in_pairs import Scores

Levels = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]
Index = npt.NDArray[np.int32] | npt.NDArray[np.int64]
DIFFERENT = 1
BIRTH = "person.birth_date"


@dataclass(frozen=True)
class Aspect:
    """`usual`: how often records of one person reach each level, as expected before anything was learned.

    `personal`: members of a household do not have it in common. `features`: what it is made from.
    """

    name: str
    usual: tuple[float, ...]
    personal: bool
    features: frozenset[str]

    @property
    def levels(self) -> int:
        return len(self.usual) + 1

    @property
    def equal(self) -> int:
        return len(self.usual)

    @property
    def rare_in_household(self) -> bool:
        """Whether a rare value is as rare among members of a household."""
        return self.personal and not self.may_be_common

    @property
    def may_be_common(self) -> bool:
        """Whether members of a household have any value of it in common now and then: twins were born on one day, a
        child is known by the number of a parent, a couple has one card."""
        return self.personal and (self.name == BIRTH or self.name.startswith("id."))

    @property
    def is_identifier(self) -> bool:
        """Something that one person, or one household, has to itself."""
        return self.name.startswith(("contact.", "id."))


@dataclass(frozen=True)
class Comparer:
    """Aspects that are computed together."""

    aspects: tuple[Aspect, ...]
    compare: Callable[[Index, Index], tuple[Levels, ...]]


def level(scores: Scores, limits: tuple[float, ...]) -> Levels:
    """0 for an unknown score (below 0), 1 below the first limit, and so on."""
    found: Levels = (scores >= 0).astype(np.uint8)
    for limit in limits:
        found += scores >= np.float32(limit)
    return found
