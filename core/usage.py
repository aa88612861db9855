"""What uses what. A room that offers something keeps a register; rooms that use it add themselves to that, and what is
used cannot be deleted.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Use:
    """Something that uses something: its kind in words ("Journey"), its name and its page."""

    kind: str
    label: str
    url: str


Used = tuple[Use, set[str]]


class Uses:
    """Of one kind of things, which are called by name."""

    def __init__(self) -> None:
        self._providers: list[Callable[[], Iterable[Used]]] = []

    def register(self, provider: Callable[[], Iterable[Used]]) -> None:
        """`provider()` returns all that uses such things, with their names, in a number of queries of its own."""
        if provider not in self._providers:
            self._providers.append(provider)

    def __iter__(self) -> Iterator[Used]:
        return (used for provider in self._providers for used in provider())

    def of(self, name: str) -> list[Use]:
        return [use for use, names in self if name in names]

    def counts(self) -> Counter[str]:
        """How many use each of them, by name."""
        return Counter(name for _use, names in self for name in names)
