"""A journey as a graph of steps: its stored form, and what makes it whole. Pure: no database, no lake."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SerializeAsAny, ValidationError

from core.errors import InvalidInput
from core.shapes import refused
from journeys import kinds
from journeys.kinds import Problem, Step

MAX_STEPS = 200  # a page stays readable, and validation stays below a blink
MAX_BYTES = 500_000  # of the stored JSON
START = "start"


def _parse_step(value: Any) -> Any:
    if isinstance(value, Step):
        return value
    if not isinstance(value, dict):
        raise ValueError(_("A step is a table of fields."))
    kind = kinds.get(str(value.get("kind", "")))
    if kind is None:
        known = ", ".join(k.name for k in kinds.all_kinds())
        raise ValueError(
            _("There is no step kind “%(kind)s”. Known: %(known)s.") % {"kind": value.get("kind"), "known": known}
        )
    return kind.schema.model_validate(value)


AnyStep = Annotated[SerializeAsAny[Step], BeforeValidator(_parse_step)]


class Start(BaseModel):
    """Who enters. `reentry` lets a person who left the segment and came back go through again."""

    model_config = ConfigDict(extra="forbid")

    segment: str = Field("", max_length=200)
    joining: Literal["present", "also_later"] = "present"
    reentry: bool = False
    next: str | None = None


class Graph(BaseModel):
    """The steps in the order in which they were drawn; the order has no meaning, `next` has."""

    model_config = ConfigDict(extra="forbid")

    start: Start = Field(default_factory=Start)
    steps: list[AnyStep] = Field(default_factory=list, max_length=MAX_STEPS)

    def step(self, step_id: str) -> Step:
        return self.by_id()[step_id]

    def by_id(self) -> dict[str, Step]:
        return {step.id: step for step in self.steps}

    def index(self) -> dict[str, int]:
        """Step id → its place in `steps`, from 0: the short number that enrolments keep in their trail."""
        return {step.id: number for number, step in enumerate(self.steps)}

    def reachable(self, after: str | None = None) -> set[str]:
        """Ids of the steps that somebody who starts, or who leaves the step `after`, can come to."""
        steps, seen = self.by_id(), set[str]()
        todo = [way.target for way in steps[after].exits()] if after else [self.start.next]
        while todo:
            step_id = todo.pop()
            if step_id in steps and step_id not in seen:
                seen.add(step_id)
                todo += [way.target for way in steps[step_id].exits()]
        return seen

    def dump(self) -> dict[str, Any]:
        return self.model_dump(mode="json", by_alias=True)


def parse(value: Any) -> Graph:
    """A graph from JSON. Raises InvalidInput, with the place, for what is no graph; a graph may still have problems."""
    if len(json.dumps(value, default=str)) > MAX_BYTES:
        raise InvalidInput(_("This journey is too large. Split it into several journeys."), code="too_large")
    try:
        return Graph.model_validate(value)
    except ValidationError as error:
        raise refused(error, value=value) from error


def problems(graph: Graph) -> list[Problem]:
    """Everything that stands against publishing which can be known from the graph and its steps' own checks."""
    found = list(_shape_problems(graph))
    for step in graph.steps:
        found += kinds.kind_of(step).check(step)
    return found


def _shape_problems(graph: Graph) -> Iterator[Problem]:
    steps = graph.by_id()
    for step_id, times in Counter(step.id for step in graph.steps).items():
        if times > 1:
            yield Problem(step_id, "id", _("Two steps have the same id."))
    if not graph.steps:
        yield Problem(START, "next", _("Add at least one step."))
    elif graph.start.next is None:
        yield Problem(START, "next", _("The start leads to no step."))
    targets = [(START, graph.start.next)] + [(s.id, way.target) for s in graph.steps for way in s.exits()]
    for step_id, target in targets:
        if target is not None and target not in steps:
            yield Problem(step_id, "next", _("The next step “%(id)s” does not exist.") % {"id": target})
    reached = graph.reachable()
    for step in graph.steps:
        if step.id not in reached:
            yield Problem(step.id, "", _("Nobody can reach this step. Connect it or remove it."))
    for step_id in cycle(graph):
        yield Problem(step_id, "next", _("This path leads back to an earlier step. A journey cannot go in circles."))


def cycle(graph: Graph) -> list[str]:
    """Ids of the steps that lie on, or can be come to only through, a circle; empty for a journey that always ends."""
    steps = graph.by_id()
    waiting = {s.id: sum(way.target in steps for way in s.exits()) for s in steps.values()}
    before: dict[str, list[str]] = {step_id: [] for step_id in steps}
    for step in steps.values():
        for way in step.exits():
            if way.target in steps:
                before[way.target].append(step.id)
    free = [step_id for step_id, count in waiting.items() if count == 0]
    while free:
        step_id = free.pop()
        del waiting[step_id]
        for earlier in before[step_id]:
            waiting[earlier] -= 1
            if waiting[earlier] == 0:
                free.append(earlier)
    return [step.id for step in graph.steps if step.id in waiting and _comes_back(step.id, steps, set(waiting))]


def _comes_back(start: str, steps: dict[str, Step], within: set[str]) -> bool:
    seen, todo = set[str](), [start]
    while todo:
        for way in steps[todo.pop()].exits():
            if way.target == start:
                return True
            if way.target in within and way.target not in seen:
                seen.add(way.target)
                todo.append(way.target)
    return False


def in_order(graph: Graph) -> list[Step]:
    """The reachable steps, each after all steps that lead to it. Only for a graph without circles."""
    steps, done, order = graph.by_id(), set[str](), list[Step]()
    todo = [(graph.start.next, False)]
    while todo:
        step_id, ready = todo.pop()
        if step_id is None or step_id not in steps:
            continue
        if ready:
            order.append(steps[step_id])
        elif step_id not in done:
            done.add(step_id)
            todo.append((step_id, True))
            todo += [(way.target, False) for way in steps[step_id].exits()]
    return order[::-1]
