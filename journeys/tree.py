"""A journey as people read it: a list of steps from top to bottom, branches holding lists of their own. Pure.

    [{kind: email, …}, {kind: branch, branches: [{label, rule, steps: […]}], otherwise: […]}, {kind: wait, …}]

A list that ends without an `end` step goes on with what follows the branch that it belongs to: that is where paths
join. A path that jumps elsewhere says {"go_to": id}. Every graph has one such reading, and reading it back gives the
same graph.
"""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from core.errors import InvalidInput
from journeys import kinds
from journeys.graph import MAX_STEPS, Graph, Start, cycle, in_order, parse
from journeys.kinds import Step

Node = dict[str, Any]
MAX_DEPTH = 20  # branches within branches; a person cannot read more


def to_tree(graph: Graph) -> list[Node]:
    """The nested reading of the reachable steps."""
    return _Reader(graph).read(graph.start.next, None)


class _Reader:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.steps = graph.by_id()
        self.seen: set[str] = set()
        self.after = {} if cycle(graph) else _unavoidable(graph)

    def read(self, step_id: str | None, stop: str | None) -> list[Node]:
        nodes: list[Node] = []
        while step_id is not None and step_id != stop and step_id in self.steps:
            if step_id in self.seen:
                return [*nodes, {"go_to": step_id}]
            self.seen.add(step_id)
            step = self.steps[step_id]
            node = step.model_dump(mode="json", by_alias=True, exclude={"next", "joins"})
            nodes.append(node)
            if kinds.kind_of(step).finishes:
                return nodes
            step_id = self._branches(step, node, stop) if "branches" in node else step.next
        # Leaving a nested list towards nowhere: said openly, or the list would flow on into what follows the branch.
        if step_id is None and stop is not None:
            nodes.append({"go_to": None})
        return nodes

    def _branches(self, step: Step, node: Node, stop: str | None) -> str | None:
        """Fills the lists of a branch; the step in which they join."""
        ways = step.exits()
        join = self._join(step, [way.target for way in ways], stop)
        for branch, way in zip(node["branches"], ways[:-1], strict=True):
            del branch["next"]
            branch["steps"] = self.read(way.target, join)
        node["otherwise"] = self.read(ways[-1].target, join)
        return join

    def _join(self, step: Step, targets: list[str | None], stop: str | None) -> str | None:
        drawn = getattr(step, "joins", None)
        if drawn in self.steps and drawn not in self.seen and drawn in self.graph.reachable(step.id):
            return str(drawn)
        if not self.after or any(target not in self.steps for target in targets):
            return stop if stop in targets else None
        common = set.intersection(*({str(t), *self.after[str(t)]} for t in targets))
        nearest = max(common, key=lambda step_id: len(self.after[step_id]), default=None)
        return nearest if nearest is None or nearest not in self.seen else stop


def _unavoidable(graph: Graph) -> dict[str, set[str]]:
    """For each step: the steps that everybody who leaves it will come to (its post-dominators)."""
    after: dict[str, set[str]] = {}
    for step in reversed(in_order(graph)):
        ways = [way.target for way in step.exits()]
        sets = [{str(t), *after[str(t)]} if t in after else set[str]() for t in ways]
        after[step.id] = set.intersection(*sets) if sets else set()
    return after


def to_graph(start: dict[str, Any], nodes: list[Node]) -> Graph:
    """The graph of a nested reading. Steps without an id get one from their kind and place. Raises InvalidInput."""
    writer = _Writer(nodes)
    first = writer.write(nodes, None, 0)
    start = {key: value for key, value in start.items() if key != "next"}
    return parse({"start": {**start, "next": first}, "steps": writer.steps})


class _Writer:
    def __init__(self, nodes: list[Node]) -> None:
        self.steps: list[Node] = []
        self.taken = {str(node["id"]) for node in walk(nodes) if node.get("id")}
        self.count: dict[str, int] = {}
        self.ids: dict[int, str] = {}

    def write(self, nodes: Any, after: str | None, depth: int) -> str | None:
        """Writes a list whose end leads to `after`; the id of its first step."""
        if not isinstance(nodes, list) or not all(isinstance(node, dict) for node in nodes):
            raise InvalidInput(_("Steps are a list of steps."), place="steps")
        if depth > MAX_DEPTH or len(nodes) > MAX_STEPS:
            raise InvalidInput(_("This journey is too large. Split it into several journeys."), code="too_large")
        targets = [self._target(node) for node in nodes] + [after]
        for node, target in zip(nodes, targets[1:], strict=True):
            if "go_to" not in node:
                self._write_step(node, target, depth)
        return targets[0]

    def _write_step(self, node: Node, target: str | None, depth: int) -> None:
        kind = kinds.get(str(node.get("kind", "")))
        step = {**node, "id": self._target(node)}
        self.steps.append(step)
        if "branches" in step and isinstance(step["branches"], list):
            step["branches"] = [self._branch(branch, target, depth) for branch in step["branches"]]
            step["otherwise"] = self.write(step.get("otherwise") or [], target, depth + 1)
            step |= {"next": None, "joins": target}
        else:
            step["next"] = None if kind is None or kind.finishes else target

    def _branch(self, branch: Any, after: str | None, depth: int) -> Node:
        if not isinstance(branch, dict):
            raise InvalidInput(_("A branch has a rule and steps."), place="branches")
        rest = {key: value for key, value in branch.items() if key != "steps"}
        return {**rest, "next": self.write(branch.get("steps") or [], after, depth + 1)}

    def _target(self, node: Node) -> str | None:
        if "go_to" in node:
            return None if node["go_to"] is None else str(node["go_to"])
        if node.get("id"):
            return str(node["id"])
        if id(node) not in self.ids:
            kind = str(node.get("kind", "step"))
            name = ""
            while not name or name in self.taken:
                self.count[kind] = self.count.get(kind, 0) + 1
                name = f"{kind}-{self.count[kind]}"
            self.taken.add(name)
            self.ids[id(node)] = name
        return self.ids[id(node)]


def walk(nodes: Any) -> Iterator[Node]:
    """Every step of a nested reading, top to bottom."""
    todo = list(reversed(nodes)) if isinstance(nodes, list) else []
    while todo:
        node = todo.pop()
        if not isinstance(node, dict):
            continue
        yield node
        lists = [b.get("steps") for b in node.get("branches") or [] if isinstance(b, dict)] + [node.get("otherwise")]
        for steps in reversed([steps for steps in lists if isinstance(steps, list)]):
            todo += reversed(steps)


def start_of(graph: Graph) -> dict[str, Any]:
    return graph.start.model_dump(mode="json", exclude={"next"})


__all__ = ["Node", "Start", "start_of", "to_graph", "to_tree", "walk"]
