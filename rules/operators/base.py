"""What an operator is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import ibis
import ibis.expr.types as ir
from django.utils.translation import gettext as _

from core.errors import InvalidInput

# What an operator is compared with: nothing, one value, a list, two bounds, a number of units, days, months.
Takes = Literal["nothing", "one", "many", "two", "span", "days", "months"]


@dataclass(frozen=True)
class Context:
    """What an operator knows besides its value. `now`'s zone is the workspace's."""

    now: datetime
    type: str
    currency: str | None
    place: str
    exact: bool = False


Build = Callable[[ir.Value, Any, Context], ir.BooleanValue]


@dataclass(frozen=True)
class Operator:
    """One operator of one family of types.

    `build(column, value, context)` gives a boolean that is never null. `of_unknown`: its result for an unknown value.
    Its docstring says what it means, unknown values, type, case, accents and day boundaries included.
    """

    name: str
    family: str
    takes: Takes
    build: Build
    of_unknown: bool = False

    @property
    def meaning(self) -> str:
        return (self.build.__doc__ or "").strip()


REGISTRY: dict[tuple[str, str], Operator] = {}

FAMILIES = {
    "string": "text",
    "integer": "number",
    "number": "number",
    "money": "number",
    "boolean": "boolean",
    "date": "time",
    "timestamp": "time",
    "list": "list",
}


def operator(family: str, name: str, takes: Takes, *, of_unknown: bool = False) -> Callable[[Build], Build]:
    """Registers a builder. Negative operators are the exact complement of their positive twin: unknown matches them."""

    def register(build: Build) -> Build:
        REGISTRY[family, name] = Operator(name, family, takes, build, of_unknown)
        return build

    return register


def known(result: ir.BooleanValue, *, otherwise: bool = False) -> ir.BooleanValue:
    """A comparison whose null (the value is unknown) becomes `otherwise`."""
    return result.fill_null(otherwise)


def one_of(column: ir.Value, values: list[Any]) -> ir.BooleanValue:
    """The column equals one of the values; false for an empty list."""
    return known(column.isin(values)) if values else ibis.literal(False)


def wrong(place: str, message: str) -> InvalidInput:
    return InvalidInput(message, place=f"{place}.value")


def listed(value: Any, context: Context) -> list[Any]:
    if not isinstance(value, list):
        raise wrong(context.place, _("This needs a list of values."))
    return value


def pair(value: Any, context: Context) -> tuple[Any, Any]:
    if not isinstance(value, list) or len(value) != 2:
        raise wrong(context.place, _("This needs two values: from and to."))
    return value[0], value[1]
