"""Liquid with limits: no files, no unbounded loops or sizes, no way to switch escaping off, and no silent gaps. Pure.

A hostile author can waste at most about a second and a few megabytes; a hostile value (a person's name) is only text.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from functools import wraps
from typing import Any, TextIO

import liquid
from liquid import Markup, RenderContext
from liquid.builtin.output import Output, OutputNode
from liquid.exceptions import FilterArgumentError, LiquidError
from liquid.undefined import Undefined
from markupsafe import escape

from messaging.values import Style

FORBIDDEN_TAGS = "tablerow increment decrement echo liquid include render ifchanged doc".split()  # noqa: SIM905
FORBIDDEN_FILTERS = "safe escapejs base64_decode base64_url_safe_decode base64_encode base64_url_safe_encode".split()  # noqa: SIM905
MATH_FILTERS = "abs at_most at_least ceil divided_by floor minus plus round times modulo".split()  # noqa: SIM905
MAX_TEXT = 100_000  # characters that a filter may take or give: far above any mail's needs
MAX_NUMBER = 10**18
_WIDE_DATE = re.compile(r"%[^a-zA-Z%]*\d")


class MissingValueError(Exception):
    """A person has no value for a token that is printed, and there is no default. `label` is the token's."""

    def __init__(self, label: str) -> None:
        super().__init__(label)
        self.label = label


class Missing(Undefined):
    """The value that is not there: false in conditions, replaced by the `default` filter, never printed."""

    __slots__ = ()
    force_liquid_default = True

    def __init__(self, name: str, **kwargs: Any) -> None:
        super().__init__(name)

    def __str__(self) -> str:
        raise MissingValueError(self.name)

    def __html__(self) -> str:
        raise MissingValueError(self.name)

    def __hash__(self) -> int:
        return hash(self.name)

    def __bool__(self) -> bool:
        return False


class PrintNode(OutputNode):
    """Prints by locale; a missing value raises instead of leaving a gap."""

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        return buffer.write(self.printer(context.env)(self.expression.evaluate(context)))

    def printer(self, env: liquid.Environment) -> Callable[[Any], str]:
        """What makes the text of a value: escaped where the environment says so."""
        assert isinstance(env, Environment)
        style, autoescape = env.style, env.autoescape

        def text_of(value: Any) -> str:
            if value is None or isinstance(value, Undefined):
                raise MissingValueError(getattr(value, "name", str(self.expression)))
            text = value if isinstance(value, str) else style.format(value)
            return escape(text) if autoescape else str(text)

        return text_of


class _Print(Output):
    node_class = PrintNode


class Environment(liquid.Environment):
    """One for HTML (values escaped) and one for plain text, per locale."""

    loop_iteration_limit = 1_000
    local_namespace_limit = 100_000
    output_stream_limit = 1_000_000
    block_nesting_limit = 20

    def __init__(self, style: Style, *, autoescape: bool) -> None:
        self.style = style
        super().__init__(autoescape=autoescape, undefined=Missing, strict_filters=True)
        self.add_tag(_Print)
        for name in FORBIDDEN_TAGS:
            self.tags.pop(name, None)
        for name in FORBIDDEN_FILTERS:
            self.filters.pop(name, None)
        for name, function in list(self.filters.items()):
            if name != "default":
                self.add_filter(name, _guard(name, function))
        self.add_filter("date", self._date)
        self.add_filter("plain", _plain)

    def _date(self, value: Any, pattern: str = "") -> str:
        """`{{ Birthday | date: "%d.%m.%Y" }}`; without a pattern as the locale writes it. Points in time, "now" among
        them, as the clocks of the workspace show them."""
        _refuse_missing([value])
        if isinstance(value, str):
            value = datetime.now(UTC) if value in {"now", "today"} else datetime.fromisoformat(value)
        if isinstance(value, datetime) and value.tzinfo:
            value = value.astimezone(self.style.zone)
        if _WIDE_DATE.search(pattern) or len(pattern) > 100:
            raise FilterArgumentError("date pattern", token=None)
        return value.strftime(pattern) if pattern else self.style.format(value)


def _plain(value: Any) -> str:
    """A number as it is, without separators: `{{ Year | plain }}`."""
    _refuse_missing([value])
    return str(value)


def _guard(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that refuses missing values and huge texts, and calculates with money."""
    is_math = name in MATH_FILTERS

    @wraps(function)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        _refuse_missing(args)
        if is_math:
            args = tuple(_number(value) for value in args)
        elif _size(args, product=name in {"replace", "join"}) > MAX_TEXT:
            raise FilterArgumentError(f"{name}: too long", token=None)
        result = function(*args, **kwargs)
        if is_math and isinstance(result, int | float) and abs(result) > MAX_NUMBER:
            raise FilterArgumentError(f"{name}: too large", token=None)
        return result

    return guarded


def _refuse_missing(values: Any) -> None:
    for value in values:
        if isinstance(value, Undefined):
            raise MissingValueError(value.name)


def _number(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value


def _size(args: tuple[Any, ...], *, product: bool) -> int:
    """The most characters that the filter could give."""
    sizes = [len(value) for value in args if isinstance(value, str | list | tuple)]
    if not product:
        return sum(sizes)
    result = 1
    for size in sizes:
        result *= size + 1
    return result


_environments: dict[tuple[Style, bool], Environment] = {}


def environment(style: Style, *, autoescape: bool) -> Environment:
    key = (style, autoescape)
    if key not in _environments:
        _environments[key] = Environment(style, autoescape=autoescape)
    return _environments[key]


__all__ = ["Environment", "LiquidError", "Markup", "Missing", "MissingValueError", "environment"]
