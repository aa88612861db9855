"""A drawing of relationships: tables as boxes in layers, whatever belongs to something stands left of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from lake.relationships import Step

BOX_WIDTH, BOX_HEIGHT = 200, 44
GAP_X, GAP_Y = 130, 22
MARGIN = 12
LONGEST_NAME = 26


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


def draw(steps: Sequence[Step]) -> Diagram:
    """Layers from right (what others belong to) to left; circles are cut where they close."""
    layers = _layers(steps)
    deepest = max(layers.values(), default=0)
    columns: dict[int, list[str]] = {}
    for table in sorted(layers):
        columns.setdefault(deepest - layers[table], []).append(table)
    tallest = max((len(tables) for tables in columns.values()), default=0)
    boxes = {}
    for column, tables in columns.items():
        offset = (tallest - len(tables)) * (BOX_HEIGHT + GAP_Y) // 2
        for row, table in enumerate(tables):
            x = MARGIN + column * (BOX_WIDTH + GAP_X)
            boxes[table] = Box(table, _short(table), x, MARGIN + offset + row * (BOX_HEIGHT + GAP_Y))
    width = 2 * MARGIN + (deepest + 1) * BOX_WIDTH + deepest * GAP_X
    height = 2 * MARGIN + tallest * (BOX_HEIGHT + GAP_Y) - GAP_Y
    return Diagram(list(boxes.values()), [_line(step, boxes) for step in steps], width, max(height, 0))


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


def _line(step: Step, boxes: dict[str, Box]) -> Line:
    start, end = boxes[step.from_table], boxes[step.to_table]
    x1, x2 = start.x + BOX_WIDTH, end.x
    if x2 <= start.x:  # back to the left, or within one layer: leave and arrive on the near sides
        x1, x2 = start.x, end.x + BOX_WIDTH
    half = (x1 + x2) // 2
    path = f"M{x1},{start.middle_y} C{half},{start.middle_y} {half},{end.middle_y} {x2},{end.middle_y}"
    return Line(_short(step.from_column, 18), path, half, (start.middle_y + end.middle_y) // 2 - 6)


def _short(text: str, longest: int = LONGEST_NAME) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
