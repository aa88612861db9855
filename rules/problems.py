"""What is wrong with a rule, in words, with the place in the rule: `rule.all[1].value`."""

from typing import Any

from django.utils.translation import gettext as _
from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from core import shapes
from core.errors import InvalidInput
from core.shapes import gettext_noop

_TAGS = {"condition", "related", "membership", "group"}

REASONS = {
    "items": gettext_noop(
        "This rule is too large: a rule can hold %(limit)s parts and values. Load long lists as a source instead."
    ),
    "depth": gettext_noop("Groups are nested too deeply: at most %(limit)s levels."),
    "text": gettext_noop("A value can have at most %(limit)s characters."),
    "characters": gettext_noop("A value contains characters that are no text."),
    "number": gettext_noop("A value must be a finite number."),
    "json": gettext_noop("A rule is made of objects, lists, texts, numbers, true and false only."),
    "node_kind": gettext_noop(
        'Write a group ("all", "any", "none"), or a condition with "attribute", "related" or "segment".'
    ),
    "one_function": gettext_noop('"having" needs exactly one of: exists, count, sum, average, min, max, first, last.'),
    "exists_alone": gettext_noop('"exists" takes true or false, and no operator or value.'),
    "op_missing": gettext_noop('Say how to compare: "op" is missing.'),
    "one_window": gettext_noop('A time window is either "last" with a "unit", or "from" and "to".'),
    "a_day": gettext_noop("This needs a day, written like 2026-05-01."),
    "one_mode": gettext_noop('A group needs exactly one of: "all", "any", "none".'),
}


def refuse(reason: str, place: str, **values: Any) -> InvalidInput:
    return shapes.invalid(REASONS[reason], place, **values)


def told(reason: str) -> PydanticCustomError:
    """For a validator to raise."""
    return shapes.problem(REASONS[reason])


def explain_problem(error: ValidationError, place: str, single: bool = False) -> InvalidInput:
    """The first problem that pydantic found, as an error that names the place. `single`: the rule was one bare node."""
    first = error.errors(include_url=False)[0]
    where = list(first["loc"])
    if single:
        where = where[2:]
    path = place
    previous: Any = None
    for part in where:
        if isinstance(part, int):
            path += f"[{part}]"
        elif not (part in _TAGS and (isinstance(previous, int) or (single and previous is None))):
            path += f".{part}"
        previous = part
    return InvalidInput(shapes.in_words(first), place=path)


def no_customers() -> str:
    return _("There are no customers yet. Load your data and unify it first.")


def superseded() -> str:
    return _("A later question has arrived.")
