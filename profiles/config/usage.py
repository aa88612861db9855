"""Where attributes of profiles are used, by their names or labels as they are written there."""

from collections.abc import Iterable

from core.text import label_key
from core.usage import Use, Uses

attributes = Uses()


def uses_of(names: Iterable[str]) -> list[tuple[Use, set[str]]]:
    """Everything that speaks of any of these names or labels, and which of them it is."""
    wanted = {label_key(name): name for name in names}
    found = []
    for use, spoken in attributes if wanted else ():
        mine = {wanted[label_key(name)] for name in spoken if label_key(name) in wanted}
        if mine:
            found.append((use, mine))
    return found
