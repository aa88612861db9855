"""What is wrong with a rule, in words, with the place in the rule: `rule.all[1].value`."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import ValidationError

from core.errors import InvalidInput

_TAGS = {"condition", "related", "membership", "group"}

REASONS = {
    "items": gettext_lazy(
        "This rule is too large: a rule can hold %(limit)s parts and values. Load long lists as a source instead."
    ),
    "depth": gettext_lazy("Groups are nested too deeply: at most %(limit)s levels."),
    "text": gettext_lazy("A value can have at most %(limit)s characters."),
    "characters": gettext_lazy("A value contains characters that are no text."),
    "number": gettext_lazy("A value must be a finite number."),
    "json": gettext_lazy("A rule is made of objects, lists, texts, numbers, true and false only."),
    "node_kind": gettext_lazy(
        'Write a group ("all", "any", "none"), or a condition with "attribute", "related" or "segment".'
    ),
    "one_function": gettext_lazy('"having" needs exactly one of: exists, count, sum, average, min, max, first, last.'),
    "exists_alone": gettext_lazy('"exists" takes true or false, and no operator or value.'),
    "op_missing": gettext_lazy('Say how to compare: "op" is missing.'),
    "one_window": gettext_lazy('A time window is either "last" with a "unit", or "from" and "to".'),
    "a_day": gettext_lazy("This needs a day, written like 2026-05-01."),
    "one_mode": gettext_lazy('A group needs exactly one of: "all", "any", "none".'),
    "extra_forbidden": gettext_lazy("%(name)s is not known here. Check the spelling."),
    "missing": gettext_lazy("%(name)s is missing."),
    "string_too_short": gettext_lazy("This must not be empty."),
    "model_type": gettext_lazy("This must be an object with names and values."),
    "list_type": gettext_lazy("This must be a list."),
}


def refuse(reason: str, place: str, **values: Any) -> InvalidInput:
    return InvalidInput(str(REASONS[reason]) % values, place=place)


def explain_problem(error: ValidationError, place: str, single: bool = False) -> InvalidInput:
    """The first problem that pydantic found, as an error that names the place. `single`: the rule was one bare node."""
    first = error.errors(include_url=False, include_input=False)[0]
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
    name = str(where[-1]) if where else ""
    return InvalidInput(_message(str(first["type"]), str(first["msg"]), name), place=path)


def _message(kind: str, message: str, name: str) -> str:
    reason = message.removeprefix("Value error, ") if kind == "value_error" else kind
    text = REASONS.get(reason)
    return str(text) % {"name": name} if text else message


def no_customers() -> str:
    return _("There are no customers yet. Load your data and unify it first.")


def superseded() -> str:
    return _("A later question has arrived.")
