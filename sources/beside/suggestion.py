"""What is suggested of the columns of a table, while one rule after the other looks at them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Suggestion:
    """`reason` is one phrase for the reader; `semantic` "" means that the column has no meaning of its own."""

    semantic: str
    reason: str = ""


Found = Mapping[str, Suggestion]
Samples = Mapping[str, Sequence[str]]
"""Some values of each column."""


def of_meaning(found: Found, *meanings: str) -> list[str]:
    """The columns that mean one of these, in their order."""
    return [name for name, item in found.items() if item.semantic in meanings]
