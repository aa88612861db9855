"""Operators on numbers, whole numbers and money. Money is compared in major units of its currency."""

from decimal import Decimal
from typing import Any, cast

import ibis
import ibis.expr.types as ir
from django.utils.translation import gettext as _

from core.money import to_minor
from rules.operators.base import Context, known, listed, one_of, operator, pair, wrong

LARGEST = 2**53  # beyond, a number of JSON is no longer exact


def typed(value: Any, context: Context) -> int | float:
    """The value as the column holds it: money as minor units (half a cent stays half a cent)."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise wrong(context.place, _("This needs a number."))
    number = to_minor(value, context.currency) if context.type == "money" else Decimal(str(value))
    if abs(number) > LARGEST:
        raise wrong(context.place, _("This number is too large."))
    return int(number) if number == number.to_integral_value() else float(number)


def _bound(value: Any, context: Context) -> ir.Scalar:
    return ibis.literal(typed(value, context))


def _number(column: ir.Value) -> ir.NumericValue:
    return cast(ir.NumericValue, column)


@operator("number", "eq", "one")
def eq(column: ir.Value, value: Any, context: Context) -> ir.BooleanValue:
    """Equal. Unknown: no."""
    return known(_number(column) == _bound(value, context))


@operator("number", "ne", "one", of_unknown=True)
def ne(column: ir.Value, value: Any, context: Context) -> ir.BooleanValue:
    """Not `eq`. Unknown: yes."""
    return ~eq(column, value, context)


@operator("number", "gt", "one")
def gt(column: ir.Value, value: Any, context: Context) -> ir.BooleanValue:
    """More than the value. Unknown: no."""
    return known(_number(column) > _bound(value, context))


@operator("number", "gte", "one")
def gte(column: ir.Value, value: Any, context: Context) -> ir.BooleanValue:
    """The value or more. Unknown: no."""
    return known(_number(column) >= _bound(value, context))


@operator("number", "lt", "one")
def lt(column: ir.Value, value: Any, context: Context) -> ir.BooleanValue:
    """Less than the value. Unknown: no."""
    return known(_number(column) < _bound(value, context))


@operator("number", "lte", "one")
def lte(column: ir.Value, value: Any, context: Context) -> ir.BooleanValue:
    """The value or less. Unknown: no."""
    return known(_number(column) <= _bound(value, context))


@operator("number", "between", "two")
def between(column: ir.Value, value: Any, context: Context) -> ir.BooleanValue:
    """From the first to the second value, both included; never when the first is larger. Unknown: no."""
    low, high = pair(value, context)
    return known((_number(column) >= _bound(low, context)) & (_number(column) <= _bound(high, context)))


@operator("number", "in", "many")
def is_in(column: ir.Value, value: Any, context: Context) -> ir.BooleanValue:
    """Equal to one of the values; never for an empty list. Unknown: no."""
    return one_of(column, [typed(item, context) for item in listed(value, context)])


@operator("number", "not_in", "many", of_unknown=True)
def not_in(column: ir.Value, value: Any, context: Context) -> ir.BooleanValue:
    """Not `in`. Unknown: yes."""
    return ~is_in(column, value, context)


@operator("number", "is_empty", "nothing", of_unknown=True)
def is_empty(column: ir.Value, value: Any, context: Context) -> ir.BooleanValue:
    """The number is unknown. Zero is known. Unknown: yes."""
    return column.isnull()


@operator("number", "is_set", "nothing")
def is_set(column: ir.Value, value: Any, context: Context) -> ir.BooleanValue:
    """The number is known. Unknown: no."""
    return column.notnull()
