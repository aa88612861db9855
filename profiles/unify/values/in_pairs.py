"""Two columns of texts, compared row by row."""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from rapidfuzz.process import cpdist

Scores = npt.NDArray[np.float32]
Texts = Sequence[str] | npt.NDArray[np.object_]
# To start threads takes as long as comparing so many.
FEW = 5_000


def in_pairs(scorer: Callable[..., float], left: Texts, right: Texts) -> Scores:
    """What `scorer` says of each row, on all cores where there are many."""
    found: Scores = cpdist(left, right, scorer=scorer, dtype=np.float32, workers=-1 if len(left) > FEW else 1)
    return found
