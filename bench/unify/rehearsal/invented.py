"""What a set of the rehearsal is made of: rows with the truth in them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

Row = dict[str, Any]
# Beside a row's values: whose it is.
PERSON = "_person"


@dataclass(frozen=True)
class System:
    """One table. `meanings`: of the columns that have one; all others are plain. `dates`: how birth dates are written
    where it is not year, month, day. The key is made."""

    name: str
    meanings: dict[str, str]
    dates: str = ""
    rows: list[Row] = field(default_factory=list)

    def add(self, person: int, **values: Any) -> None:
        self.rows.append({PERSON: str(person)} | values)


@dataclass(frozen=True)
class Invented:
    """`shared_id`: the semantic type of an id that several tables know, "" for none."""

    systems: tuple[System, ...]
    country: str = "US"
    shared_id: str = ""


Maker = Callable[[Random], Invented]
SETS: dict[str, Maker] = {}


def invented(make: Maker) -> Maker:
    """Registers a set under the name of its function."""
    SETS[make.__name__.replace("_", "-")] = make
    return make
