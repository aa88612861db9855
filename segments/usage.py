"""Where a segment is used. Rooms that use segments register; what is used cannot be deleted."""

from collections.abc import Callable
from dataclasses import dataclass

from segments.models import Segment


@dataclass(frozen=True)
class Use:
    """Something that uses a segment: its kind in words ("Journey"), its name and its page."""

    kind: str
    label: str
    url: str


Provider = Callable[[str], list[Use]]
_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """`provider(slug)` returns everything that uses the segment with this short name."""
    if provider not in _providers:
        _providers.append(provider)


def uses_of(segment: Segment) -> list[Use]:
    """Everything that uses a segment, the other segments included."""
    return [use for provider in _providers for use in provider(segment.slug)]
