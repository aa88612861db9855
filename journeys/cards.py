"""What the designer shows of a graph besides its shape: words for every card, and the kinds that can be added."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import formats
from journeys import kinds
from journeys.graph import START, Graph
from segments.models import Segment

_OWN = {"id", "kind", "label", "next", "joins"}


def cards(graph: Graph) -> dict[str, dict[str, Any]]:
    """Per step id, and for the start: `detail`, and the names of its exits; of the start, `title` and how many people
    begin (`size`, None when nobody knows)."""
    found: dict[str, dict[str, Any]] = {START: start_card(graph)}
    for step in graph.steps:
        kind = kinds.kind_of(step)
        found[step.id] = {"detail": kind.words(step), "exits": kind.exit_names(step)}
    return found


def start_card(graph: Graph) -> dict[str, Any]:
    segment = Segment.objects.filter(slug=graph.start.segment).first() if graph.start.segment else None
    if segment is None:
        return {"title": "", "detail": _("Nobody enters yet"), "size": None}
    detail = f"{size_words(segment)} · {joining_words(graph)}"
    return {"title": segment.name, "detail": detail, "size": segment.size}


def size_words(segment: Segment) -> str:
    if segment.size is None:
        return _("not counted yet")
    return ngettext("%(n)s member", "%(n)s members", segment.size) % {"n": formats.number(segment.size)}


def joining_words(graph: Graph) -> str:
    if graph.start.joining == "present":
        return _("present members, once")
    return _("and everyone who joins later")


def kinds_json() -> list[dict[str, Any]]:
    """The kinds in the order of the menu, with what a new step of each starts with."""
    return [
        {
            "name": kind.name,
            "label": str(kind.label),
            "description": str(kind.description),
            "icon": kind.icon,
            "finishes": kind.finishes,
            "defaults": new_step(kind),
        }
        for kind in kinds.all_kinds()
    ]


def new_step(kind: kinds.StepKind) -> dict[str, Any]:
    step = kind.schema(id="new", kind=kind.name).model_dump(mode="json", exclude=_OWN)
    if "branches" in step:
        step["branches"] = [{"label": "", "rule": {}, "steps": []}]
        step["otherwise"] = []
    return step
