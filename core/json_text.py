"""JSON that somebody sent: what nests without end, or holds what no text may, is refused before anybody looks."""

import json
from typing import Any

from django.utils.translation import gettext as _

from core.errors import InvalidInput
from core.text import is_text

MAX_DEPTH = 200  # branches inside of branches take five levels each; recursion stays far from Python's limit


def load(text: str | bytes) -> Any:
    """Raises InvalidInput."""
    try:
        value = json.loads(text)
    except RecursionError as error:
        raise too_deep() from error
    except ValueError as error:
        raise InvalidInput(_("This is not JSON.")) from error
    refuse_odd(value)
    return value


def refuse_odd(value: Any) -> None:
    """NUL is left to the fields, which say where it stands. Raises InvalidInput."""
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise too_deep()
        inner: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                inner += [*item, *item.values()]
            elif isinstance(item, list):
                inner += item
            elif isinstance(item, str) and not is_text(item.replace("\0", "")):
                raise InvalidInput(_("This has a sign in it that no text has. Take it out."))
        level = inner


def too_deep() -> InvalidInput:
    return InvalidInput(_("This nests deeper than anything here can."))
