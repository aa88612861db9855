"""The levels of an address: street, postcode and city in one number, for they hang together."""

from collections.abc import Collection

import numpy as np
import numpy.typing as npt

# Of three parts of an address: how alike each is, 0 unknown to 3 equal, as digits of base 4.
LINE, POSTCODE, CITY = 16, 4, 1
PLACE_PARTS = (
    ("address.line", "token_set", (0.75, 1.0), LINE),
    ("address.postcode", "damerau", (0.74, 1.0), POSTCODE),
    ("address.city", "jaro_winkler", (0.88, 1.0), CITY),
)
PLACES = 64
# The same address, or one before or after moving: how often that is, and how often street, postcode and city are then
# different, similar and equal.
USUAL_PLACES = (
    (0.85, ((0.05, 0.25, 0.7), (0.05, 0.05, 0.9), (0.05, 0.05, 0.9))),
    (0.15, ((0.95, 0.04, 0.01), (0.7, 0.1, 0.2), (0.4, 0.1, 0.5))),
)


def known_alike(household: npt.NDArray[np.float64], person: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """How often members of a household reach each level of an address, were the same parts of it known as of one
    person: which are known is a matter of tables, and tells nobody apart."""
    level = np.arange(PLACES)
    known = sum((level // weight % POSTCODE > 0) * weight for weight in (LINE, POSTCODE, CITY))
    of_household, of_person = (np.bincount(known, weights=shares)[known] for shares in (household, person))
    found: npt.NDArray[np.float64] = household * of_person / np.where(of_household > 0, of_household, 1.0)
    return found


def usual_places(weights: Collection[int]) -> tuple[float, ...]:
    """Of the combinations of those parts of an address that there are: who moved has another street, and mostly another
    postcode."""
    code, total = np.arange(1, PLACES), np.zeros(PLACES - 1)
    for share, alike in USUAL_PLACES:
        chance = np.full(PLACES - 1, share)
        for weight, (least, similar, equal) in zip((LINE, POSTCODE, CITY), alike, strict=True):
            told = (1.0, least, similar, equal) if weight in weights else (1.0, 0.0, 0.0, 0.0)
            chance *= np.array(told)[code // weight % POSTCODE]
        total += chance
    return tuple((total / total.sum()).tolist())
