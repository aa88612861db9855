"""Operators on text. Case does not count (unless `exact`), accents do; values are compared as stored, not trimmed."""

import unicodedata
from typing import Any, cast

import ibis.expr.types as ir
from django.utils.translation import gettext as _

from rules.operators.base import Context, known, listed, one_of, operator, wrong

SIGMA, FINAL_SIGMA = "σ", "ς"  # one letter, written in another way at the end of a word


def fold(text: str) -> str:
    """Lower case as engines make it: one character becomes one (“İ” → “i”), “ß” stays."""
    return "".join(c.lower() if len(c.lower()) == 1 else c.lower()[0] for c in text)


def typed(value: Any, context: Context) -> str:
    """The value as text, in Unicode's composed form."""
    if not isinstance(value, str) or not value:
        raise wrong(context.place, _("This needs a text. To look for missing values, use “is empty”."))
    text = unicodedata.normalize("NFC", value)
    return text if context.exact else fold(text).replace(FINAL_SIGMA, SIGMA)


def lowered(text: ir.StringValue, *values: str) -> ir.StringValue:
    """As `typed` writes the values that it is compared with; only where one has a sigma are other ones replaced."""
    low = text.lower()
    return low.replace(FINAL_SIGMA, SIGMA) if any(SIGMA in value for value in values) else low


def _column(column: ir.Value, context: Context, *values: str) -> ir.StringValue:
    text = cast(ir.StringValue, column)
    return text if context.exact else lowered(text, *values)


@operator("text", "eq", "one")
def eq(column: ir.Value, value: Any, context: Context) -> ir.BooleanValue:
    """The whole text is the value. Unknown: no."""
    text = typed(value, context)
    return known(_column(column, context, text) == text)


@operator("text", "ne", "one", of_unknown=True)
def ne(column: ir.Value, value: Any, context: Context) -> ir.BooleanValue:
    """Not `eq`. Unknown: yes."""
    return ~eq(column, value, context)


@operator("text", "in", "many")
def is_in(column: ir.Value, value: Any, context: Context) -> ir.BooleanValue:
    """The whole text is one of the values; never for an empty list. Unknown: no."""
    texts = [typed(item, context) for item in listed(value, context)]
    return one_of(_column(column, context, *texts), texts)


@operator("text", "not_in", "many", of_unknown=True)
def not_in(column: ir.Value, value: Any, context: Context) -> ir.BooleanValue:
    """Not `in`. Unknown: yes."""
    return ~is_in(column, value, context)


@operator("text", "contains", "one")
def contains(column: ir.Value, value: Any, context: Context) -> ir.BooleanValue:
    """The value stands somewhere in the text, as it is: `%`, `_` and `*` mean themselves. Unknown: no."""
    text = typed(value, context)
    return known(_column(column, context, text).contains(text))


@operator("text", "not_contains", "one", of_unknown=True)
def not_contains(column: ir.Value, value: Any, context: Context) -> ir.BooleanValue:
    """Not `contains`. Unknown: yes."""
    return ~contains(column, value, context)


@operator("text", "starts_with", "one")
def starts_with(column: ir.Value, value: Any, context: Context) -> ir.BooleanValue:
    """The text begins with the value. Unknown: no."""
    text = typed(value, context)
    return known(_column(column, context, text).startswith(text))


@operator("text", "ends_with", "one")
def ends_with(column: ir.Value, value: Any, context: Context) -> ir.BooleanValue:
    """The text ends with the value. Unknown: no."""
    text = typed(value, context)
    return known(_column(column, context, text).endswith(text))


@operator("text", "is_empty", "nothing", of_unknown=True)
def is_empty(column: ir.Value, value: Any, context: Context) -> ir.BooleanValue:
    """The text is unknown, or "". Only spaces are not empty. Unknown: yes."""
    return known(cast(ir.StringValue, column) == "", otherwise=True)


@operator("text", "is_set", "nothing")
def is_set(column: ir.Value, value: Any, context: Context) -> ir.BooleanValue:
    """Not `is_empty`. Unknown: no."""
    return ~is_empty(column, value, context)
