"""What is wrong with something that was written in a file or sent, in words: the first problem that pydantic found."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from core.errors import InvalidInput

# What an item of a list is called by, where it has a name.
NAMES = ("name", "attribute")
# The kind of a problem whose text is the house’s own, and not yet translated.
HOUSE = "house"
_LONGEST = 60  # characters of a value that are shown

_TEXT = gettext_lazy("This must be a text.")
_LIST = gettext_lazy("This must be a list.")
_OBJECT = gettext_lazy("This must be an object with names and values.")
_TRUTH = gettext_lazy("This must be true or false.")
_WHOLE = gettext_lazy("This must be a whole number.")
_NUMBER = gettext_lazy("This must be a number.")
_DAY = gettext_lazy("This needs a day, written like 2026-05-01.")
_TIME = gettext_lazy("This needs a time, written like 18:30.")
_MOMENT = gettext_lazy("This needs a day and a time, written like 2026-05-01T18:30.")
_CHOICE = gettext_lazy("“%(input)s” is not known here. Known: %(expected)s.")

# By what pydantic calls the problem; its context is put in.
REASONS = {
    "missing": gettext_lazy("“%(name)s” is missing."),
    "extra_forbidden": gettext_lazy("“%(name)s” is not known here. Check the spelling."),
    "string_type": _TEXT,
    "string_too_short": gettext_lazy("Write more: at least %(min_length)s."),
    "string_too_long": gettext_lazy("This is too long: at most %(max_length)s characters."),
    "string_pattern_mismatch": gettext_lazy("“%(input)s” is not written as it must be: %(pattern)s."),
    "literal_error": _CHOICE,
    "enum": _CHOICE,
    "union_tag_invalid": gettext_lazy("“%(tag)s” is not known here. Known: %(expected_tags)s."),
    "list_type": _LIST,
    "tuple_type": _LIST,
    "set_type": _LIST,
    "dict_type": _OBJECT,
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "bool_type": _TRUTH,
    "bool_parsing": _TRUTH,
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "decimal_type": _NUMBER,
    "decimal_parsing": _NUMBER,
    "finite_number": _NUMBER,
    "greater_than": gettext_lazy("This must be more than %(gt)s."),
    "greater_than_equal": gettext_lazy("This must be at least %(ge)s."),
    "less_than": gettext_lazy("This must be less than %(lt)s."),
    "less_than_equal": gettext_lazy("This must be at most %(le)s."),
    "too_short": gettext_lazy("This list is too short: at least %(min_length)s."),
    "too_long": gettext_lazy("This list is too long: at most %(max_length)s."),
    "date_type": _DAY,
    "date_parsing": _DAY,
    "date_from_datetime_parsing": _DAY,
    "time_type": _TIME,
    "time_parsing": _TIME,
    "datetime_type": _MOMENT,
    "datetime_parsing": _MOMENT,
    "datetime_from_date_parsing": _MOMENT,
}
# Nobody has to read a pattern who misspells a code.
_COUNTRY = gettext_lazy("“%(input)s” is no country. Write its two capital letters, for example US or DE.")
PATTERNS = {
    r"^[A-Z]{3}$": gettext_lazy("“%(input)s” is no currency. Write its three capital letters, for example USD or EUR."),
    r"^[A-Z]{2}$": _COUNTRY,
    r"^([A-Z]{2})?$": _COUNTRY,
}
_EMPTY = gettext_lazy("This must not be empty.")
_OTHER = gettext_lazy("“%(input)s” does not fit here.")


def gettext_noop(text: str) -> str:
    """Marks a text for translation where it is shown; unlike Django’s, it asks for no settings."""
    return text


def problem(message: str, **values: object) -> PydanticCustomError:
    """For a validator to raise: `message` is marked by `gettext_noop` and names `values` as `%(name)s`."""
    return PydanticCustomError(HOUSE, message, values)


def no_list(place: str) -> InvalidInput:
    return InvalidInput(str(_LIST), place=place)


def invalid(message: str, place: str, **values: object) -> InvalidInput:
    """`message` as for `problem`, where no validator finds it."""
    return InvalidInput(_(message) % values, place=place)


def refused(error: ValidationError, place: str = "", value: Any = None) -> InvalidInput:
    """`place`: of the whole `value`, in which the place of the problem is found: `attributes[email].policy`."""
    first = meant(error)
    path = place
    for part in _path(value, first["loc"], first["type"] == "missing"):
        path += part if part.startswith("[") or not path else f".{part}"
    return InvalidInput(in_words(first), place=path)


def meant(error: ValidationError) -> Mapping[str, Any]:
    """Where a value may have several shapes, the shape that was understood furthest is the one that was meant."""
    return max(error.errors(include_url=False), key=lambda item: len(item["loc"]))


def in_words(found: Mapping[str, Any]) -> str:
    """One of `ValidationError.errors()`."""
    kind, context = found["type"], found.get("ctx", {})
    if kind == HOUSE:
        return str(_(found["msg"]) % context)
    if kind == "value_error":
        return str(context["error"])
    short = kind in ("string_too_short", "too_short") and context["min_length"] == 1
    where = found["loc"][-1] if found["loc"] else ""
    values = {"name": where, "input": f"{found['input']!s:.{_LONGEST}}", **context}
    if "expected" in context:
        values["expected"] = context["expected"].replace("' or '", "', '").replace("'", "")
    reason = PATTERNS.get(context.get("pattern", ""), REASONS.get(kind, _OTHER))
    return str(_EMPTY if short else reason) % values


def _path(value: Any, where: Sequence[int | str], is_missing: bool) -> list[str]:
    """Items of lists by their names, where they have one. What pydantic adds, which shape was tried, is left out."""
    found: list[str] = []
    for number, part in enumerate(where, 1):
        if isinstance(part, int):
            item = value[part] if isinstance(value, list | tuple) and part < len(value) else None
            names = [item[name] for name in NAMES if item.get(name)] if isinstance(item, dict) else []
            found.append(f"[{names[0] if names else part}]")
            value = item
        elif isinstance(value, dict) and (part in value or (is_missing and number == len(where))):
            found.append(part)
            value = value.get(part)
    return found
