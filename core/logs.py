"""Lines for operators, the same from every process: ids, and nothing that a customer's row holds."""

import logging
import re
from types import TracebackType

# What PostgreSQL adds to an error quotes the row that it is about: Key (address)=(ann@shop.example) already exists.
_QUOTED = re.compile(r"^(DETAIL|CONTEXT):.*$", re.MULTILINE)
_Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class Lines(logging.Formatter):
    def formatException(self, ei: _Raised) -> str:
        return _QUOTED.sub(r"\1: …", super().formatException(ei))


def in_short(error: BaseException) -> str:
    """An unexpected error for people who may read no log: what it is, without what was quoted of a row."""
    lines = str(error).splitlines() or [""]
    return f"{type(error).__name__}: {lines[0]}"[:300].rstrip(". ")
