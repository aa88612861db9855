"""A drawing of relationships: tables as boxes in layers, whatever belongs to something stands left of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from lake.queries import Snapshot
from lake.relationships import Step
from lake.words import column_of, table_title

BOX_WIDTH, BOX_HEIGHT = 200, 44
GAP_X, GAP_Y = 130, 22
MARGIN = 12
LONGEST_NAME, LONGEST_COLUMN = 26, 18


@dataclass(frozen=True)
class Box:
    table: str
    words: str
    x: int
    y: int

    @property
    def middle_x(self) -> int:
        return self.x + BOX_WIDTH // 2

    @property
    def middle_y(self) -> int:
        return self.y + BOX_HEIGHT // 2


@dataclass(frozen=True)
class Line:
    words: str
    path: str
    text_x: int
    text_y: int


@dataclass(frozen=True)
class Diagram:
    boxes: list[Box]
    lines: list[Line]
    width: int
    height: int
    box_width: int = BOX_WIDTH
    box_height: int = BOX_HEIGHT


def draw(steps: Sequence[Step], now: Snapshot) -> Diagram:
    """Layers from right (what others belong to) to left; circles are cut where they close. Called as in `now`."""
    columns = _columns(_layers(steps), steps)
    tallest = max((len(tables) for tables in columns), default=0)
    boxes = {}
    for number, tables in enumerate(columns):
        offset = (tallest - len(tables)) * (BOX_HEIGHT + GAP_Y) // 2
        for row, table in enumerate(tables):
            x = MARGIN + number * (BOX_WIDTH + GAP_X)
            boxes[table] = Box(table, _short(table_title(now, table)), x, MARGIN + offset + row * (BOX_HEIGHT + GAP_Y))
    width = 2 * MARGIN + len(columns) * (BOX_WIDTH + GAP_X) - GAP_X
    height = 2 * MARGIN + tallest * (BOX_HEIGHT + GAP_Y) - GAP_Y
    return Diagram(list(boxes.values()), _lines(steps, boxes, now), max(width, 0), max(height, 0))


def _columns(layers: dict[str, int], steps: Sequence[Step]) -> list[list[str]]:
    """The tables of each column, left to right, in an order that crosses few lines: beside what they belong to."""
    deepest = max(layers.values(), default=-1)
    rank: dict[str, float] = {}
    columns: list[list[str]] = []
    for layer in range(deepest + 1):
        here = sorted(table for table, depth in layers.items() if depth == layer)
        targets = {
            table: [rank[s.to_table] for s in steps if s.from_table == table and s.to_table in rank] for table in here
        }
        here.sort(key=lambda table: sum(targets[table]) / len(targets[table]) if targets[table] else 0.0)
        rank |= {table: row - len(here) / 2 for row, table in enumerate(here)}
        columns.insert(0, here)
    return columns


def _layers(steps: Sequence[Step]) -> dict[str, int]:
    """How many steps a table is away from one that belongs to nothing, by the longest way."""
    targets: dict[str, list[str]] = {}
    for step in steps:
        targets.setdefault(step.from_table, []).append(step.to_table)
        targets.setdefault(step.to_table, [])
    known: dict[str, int] = {}

    def depth(table: str, above: frozenset[str]) -> int:
        if table not in known:
            ways = [depth(other, above | {table}) + 1 for other in targets[table] if other not in above | {table}]
            known[table] = max(ways, default=0)
        return known[table]

    return {table: depth(table, frozenset()) for table in sorted(targets)}


def _lines(steps: Sequence[Step], boxes: dict[str, Box], now: Snapshot) -> list[Line]:
    """Lines leave a box at different heights, upper ones for upper targets, and are named where they leave."""
    lines = []
    for table in dict.fromkeys(step.from_table for step in steps):
        leaving = sorted((s for s in steps if s.from_table == table), key=lambda s: boxes[s.to_table].y)
        for number, step in enumerate(leaving):
            words = _short(column_of(now, step.from_table, step.from_column), LONGEST_COLUMN)
            lines.append(_line(step, boxes, (number + 1) * BOX_HEIGHT // (len(leaving) + 1), words))
    return lines


def _line(step: Step, boxes: dict[str, Box], height: int, words: str) -> Line:
    start, end = boxes[step.from_table], boxes[step.to_table]
    x1, x2, y1, y2 = start.x + BOX_WIDTH, end.x, start.y + height, end.middle_y
    if x2 <= start.x:  # back to the left, or within one layer: leave and arrive on the near sides
        x1, x2 = start.x, end.x + BOX_WIDTH
    half = (x1 + x2) // 2
    path = f"M{x1},{y1} C{half},{y1} {half},{y2} {x2},{y2}"
    return Line(words, path, x1 + 8, y1 - 5)


def _short(text: str, longest: int = LONGEST_NAME) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
