"""A compiled text of which only the printed values differ from person to person. Pure.

Its long fixed pieces are encoded for a mail once, however many people get it; and where a text only prints values,
no Liquid runs. The result is the same as Liquid's own.
"""

import re
import secrets
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from liquid import BoundTemplate
from liquid.ast import Node
from liquid.builtin.content import ContentNode
from liquid.builtin.expressions import FilteredExpression, Path
from liquid.exceptions import OutputStreamLimitError

from messaging.liquid_env import PrintNode
from messaging.mime import quoted_printable

LEAST_FIXED = 200  # characters from which a fixed piece is worth a soft line break on either side
# Marks the place of a fixed piece in what Liquid renders; nobody else can know it, and values hold no such sign anyway.
_SIGN = f"\x02{secrets.token_hex(8)}:"
_PLACE = re.compile(_SIGN + r"(\d+)\x03")


@dataclass
class Fixed:
    """A piece that is the same in every mail."""

    text: str

    @cached_property
    def inside(self) -> bytes:
        return quoted_printable(self.text, is_last=False)

    @cached_property
    def last(self) -> bytes:
        return quoted_printable(self.text)


@dataclass(frozen=True)
class Body:
    """A text for one person, in pieces."""

    pieces: list[str | Fixed]

    def __str__(self) -> str:
        return "".join(piece if isinstance(piece, str) else piece.text for piece in self.pieces)

    def quoted_printable(self) -> bytes:
        """RFC 2045; a soft line break stands between two pieces where the first does not end a line."""
        if not self.pieces:
            return b""
        *others, last = self.pieces
        parts = [quoted_printable(p, is_last=False) if isinstance(p, str) else p.inside for p in others]
        return b"".join([*parts, quoted_printable(last) if isinstance(last, str) else last.last])


@dataclass(frozen=True)
class _Value:
    """A place where the variable is printed, by its node."""

    variable: str
    text_of: Callable[[Any], str]


class Skeleton:
    """`variables`: the names that every context of `fill` has."""

    def __init__(self, template: BoundTemplate, variables: Collection[str] = ()) -> None:
        self.fixed: list[Fixed] = []
        self.limit = template.env.output_stream_limit or 0
        self.steps = self._steps(template, variables)
        self.template = None if self.steps is not None else self._with_places(template)

    def fill(self, context: Mapping[str, Any]) -> Body:
        """The text with the values of `context`. Raises what Liquid raises, and MissingValueError."""
        if self.steps is None:
            assert self.template
            return Body(list(self._pieces(self.template.render(context))))
        pieces: list[str | Fixed] = []
        run: list[str] = []
        for step in self.steps:
            if isinstance(step, Fixed):
                pieces += ["".join(run), step] if run else [step]
                run = []
            else:
                run.append(step if isinstance(step, str) else step.text_of(context[step.variable]))
        if run:
            pieces.append("".join(run))
        if sum(len(piece) for piece in pieces if isinstance(piece, str)) > self.limit > 0:
            raise OutputStreamLimitError("output stream limit reached", token=None)
        return Body(pieces)

    def _steps(self, template: BoundTemplate, variables: Collection[str]) -> list[str | Fixed | _Value] | None:
        """What to write in which order; None for a text that does more than print variables."""
        steps: list[str | Fixed | _Value] = []
        for node in template.nodes:
            variable = _printed(node)
            if isinstance(node, ContentNode):
                steps.append(self._fix(node.text) if len(node.text) >= LEAST_FIXED else node.text)
            elif isinstance(node, PrintNode) and variable in variables:
                steps.append(_Value(variable, node.printer(template.env)))
            else:
                self.fixed = []
                return None
        return steps

    def _fix(self, text: str) -> Fixed:
        self.fixed.append(Fixed(text))
        return self.fixed[-1]

    def _with_places(self, template: BoundTemplate) -> BoundTemplate:
        """The template with a short mark in place of each long piece that stands outside of all tags."""
        nodes: list[Node] = []
        for node in template.nodes:
            if isinstance(node, ContentNode) and len(node.text) >= LEAST_FIXED:
                self._fix(node.text)
                node = ContentNode(node.token, f"{_SIGN}{len(self.fixed) - 1}\x03")
            nodes.append(node)
        return BoundTemplate(template.env, nodes)

    def _pieces(self, text: str) -> Iterator[str | Fixed]:
        for number, piece in enumerate(_PLACE.split(text)):
            if number % 2:
                yield self.fixed[int(piece)]
            elif piece:
                yield piece


def _printed(node: Node) -> str:
    """The variable that a node prints as it is; "" for any other node."""
    expression = node.expression if isinstance(node, PrintNode) else None
    if type(expression) is not FilteredExpression or expression.filters or not isinstance(expression.left, Path):
        return ""
    path = expression.left.path
    return path[0] if len(path) == 1 and isinstance(path[0], str) else ""
