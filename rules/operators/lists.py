"""Operators on lists of texts (all e-mail addresses of a person). Case does not count (unless `exact`), accents do."""

from typing import Any, cast

import ibis
import ibis.expr.types as ir

from rules.operators import text
from rules.operators.base import Context, known, listed, operator


def _items(column: ir.Value, context: Context, *values: str) -> Any:
    array = cast(ir.ArrayValue, column)
    return array if context.exact else array.map(lambda item: text.lowered(item, *values))


@operator("list", "has", "one")
def has(column: ir.Value, value: Any, context: Context) -> ir.BooleanValue:
    """One of the items is the value. Unknown or empty: no."""
    wanted = text.typed(value, context)
    return known(_items(column, context, wanted).contains(wanted))


@operator("list", "has_any", "many")
def has_any(column: ir.Value, value: Any, context: Context) -> ir.BooleanValue:
    """One of the items is one of the values; never for an empty list of values. Unknown or empty: no."""
    wanted = [text.typed(item, context) for item in listed(value, context)]
    items = _items(column, context, *wanted)
    return ibis.or_(*[known(items.contains(item)) for item in wanted]) if wanted else ibis.literal(False)


@operator("list", "has_none", "many", of_unknown=True)
def has_none(column: ir.Value, value: Any, context: Context) -> ir.BooleanValue:
    """Not `has_any`. Unknown or empty: yes."""
    return ~has_any(column, value, context)


@operator("list", "is_empty", "nothing", of_unknown=True)
def is_empty(column: ir.Value, value: Any, context: Context) -> ir.BooleanValue:
    """Unknown, or no items. Unknown: yes."""
    return known(cast(ir.ArrayValue, column).length() == 0, otherwise=True)


@operator("list", "is_set", "nothing")
def is_set(column: ir.Value, value: Any, context: Context) -> ir.BooleanValue:
    """At least one item. Unknown: no."""
    return ~is_empty(column, value, context)
