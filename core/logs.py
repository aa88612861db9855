"""Lines for operators, the same from every process: ids, and nothing that a customer's row holds."""

import logging
import re
from traceback import extract_tb, format_list, walk_tb
from types import TracebackType

from django.conf import settings

# Errors quote the value that they are about: `invalid literal for int(): 'Ann'`, `Key (address)=(ann@shop.example)`.
_VALUES = r"""["'`“‘«].*["'`”’»]|\(.*\)=\(.*\)|[^\s@"']+@[^\s@"']+|(?<![\w.])[+-]?\d(?:[ .,:/-]?\d){4,}"""
# What a database calls its own things is no value: unique constraint "auth_user_username_key".
_NAMED = r'\b(?:constraint|relation|table|column|index|schema|role|database) "[A-Za-z_][\w.]*"'
_NAMED_OR_VALUES = re.compile(f"({_NAMED})|{_VALUES}")
_AS_CAUSE = "\nThe above exception was the direct cause of the following exception:\n\n"
_AS_CONTEXT = "\nDuring handling of the above exception, another exception occurred:\n\n"
_Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class Lines(logging.Formatter):
    def formatException(self, ei: _Raised) -> str:
        return _told(ei[1], set()).rstrip("\n") if ei[1] is not None else ""


def _told(error: BaseException, seen: set[int]) -> str:
    """Where it was raised, what it is, and the first line of what it says without the values in it; first the errors
    that it came from."""
    seen.add(id(error))
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    before = ""
    if cause is not None and id(cause) not in seen:
        before = _told(cause, seen) + (_AS_CAUSE if error.__cause__ else _AS_CONTEXT)
    frames = "".join(format_list(extract_tb(error.__traceback__)))
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    says = without_values(str(error))
    return f"{before}Traceback (most recent call last):\n{frames}{name}{': ' if says else ''}{says}\n"


def without_values(text: str) -> str:
    """The first line of what an error says, with … for whatever it quotes, addresses and long numbers."""
    return _NAMED_OR_VALUES.sub(lambda found: found[1] or "…", text.strip().partition("\n")[0])


def in_short(error: BaseException) -> str:
    """An unexpected error for people who may read no log: what it is and where. Its text may hold what a row does."""
    modules = [(frame.f_globals.get("__name__", ""), line) for frame, line in walk_tb(error.__traceback__)]
    own = [(module, line) for module, line in modules if (settings.BASE_DIR / module.partition(".")[0]).is_dir()]
    place = " ({}:{})".format(*own[-1]) if own else ""
    return type(error).__name__ + place
