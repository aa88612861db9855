"""Up to which size groups of records that share a value are compared pair by pair.

Decided once, from all records, and kept with what was learned: whoever looks at a part of the records later must pass
over the same groups.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt


class Limits:
    """Per key the largest group that is compared, decided when first asked for. With `known`, nothing is decided any
    more: an unknown key raises KeyError."""

    def __init__(self, known: Mapping[str, int] | None = None) -> None:
        self.known = dict(known or {})
        self._open = known is None

    def asks_for(self, words: str, *, otherwise: bool) -> bool:
        """Whether a known key has these words in its name; `otherwise` while keys are still to be decided."""
        return otherwise if self._open else any(words in key for key in self.known)

    def largest(self, key: str, sizes: npt.NDArray[np.int64], most: int, pairs: float) -> int:
        """`sizes`: of all groups of this key. Groups of up to `most` records are compared, the small ones first, as
        long as all together make no more than so many `pairs`."""
        if self._open and key not in self.known:
            groups = np.bincount(np.minimum(sizes, most + 1), minlength=most + 2)[: most + 1]
            size = np.arange(most + 1, dtype=np.int64)
            cost = np.cumsum(groups * (size * (size - 1) // 2))
            self.known[key] = int(size[cost <= pairs].max(initial=0))
        return self.known[key]
