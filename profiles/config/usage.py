"""Where attributes of profiles are used. Rooms that use them register; what is used cannot be taken away."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from core.text import label_key


@dataclass(frozen=True)
class Use:
    """Something that uses something: its kind in words ("Journey"), its name and its page."""

    kind: str
    label: str
    url: str


Provider = Callable[[], Iterable[tuple[Use, set[str]]]]
_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """`provider()` returns everything that uses attributes, with their names or labels as they are written there."""
    if provider not in _providers:
        _providers.append(provider)


def uses_of(names: Iterable[str]) -> list[tuple[Use, set[str]]]:
    """Everything that speaks of any of these names or labels, and which of them it is."""
    wanted = {label_key(name): name for name in names}
    found = []
    for provider in _providers if wanted else ():
        for use, spoken in provider():
            mine = {wanted[label_key(name)] for name in spoken if label_key(name) in wanted}
            if mine:
                found.append((use, mine))
    return found
