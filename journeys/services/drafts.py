"""Drawing a journey."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, roles
from core.errors import Conflict, InvalidInput
from core.roles import Actor
from journeys import graph as graphs
from journeys.graph import START, Graph
from journeys.kinds import Problem, kind_of
from journeys.models import Journey
from journeys.tree import start_of, to_graph, to_tree
from messaging.conversions import MAX_DAYS
from segments.models import Segment

NEW_STEPS = [{"id": "end-1", "kind": "end"}]


@transaction.atomic
def create(
    name: str,
    *,
    by: Actor,
    graph: Graph | None = None,
    description: str = "",
    segment: str = "",
    slug: str = "",
) -> Journey:
    """A draft; without a graph it has a start, with the members of `segment`, and an end. Without `slug` its short name
    is made from its name."""
    roles.require(by, "journeys.add_journey")
    new = {"start": {"segment": segment, "next": "end-1"}, "steps": NEW_STEPS}
    draft = (graph or graphs.parse(new)).dump()
    journey = Journey.objects.create(
        name=_checked_name(name), slug=slug, description=description, draft=draft, created_by=by, updated_by=by
    )
    audit.record(by, "journey.create", journey)
    return journey


@transaction.atomic
def save_draft(journey: Journey, graph: Graph, *, by: Actor, revision: int | None = None) -> Journey:
    """Keeps what was drawn, with its problems; they only stand against publishing.

    `revision` is the one that the drawing started from. Raises Conflict when somebody else saved in between.
    """
    roles.require(by, "journeys.change_journey")
    locked = Journey.objects.select_for_update().get(pk=journey.pk)
    if revision is not None and revision != locked.revision:
        raise Conflict(_("Somebody else changed this journey meanwhile. Reload the page to see their changes."))
    if locked.state in {Journey.State.COMPLETED, Journey.State.STOPPED}:
        raise Conflict(_("This journey is over. Duplicate it to go on with a new one."))
    draft = tidy(graph).dump()
    if draft != locked.draft:
        locked.draft = draft
        locked.revision += 1
        locked.updated_by = by
        locked.save(update_fields=["draft", "revision", "updated_by", "updated_at"])
        audit.record(by, "journey.edit", locked, revision=locked.revision)
    return locked


def tidy(graph: Graph) -> Graph:
    """The same graph in its normal form: steps from top to bottom. A graph with loose ends is kept as it is."""
    reached = graph.reachable()
    if graphs.cycle(graph) or len(reached) != len(graph.steps):
        return graph
    return to_graph(start_of(graph), to_tree(graph))


def validate(graph: Graph) -> list[Problem]:
    """Everything that stands against publishing, the start first, then in the order of the steps."""
    return [*_start_problems(graph), *graphs.problems(graph)]


def hints(graph: Graph) -> list[Problem]:
    """What does not stand against publishing but may be a mistake, in the same order."""
    return [*_start_hints(graph), *(hint for step in graph.steps for hint in kind_of(step).hints(step))]


def _start_hints(graph: Graph) -> list[Problem]:
    return [*_nothing_happens(graph), *_nobody_enters(graph)]


def _nothing_happens(graph: Graph) -> list[Problem]:
    if not graph.steps or any(kind_of(step).acts for step in graph.steps):
        return []
    return [Problem(START, "next", _("Nobody gets anything in this journey: it has no e-mail yet."))]


def _nobody_enters(graph: Graph) -> list[Problem]:
    segment = Segment.objects.filter(slug=graph.start.segment, state="live", size=0).first()
    if segment is None:
        return []
    text = _("The segment “%(name)s” has no members now, so nobody enters until it has some.")
    return [Problem(START, "segment", text % {"name": segment.name})]


def _start_problems(graph: Graph) -> list[Problem]:
    slug = graph.start.segment
    if not slug:
        return [Problem(START, "segment", _("Choose the segment whose members start this journey."))]
    segment = Segment.objects.filter(slug=slug).first()
    if segment is None:
        text = _("There is no segment “%(name)s”. Choose another one.") % {"name": slug}
        return [Problem(START, "segment", text)]
    if segment.state == "draft":
        text = _("The segment “%(name)s” is a draft. Publish it first.") % {"name": segment.name}
        return [Problem(START, "segment", text)]
    return []


@transaction.atomic
def rename(journey: Journey, name: str, description: str, *, by: Actor) -> Journey:
    roles.require(by, "journeys.change_journey")
    before = journey.name
    journey.name, journey.description, journey.updated_by = _checked_name(name), description, by
    journey.save(update_fields=["name", "description", "updated_by", "updated_at"])
    audit.record(by, "journey.rename", journey, before=before)
    return journey


@transaction.atomic
def set_goal(journey: Journey, activity: str, days: int, *, by: Actor) -> Journey:
    """Which activity counts as a conversion, and for how many days after a message. May change at any time."""
    roles.require(by, "journeys.change_journey")
    if not 1 <= days <= MAX_DAYS:
        text = _("Choose between 1 and %(days)s days.") % {"days": MAX_DAYS}
        raise InvalidInput(text, place="conversion_days", fields={"conversion_days": [text]})
    if (activity, days) != (journey.conversion_activity, journey.conversion_days):
        before = {"activity": journey.conversion_activity, "days": journey.conversion_days}
        journey.conversion_activity, journey.conversion_days, journey.updated_by = activity, days, by
        journey.save(update_fields=["conversion_activity", "conversion_days", "updated_by", "updated_at"])
        audit.record(by, "journey.goal", journey, before=before, activity=activity, days=days)
    return journey


@transaction.atomic
def duplicate(journey: Journey, *, by: Actor) -> Journey:
    """A new draft with the same steps and goal."""
    name = _("%(name)s (copy)") % {"name": journey.name}
    copy = create(name[:200], by=by, graph=graphs.parse(journey.draft), description=journey.description)
    return set_goal(copy, journey.conversion_activity, journey.conversion_days, by=by)


@transaction.atomic
def discard_draft(journey: Journey, *, by: Actor) -> Journey:
    """Goes back to what was published last. Raises Conflict when nothing was published yet."""
    roles.require(by, "journeys.change_journey")
    version = journey.latest()
    if version is None:
        raise Conflict(_("This journey was never published, so there is nothing to go back to."))
    return save_draft(journey, graphs.parse(version.graph), by=by)


@transaction.atomic
def delete(journey: Journey, *, by: Actor) -> None:
    """Removes a draft. What was ever published stays, with its people and results."""
    roles.require(by, "journeys.delete_journey")
    locked = Journey.objects.select_for_update().get(pk=journey.pk)
    if locked.versions.exists():
        raise Conflict(_("This journey has been published and keeps its results. Stop it instead of deleting it."))
    audit.record(by, "journey.delete", locked)
    locked.delete()


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > 200:
        text = _("Give the journey a name of at most 200 characters.")
        raise InvalidInput(text, place="name", fields={"name": [text]})
    return name


def graph_from(value: Any) -> Graph:
    """A graph from JSON: `{start, steps}`, where the steps are linked by `next`, or nested when the start names
    none."""
    start = value.get("start") if isinstance(value, dict) else None
    if start is None or "steps" not in value:
        raise InvalidInput(_("A journey is an object with a start and steps."), place="draft")
    if isinstance(start, dict) and "next" not in start and isinstance(value.get("steps"), list):
        return to_graph(start, value["steps"])
    return graphs.parse(value)
