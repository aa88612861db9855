"""What rules may speak of that lives in higher rooms: the segments. The room that owns them registers itself."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.errors import InvalidInput
from rules.language import Rule, parse, segments_in


@dataclass(frozen=True)
class SegmentReference:
    """A segment as the builder offers it, with its stored rule. `size` is None before its first refresh."""

    slug: str
    name: str
    is_live: bool
    size: int | None
    rule: Any = None


_provider: list[Callable[[], Iterable[SegmentReference]]] = []


def register_segments(provider: Callable[[], Iterable[SegmentReference]]) -> None:
    _provider[:] = [provider]


def segments() -> list[SegmentReference]:
    """All segments, by name."""
    return [reference for provider in _provider for reference in provider()]


def segment_names(slugs: Iterable[str]) -> dict[str, str]:
    wanted = set(slugs)
    return {reference.slug: reference.name for reference in segments() if reference.slug in wanted} if wanted else {}


def segment_rules(rule: Rule) -> dict[str, Rule]:
    """The rules of all segments that a rule speaks of, and of those that these speak of.

    Raises InvalidInput for a segment that does not exist or whose rule cannot be read, and for a circle.
    """
    if not segments_in(rule):
        return {}
    known = {reference.slug: reference for reference in segments()}
    found: dict[str, Rule] = {}

    def collect(of: Rule, above: tuple[str, ...], path: str) -> None:
        for slug in sorted(segments_in(of)):
            if slug in above:
                raise InvalidInput(
                    _("Segments refer to each other in a circle: %(names)s.") % {"names": " → ".join([*above, slug])},
                    place=path,
                )
            if slug not in known:
                raise InvalidInput(_("There is no segment “%(slug)s” (any more).") % {"slug": slug}, place=path)
            if slug not in found:
                found[slug] = parse(known[slug].rule, f"segments[{known[slug].name}].rule")
                collect(found[slug], (*above, slug), path)

    collect(rule, (), "rule")
    return found
