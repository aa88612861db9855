"""What rules may speak of that lives in higher rooms: the segments. The room that owns them registers itself."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class SegmentReference:
    """A segment as the builder offers it. `size` is None before its first refresh; only live ones have members."""

    slug: str
    name: str
    is_live: bool
    size: int | None


_provider: list[Callable[[], Iterable[SegmentReference]]] = []


def register_segments(provider: Callable[[], Iterable[SegmentReference]]) -> None:
    _provider[:] = [provider]


def segments() -> list[SegmentReference]:
    """All segments, by name."""
    return [reference for provider in _provider for reference in provider()]


def segment_names(slugs: Iterable[str]) -> dict[str, str]:
    wanted = set(slugs)
    return {reference.slug: reference.name for reference in segments() if reference.slug in wanted} if wanted else {}
