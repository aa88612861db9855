"""The section `journeys` of the workspace file."""

from typing import Any, Literal

from django.utils.translation import gettext as _
from pydantic import Field

from core.definitions import Known, Named, stated_slug
from core.errors import InvalidInput
from core.sections import ApplyContext, Change, Strict
from journeys import friendly, kinds, services
from journeys import graph as graphs
from journeys.graph import Graph
from journeys.models import Journey
from journeys.services.drafts import tidy
from journeys.tree import start_of, to_graph
from messaging.conversions import MAX_DAYS
from segments.models import Segment


class StartSpec(Strict):
    segment: str = ""
    joining: Literal["present", "also_later"] = "present"
    reentry: bool = False


class ConversionSpec(Strict):
    activity: str = ""
    within_days: int = Field(14, ge=1, le=MAX_DAYS)


class JourneySpec(Named):
    """`state: live` publishes what is not published yet. A journey that is paused or over is left as it is."""

    description: str = ""
    start: StartSpec = Field(default_factory=StartSpec)
    steps: list[Any] = Field(default_factory=list)
    state: Literal["draft", "live", "paused", "completed", "stopped"] = "draft"
    conversion: ConversionSpec = Field(default_factory=ConversionSpec)


class JourneysSection:
    name = "journeys"
    order = 80
    spec = list[JourneySpec]

    def export(self) -> list[JourneySpec]:
        return [_spec(journey) for journey in Journey.objects.order_by("name", "pk")]

    def apply(self, value: list[JourneySpec], context: ApplyContext) -> list[Change]:
        known = Known("journeys", Journey.objects.all())
        return [change for spec in value for change in _Apply(spec, known.find(spec), context).run()]


def _spec(journey: Journey) -> JourneySpec:
    graph = graphs.parse(journey.draft)
    return JourneySpec(
        name=journey.name,
        slug=stated_slug(journey),
        description=journey.description,
        start=StartSpec(**start_of(graph)),
        steps=friendly.write(graph),
        state=journey.state,
        conversion=ConversionSpec(activity=journey.conversion_activity, within_days=journey.conversion_days),
    )


class _Apply:
    """One journey of the file against the one that it means."""

    def __init__(self, spec: JourneySpec, journey: Journey | None, context: ApplyContext) -> None:
        self.spec, self.journey, self.context = spec, journey, context
        self.place = f"journeys[{spec.name}]"
        self.changes: list[Change] = []

    def run(self) -> list[Change]:
        try:
            return self._new() if self.journey is None else self._existing(self.journey)
        except InvalidInput as error:
            place = f"{self.place}.{error.place}" if error.place else self.place
            raise InvalidInput(error.message, place=place, fields=error.fields) from error

    def _graph(self, before: Graph | None) -> Graph:
        """What the file states, over what is there."""
        stated = self.spec.model_fields_set
        start = {**(start_of(before) if before else {})}
        if "start" in stated:
            start |= {name: getattr(self.spec.start, name) for name in self.spec.start.model_fields_set}
            start["segment"] = Segment.slug_of(start.get("segment", ""))
        if "steps" in stated:
            drawn = to_graph(start, friendly.read(self.spec.steps))
            steps = [kinds.kind_of(step).resolve(step) for step in drawn.steps]
            return tidy(drawn.model_copy(update={"steps": steps}))
        return Graph(start=before.start.model_copy(update=start), steps=before.steps) if before else to_graph(start, [])

    def _new(self) -> list[Change]:
        graph = self._graph(None)
        self.changes.append(Change("add", self.place, None, self.spec.model_dump(exclude_unset=True)))
        by = self.context.by
        journey = services.create(
            self.spec.name, slug=self.spec.slug, by=by, graph=graph, description=self.spec.description
        )
        goal = self.spec.conversion
        services.set_goal(journey, goal.activity, goal.within_days, by=by)
        if self.spec.state == "live":
            services.publish(journey, by=by)
        return self.changes

    def _existing(self, journey: Journey) -> list[Change]:
        self._words(journey)
        self._goal(journey)
        drawn = self._drawing(journey)
        is_first = self.spec.state == "live" and journey.state == Journey.State.DRAFT
        if is_first:
            self.changes.append(Change("change", f"{self.place}.state", journey.state, "live"))
        republish = drawn and self.spec.state == "live" and journey.is_running
        if is_first or republish:
            services.publish(journey, by=self.context.by)
        return self.changes

    def _drawing(self, journey: Journey) -> bool:
        before = graphs.parse(journey.draft)
        graph = self._graph(before)
        if graph.dump() == tidy(before).dump():
            return False
        if journey.state in {Journey.State.COMPLETED, Journey.State.STOPPED}:
            self.context.notes.append(_("“%(name)s” is over; its steps were not changed.") % {"name": journey.name})
            return False
        if before.start != graph.start:
            self.changes.append(Change("change", f"{self.place}.start", start_of(before), start_of(graph)))
        if before.steps != graph.steps:
            self.changes.append(Change("change", f"{self.place}.steps", friendly.write(before), friendly.write(graph)))
        services.save_draft(journey, graph, by=self.context.by)
        return True

    def _words(self, journey: Journey) -> None:
        """What it is called, and its description."""
        stated = self.spec.model_dump(include={"name", "description"}, exclude_unset=True)
        before = {name: getattr(journey, name) for name in stated}
        if before != stated:
            self.changes += [
                Change("change", f"{self.place}.{name}", before[name], value)
                for name, value in stated.items()
                if before[name] != value
            ]
            description = stated.get("description", journey.description)
            services.rename(journey, self.spec.name, description, by=self.context.by)

    def _goal(self, journey: Journey) -> None:
        if "conversion" not in self.spec.model_fields_set:
            return
        stated = self.spec.conversion
        before: dict[str, Any] = {"activity": journey.conversion_activity, "within_days": journey.conversion_days}
        after = before | {name: getattr(stated, name) for name in stated.model_fields_set}
        if before == after:
            return
        self.changes.append(Change("change", f"{self.place}.conversion", before, after))
        services.set_goal(journey, after["activity"], after["within_days"], by=self.context.by)
