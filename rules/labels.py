"""What operators, functions, units and types are called."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from rules.operators import FAMILIES, Operator


@dataclass(frozen=True)
class Label:
    """`short` stands on the chip between attribute and value; `sentence` is the whole, with %(what)s and %(value)s."""

    short: str | Promise
    sentence: str | Promise


_EMPTY = Label(_("is empty"), _("%(what)s is empty"))
_SET = Label(_("is known"), _("%(what)s is known"))
_IS = Label(_("is"), _("%(what)s is %(value)s"))
_IS_NOT = Label(_("is not"), _("%(what)s is not %(value)s"))
_ANY = Label(_("is any of"), _("%(what)s is %(value)s"))
_NONE = Label(_("is none of"), _("%(what)s is not %(value)s"))

OPERATORS: dict[tuple[str, str], Label] = {
    ("text", "eq"): _IS,
    ("text", "ne"): _IS_NOT,
    ("text", "in"): _ANY,
    ("text", "not_in"): _NONE,
    ("text", "contains"): Label(_("contains"), _("%(what)s contains %(value)s")),
    ("text", "not_contains"): Label(_("does not contain"), _("%(what)s does not contain %(value)s")),
    ("text", "starts_with"): Label(_("starts with"), _("%(what)s starts with %(value)s")),
    ("text", "ends_with"): Label(_("ends with"), _("%(what)s ends with %(value)s")),
    ("text", "is_empty"): _EMPTY,
    ("text", "is_set"): _SET,
    ("number", "eq"): _IS,
    ("number", "ne"): _IS_NOT,
    ("number", "gt"): Label(_("is more than"), _("%(what)s is more than %(value)s")),
    ("number", "gte"): Label(_("is at least"), _("%(what)s is at least %(value)s")),
    ("number", "lt"): Label(_("is less than"), _("%(what)s is less than %(value)s")),
    ("number", "lte"): Label(_("is at most"), _("%(what)s is at most %(value)s")),
    ("number", "between"): Label(_("is between"), _("%(what)s is between %(value)s")),
    ("number", "in"): _ANY,
    ("number", "not_in"): _NONE,
    ("number", "is_empty"): _EMPTY,
    ("number", "is_set"): _SET,
    ("boolean", "is_true"): Label(_("is yes"), _("%(what)s is yes")),
    ("boolean", "is_false"): Label(_("is no"), _("%(what)s is no")),
    ("boolean", "is_empty"): _EMPTY,
    ("boolean", "is_set"): _SET,
    ("time", "before"): Label(_("is before"), _("%(what)s is before %(value)s")),
    ("time", "after"): Label(_("is after"), _("%(what)s is after %(value)s")),
    ("time", "on"): Label(_("is on"), _("%(what)s is on %(value)s")),
    ("time", "between"): Label(_("is between"), _("%(what)s is between %(value)s")),
    ("time", "in_last"): Label(_("is in the last"), _("%(what)s is in the last %(value)s")),
    ("time", "not_in_last"): Label(_("is not in the last"), _("%(what)s is not in the last %(value)s")),
    ("time", "in_next"): Label(_("is in the next"), _("%(what)s is in the next %(value)s")),
    ("time", "anniversary"): Label(
        _("has its anniversary within"), _("the anniversary of %(what)s is within %(value)s")
    ),
    ("time", "month_is"): Label(_("is in the month"), _("%(what)s is in %(value)s")),
    ("time", "is_empty"): _EMPTY,
    ("time", "is_set"): _SET,
    ("list", "has"): Label(_("include"), _("%(what)s include %(value)s")),
    ("list", "has_any"): Label(_("include any of"), _("%(what)s include %(value)s")),
    ("list", "has_none"): Label(_("include none of"), _("%(what)s do not include %(value)s")),
    ("list", "is_empty"): _EMPTY,
    ("list", "is_set"): _SET,
}

FUNCTIONS: dict[str, Label] = {
    "exists": Label(_("at least one"), _("has %(table)s")),
    "count": Label(pgettext_lazy("function", "number of them"), _("the number of %(table)s")),
    "sum": Label(pgettext_lazy("function", "sum of"), _("the sum of %(column)s of %(table)s")),
    "average": Label(pgettext_lazy("function", "average of"), _("the average %(column)s of %(table)s")),
    "min": Label(pgettext_lazy("function", "smallest"), _("the smallest %(column)s of %(table)s")),
    "max": Label(pgettext_lazy("function", "largest"), _("the largest %(column)s of %(table)s")),
    "first": Label(pgettext_lazy("function", "first"), _("the first %(column)s of %(table)s")),
    "last": Label(pgettext_lazy("function", "latest"), _("the latest %(column)s of %(table)s")),
}

NO_ROWS = _("has no %(table)s")

TYPES = {
    "string": _("Text"),
    "integer": _("Whole number"),
    "number": _("Number"),
    "money": _("Money"),
    "boolean": _("Yes or no"),
    "date": _("Date"),
    "timestamp": _("Date and time"),
    "list": _("List"),
}

UNITS = {
    "minutes": _("minutes"),
    "hours": _("hours"),
    "days": _("days"),
    "weeks": _("weeks"),
    "months": _("months"),
    "years": _("years"),
}


def of(operator: Operator) -> Label:
    return OPERATORS[operator.family, operator.name]


def of_type(type_: str, name: str) -> Label | None:
    """The label of an operator for a column type; None where there is no such operator."""
    return OPERATORS.get((FAMILIES[type_], name))
