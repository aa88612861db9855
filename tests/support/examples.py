"""How many random examples a test looks at. Every run looks at others; KINDRED_EXAMPLES=10 at ten times as many."""

import os
from typing import Any

from hypothesis import settings

TIMES = float(os.environ.get("KINDRED_EXAMPLES", "1"))
USUAL = 50


def examples(count: int = USUAL, **others: Any) -> settings:
    """Decorates a test of which one example takes long. A machine that is busy is no failure: nothing is timed."""
    return settings(max_examples=max(1, round(count * TIMES)), deadline=None, **others)
