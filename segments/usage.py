"""Where a segment is used. Rooms that use segments register; what is used cannot be deleted."""

from collections import Counter
from collections.abc import Callable, Iterable

from profiles.config.usage import Use
from segments.models import Segment

Provider = Callable[[], Iterable[tuple[Use, set[str]]]]
_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """`provider()` returns everything that uses segments, with their short names, in a number of queries of its own."""
    if provider not in _providers:
        _providers.append(provider)


def uses_of(segment: Segment) -> list[Use]:
    """Everything that uses a segment, the other segments included."""
    return [use for provider in _providers for use, slugs in provider() if segment.slug in slugs]


def counts() -> Counter[str]:
    """How many things use each segment, by short name."""
    return Counter(slug for provider in _providers for _use, slugs in provider() for slug in slugs)
