"""Operators on yes or no."""

from typing import Any, cast

import ibis.expr.types as ir

from rules.operators.base import Context, known, operator


@operator("boolean", "is_true", "nothing")
def is_true(column: ir.Value, value: Any, context: Context) -> ir.BooleanValue:
    """Known to be true. Unknown: no."""
    return known(cast(ir.BooleanValue, column))


@operator("boolean", "is_false", "nothing")
def is_false(column: ir.Value, value: Any, context: Context) -> ir.BooleanValue:
    """Known to be false. Unknown: no (so this is not the complement of `is_true`)."""
    return known(~cast(ir.BooleanValue, column))


@operator("boolean", "is_empty", "nothing", of_unknown=True)
def is_empty(column: ir.Value, value: Any, context: Context) -> ir.BooleanValue:
    """Unknown: yes; true and false: no."""
    return column.isnull()


@operator("boolean", "is_set", "nothing")
def is_set(column: ir.Value, value: Any, context: Context) -> ir.BooleanValue:
    """Known, true or false. Unknown: no."""
    return column.notnull()
