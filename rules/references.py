"""What rules may speak of that lives in higher rooms: the segments. The room that owns them registers itself."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.errors import InvalidInput
from core.text import label_key
from rules.language import MODES, Membership, Rule, parse, segments_in, walk


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


def by_short_names(rule: Any) -> Any:
    """A rule as a person writes it into a file, where segments may have their names, with short names in their place.
    What names no segment stays."""
    slugs = {label_key(reference.name): reference.slug for reference in segments()}
    known = set(slugs.values())

    def read(node: Any) -> Any:
        if not isinstance(node, dict):
            return node
        lists = [mode for mode in MODES if isinstance(node.get(mode), list)]
        found: dict[str, Any] = {mode: [read(inner) for inner in node[mode]] for mode in lists}
        named = node.get("segment")
        if isinstance(named, str) and named not in known:
            found["segment"] = slugs.get(label_key(named), named)
        return node | found

    return read(rule)


def segment_rules(rule: Rule) -> dict[str, Rule]:
    """The rules of all segments that a rule speaks of, and of those that these speak of.

    Raises InvalidInput for a segment that does not exist or whose rule cannot be read, and for a circle; its place is
    the condition of `rule` that leads there.
    """
    if not segments_in(rule):
        return {}
    known = {reference.slug: reference for reference in segments()}
    found: dict[str, Rule] = {}

    def collect(of: Rule, above: tuple[str, ...], start: str) -> None:
        for path, node in walk(of):
            if not isinstance(node, Membership):
                continue
            slug, place = node.segment, start or path
            if slug in above:
                names = [known[name].name for name in (*above, slug)]
                text = _("Segments refer to each other in a circle: %(names)s.") % {"names": " → ".join(names)}
                raise InvalidInput(text, place=place)
            if slug not in known:
                raise InvalidInput(_missing(slug, [known[name].name for name in above]), place=place)
            if slug not in found:
                found[slug] = parse(known[slug].rule, f"segments[{known[slug].name}].rule")
                collect(found[slug], (*above, slug), place)

    collect(rule, (), "")
    return found


def _missing(slug: str, above: list[str]) -> str:
    """`above`: the names of the segments through which a rule came there."""
    if above:
        text = _("The segment “%(name)s” speaks of a segment that is gone: “%(slug)s”. Edit the rule of “%(name)s”.")
        return text % {"name": above[-1], "slug": slug}
    text = _("There is no segment “%(slug)s” any more. Choose another one here, or remove the condition.")
    return text % {"slug": slug}
