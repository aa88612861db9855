"""A small picture of records and the evidence between them: where each stands, and the lines of the pairs."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# More records are told by the table alone.
MOST_NODES = 14
WIDTH, MARGIN, NODE_WIDTH, NODE_HEIGHT = 640, 20, 150, 44


@dataclass(frozen=True)
class Node:
    """`x`, `y`: the middle, in pixels."""

    label: str
    id: str
    x: float
    y: float

    @property
    def left(self) -> float:
        return self.x - NODE_WIDTH / 2

    @property
    def top(self) -> float:
        return self.y - NODE_HEIGHT / 2


@dataclass(frozen=True)
class Edge:
    """`kind`: sure, likely, doubtful or none; `words`: what is written at the line; `at`: where, in pixels."""

    x1: float
    y1: float
    x2: float
    y2: float
    kind: str
    words: str

    @property
    def at(self) -> tuple[float, float]:
        return (self.x1 + self.x2) / 2, (self.y1 + self.y2) / 2


@dataclass(frozen=True)
class Graph:
    nodes: list[Node]
    edges: list[Edge]
    height: float
    width: int = WIDTH
    node_width: int = NODE_WIDTH
    node_height: int = NODE_HEIGHT


def graph(path: Sequence[Mapping[str, Any]], labels: Mapping[str, str], words: Sequence[str]) -> Graph | None:
    """Of the steps of an explanation, with the words at each line. None where there is nothing to draw, or too much."""
    names = list(dict.fromkeys(end for step in path for end in _ends(step)))
    if len(names) < 2 or len(names) > MOST_NODES:
        return None
    places, height = _places(names)
    nodes = [Node(labels.get(table, table), record, *places[table, record]) for table, record in names]
    edges = []
    for step, text in zip(path, words, strict=True):
        one, other = _ends(step)
        edges.append(Edge(*places[one], *places[other], _kind(step), text))
    return Graph(nodes, edges, height)


def _ends(step: Mapping[str, Any]) -> tuple[tuple[str, str], tuple[str, str]]:
    return (step["left_table"], step["left_id"]), (step["right_table"], step["right_id"])


def _places(names: Sequence[tuple[str, str]]) -> tuple[dict[tuple[str, str], tuple[float, float]], float]:
    """Two side by side, more on an ellipse."""
    if len(names) == 2:
        half = NODE_WIDTH / 2 + MARGIN
        return {names[0]: (half, 60.0), names[1]: (WIDTH - half, 60.0)}, 120.0
    height = 200.0 + 26 * len(names)
    across, down = WIDTH / 2 - NODE_WIDTH / 2 - MARGIN, height / 2 - NODE_HEIGHT / 2 - MARGIN
    turn = 2 * math.pi / len(names)
    angles = {name: turn * number - math.pi / 2 for number, name in enumerate(names)}
    middle = WIDTH / 2, height / 2
    return {n: (middle[0] + across * math.cos(a), middle[1] + down * math.sin(a)) for n, a in angles.items()}, height


def _kind(step: Mapping[str, Any]) -> str:
    if not step["rule"]:
        return "none"
    likely = step["probability"] if step["probability"] is not None else step["score"]
    if step["rule"] == "decision" or likely is None or likely >= 0.95:
        return "sure"
    return "likely" if likely >= 0.5 else "doubtful"
