"""Trying a draft without sending: one person walked through, or everybody counted. The same `decide` as the
run-time."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from core.errors import InvalidInput
from journeys.entering import MEMBERS, member_batches
from journeys.graph import Graph, cycle, in_order
from journeys.kinds import kind_of
from lake.queries import snapshot

FORETOLD = 20_000  # people per step whose message is foretold: their values are read, which takes a second or two


@dataclass
class StepCount:
    """How many people would come to a step, and how many would take each of its exits. `not_sent`: how many of the
    first FORETOLD of them would not get its message, by reason in words."""

    people: int = 0
    exits: list[int] = field(default_factory=list)
    not_sent: dict[str, int] = field(default_factory=dict)


@dataclass
class DryRun:
    """`audience` people would enter now. `steps` by step id. Branches are answered with what is known today."""

    audience: int
    steps: dict[str, StepCount]

    def as_dict(self) -> dict[str, Any]:
        steps = {
            step_id: {
                "people": count.people,
                "exits": count.exits,
                "not_sent": count.not_sent,
                "looked_at": min(count.people, FORETOLD),
            }
            for step_id, count in self.steps.items()
        }
        return {"audience": self.audience, "steps": steps}


def dry_run(graph: Graph, now: datetime) -> DryRun:
    """Sends the start segment's members through the steps in thought. Raises InvalidInput for a graph with circles."""
    _refuse_circles(graph)
    result = DryRun(0, {step.id: StepCount(0, [0] * len(step.exits())) for step in graph.steps})
    order = in_order(graph)
    for batch in member_batches(snapshot(), graph.start.segment):
        result.audience += batch.num_rows
        _count(graph, order, batch.column("profile_id").to_pylist(), now, result)
    return result


def _count(graph: Graph, order: Sequence[Any], members: list[str], now: datetime, result: DryRun) -> None:
    standing: dict[str, list[str]] = defaultdict(list)
    standing[graph.start.next or ""] = members
    for step in order:
        people = standing.pop(step.id, [])
        count = result.steps[step.id]
        foretold = people[: max(0, FORETOLD - count.people)]
        count.people += len(people)
        for reason, times in (kind_of(step).forecast(step, foretold) if foretold else {}).items():
            count.not_sent[reason] = count.not_sent.get(reason, 0) + times
        if not people or kind_of(step).finishes:
            continue
        ways = step.exits()
        for profile_id, outcome in kind_of(step).decide(step, people, now).items():
            count.exits[outcome] += 1
            standing[ways[outcome].target or ""].append(profile_id)


@dataclass(frozen=True)
class WalkStep:
    """One step on one person's way. `exit` is the number of the way out, None at an end; `notes` what they would
    get."""

    step: str
    kind: str
    title: str
    arrives_at: datetime
    leaves_at: datetime
    exit: int | None
    answer: str
    notes: list[str]


def walk(graph: Graph, profile_id: str, now: datetime) -> list[WalkStep]:
    """The way of one person who enters now, if nothing about them changes on the way. Nothing is sent or written."""
    _refuse_circles(graph)
    steps, way, here = graph.by_id(), list[WalkStep](), graph.start.next
    while here in steps:
        step = steps[here]
        kind = kind_of(step)
        leaves = kind.due(step, now)
        ends = kind.finishes
        outcome = None if ends else kind.decide(step, [profile_id], leaves)[profile_id]
        exits = step.exits()
        way.append(
            WalkStep(
                step=step.id,
                kind=step.kind,
                title=step.label or str(kind.label),
                arrives_at=now,
                leaves_at=leaves,
                exit=outcome,
                answer=kind.exit_names(step)[outcome] if outcome is not None else "",
                notes=kind.preview(step, profile_id),
            )
        )
        if outcome is None:
            break
        here, now = exits[outcome].target, leaves
    return way


def _refuse_circles(graph: Graph) -> None:
    if cycle(graph):
        raise InvalidInput(_("The journey goes in circles. Solve the problems that are listed first."), code="circle")


def some_members(segment: str, count: int) -> list[str]:
    """The first members of a segment by id; none before its first refresh."""
    snap = snapshot()
    if not segment or not snap.has(MEMBERS):
        return []
    members = snap.table(MEMBERS)
    found = members.filter(members.segment == segment).select("profile_id").order_by("profile_id")
    ids: list[str] = snap.arrow(found, limit=count).column(0).to_pylist()
    return ids
