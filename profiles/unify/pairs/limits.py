"""Up to which size groups of records that share a value are compared pair by pair.

Decided once, from all records, and kept with what was learned: whoever looks at a part of the records later must pass
over the same groups.
"""

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt


class Limits:
    """Per key the largest group that is compared, decided when first asked for. With `known`, nothing is decided any
    more: an unknown key raises KeyError."""

    def __init__(self, known: Mapping[str, int] | None = None) -> None:
        self.known = dict(known or {})
        self.decided = known is not None

    def asks_for(self, words: str, *, otherwise: bool) -> bool:
        """Whether a known key has these words in its name; `otherwise` while keys are still to be decided."""
        return any(words in key for key in self.known) if self.decided else otherwise

    def largest(
        self,
        key: str,
        sizes: npt.NDArray[np.int64],
        most: int,
        pairs: float,
        anyway: float = np.inf,
        worth: Callable[[], Callable[[int], bool]] | None = None,
    ) -> int:
        """`sizes`: of all groups of this key. Groups of up to `most` records are compared, the small ones first, as
        long as all together make no more than so many `pairs`; of more pairs than are looked at `anyway`, as long as
        groups of such a size are worth it."""
        if not self.decided and key not in self.known:
            groups = np.bincount(np.minimum(sizes, most + 1), minlength=most + 2)[: most + 1]
            size = np.arange(most + 1, dtype=np.int64)
            cost = np.cumsum(groups * (size * (size - 1) // 2))
            found, sure = (int(size[cost <= limit].max(initial=0)) for limit in (pairs, min(anyway, pairs)))
            if worth is not None and found > sure:
                is_worth_it = worth()
                found = next((size - 1 for size in range(sure + 1, found + 1) if not is_worth_it(size)), found)
            self.known[key] = found
        return self.known[key]
