"""A small picture of records and the evidence between them: where each stands, and the lines of the pairs."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# More records are told by the table alone.
MOST_NODES = 14
WIDTH, MARGIN, NODE_WIDTH, NODE_HEIGHT = 640, 20, 150, 44
# How much room words take, in pixels, and how many of their letters are written.
LETTER, LINE, MOST_LETTERS = 6.2, 18, 34
# Where on a line its words may stand, the best place first.
SPOTS = (0.5, *(0.5 + side * step / 25 for step in range(1, 8) for side in (-1, 1)))


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
    """`kind`: sure, likely, doubtful or none; `words`: what is written at the line; `at`: the middle of it, in
    pixels."""

    x1: float
    y1: float
    x2: float
    y2: float
    kind: str
    words: str
    at: tuple[float, float]


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
    taken = [(node.x, node.y, float(NODE_WIDTH), float(NODE_HEIGHT)) for node in nodes]
    edges = []
    for step, text in zip(path, words, strict=True):
        (x1, y1), (x2, y2) = (places[end] for end in _ends(step))
        box = _free((x1, y1, x2, y2), min(len(text), MOST_LETTERS) * LETTER, taken)
        taken.append(box)
        edges.append(Edge(x1, y1, x2, y2, _kind(step), text, box[:2]))
    return Graph(nodes, edges, height)


Box = tuple[float, float, float, float]
"""The middle of something, its width and its height."""


def _free(line: Box, width: float, taken: Sequence[Box]) -> Box:
    """Where words stand on a line that nothing else covers; in its middle where there is no such place."""
    x1, y1, x2, y2 = line
    spots = [(x1 + (x2 - x1) * part, y1 + (y2 - y1) * part, width, float(LINE)) for part in SPOTS]
    return next((spot for spot in spots if not any(_overlap(spot, box) for box in taken)), spots[0])


def _overlap(one: Box, other: Box) -> bool:
    return abs(one[0] - other[0]) < (one[2] + other[2]) / 2 and abs(one[1] - other[1]) < (one[3] + other[3]) / 2


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
