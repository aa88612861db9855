"""Lines for operators, the same from every process: ids, and nothing that a customer's row holds."""

import logging
import re
from traceback import walk_tb
from types import TracebackType

from django.conf import settings

# What PostgreSQL adds to an error quotes the row that it is about: Key (address)=(ann@shop.example) already exists.
_QUOTED = re.compile(r"^(DETAIL|CONTEXT):.*$", re.MULTILINE)
_Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class Lines(logging.Formatter):
    def formatException(self, ei: _Raised) -> str:
        return _QUOTED.sub(r"\1: …", super().formatException(ei))


def in_short(error: BaseException) -> str:
    """An unexpected error for people who may read no log: what it is and where. Its text may hold what a row does."""
    modules = [(frame.f_globals.get("__name__", ""), line) for frame, line in walk_tb(error.__traceback__)]
    own = [(module, line) for module, line in modules if (settings.BASE_DIR / module.partition(".")[0]).is_dir()]
    place = " ({}:{})".format(*own[-1]) if own else ""
    return type(error).__name__ + place
