"""What the run-time needs to know of a version, parsed once: versions never change."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from journeys.graph import Graph, parse
from journeys.kinds import Step, kind_of
from journeys.models import Enrolment, JourneyVersion

COMPLETED = "completed"


@dataclass(frozen=True)
class Plan:
    """A version, ready to walk."""

    version_id: int
    number: int
    journey_id: int
    journey_slug: str
    graph: Graph
    steps: Mapping[str, Step]
    index: Mapping[str, int]
    frozen: Mapping[str, Any]


@dataclass(frozen=True)
class Arrival:
    """Where people stand after a move. `step` is None when there is no further step: they stay where they were."""

    step: str | None
    state: str
    reason: str
    due_at: datetime | None


def plan_of(version: JourneyVersion) -> Plan:
    return _plan(version.pk, version.published_at.isoformat(), version.frozen is not None)


@lru_cache(maxsize=256)
def _plan(version_id: int, published_at: str, is_pinned: bool) -> Plan:
    version = JourneyVersion.objects.select_related("journey").get(pk=version_id)
    graph = parse(version.graph)
    return Plan(
        version_id=version.pk,
        number=version.number,
        journey_id=version.journey_id,
        journey_slug=version.journey.slug,
        graph=graph,
        steps=graph.by_id(),
        index=graph.index(),
        frozen=version.frozen or {},
    )


def arrival(plan: Plan, target: str | None, now: datetime) -> Arrival:
    """What becomes of people who come to `target` now. Nowhere, and an end, complete the run at once."""
    if target is None:
        return Arrival(None, Enrolment.State.DONE, COMPLETED, None)
    step = plan.steps[target]
    kind = kind_of(step)
    if kind.finishes:
        return Arrival(target, Enrolment.State.DONE, COMPLETED, None)
    return Arrival(target, Enrolment.State.ACTIVE, "", kind.due(step, now))
