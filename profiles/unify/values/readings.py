"""What only columns as a whole tell of their values: learned from all records, and kept from one run to the next.

A run of changes, an explanation or a preview sees a few records; it reads values as the full run did that saw all.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from profiles.unify.normalisers.registry import UNREAD, Learner, Reading

# What is compared, the normaliser, and the column, "" for all columns.
Key = tuple[str, str, str]
SCHEMA = pa.schema([(name, pa.string()) for name in ("attribute", "normaliser", "column", "value", "reading")])


@dataclass(frozen=True)
class Readings:
    by: Mapping[Key, Reading] = field(default_factory=dict)


class Reader:
    """Learns how columns are to be read when they are first met, or, given what is `known`, learns nothing more."""

    def __init__(self, known: Readings | None = None) -> None:
        self._learns = known is None
        self._found: dict[Key, Reading] = dict(known.by) if known else {}

    def of(self, attribute: str) -> Learner:
        def reading(normaliser: str, column: str, read: Callable[[], Reading]) -> Reading:
            key = attribute, normaliser, column
            if self._learns and key not in self._found:
                self._found[key] = read()
            return self._found.get(key, UNREAD)

        return reading

    @property
    def readings(self) -> Readings:
        return Readings({key: found for key, found in self._found.items() if found})


def orders_of(readings: Readings) -> list[dict[str, Any]]:
    """Of the columns of dates of which it is known whether day or month stands first: `column`, `order` ("dmy", "mdy"),
    and the `share` of dates that can be nothing else; None where the order was stated."""
    return [
        {"column": column, "order": found["order"], "share": float(found["share"]) if "share" in found else None}
        for (_attribute, _normaliser, column), found in sorted(readings.by.items())
        if "order" in found
    ]


def as_table(readings: Readings) -> pa.Table:
    """One row per thing that was learned, sorted."""
    rows = [(*key, *item) for key, found in sorted(readings.by.items()) for item in sorted(found.items())]
    columns = zip(*rows, strict=True) if rows else [[]] * len(SCHEMA)
    return pa.table([pa.array(list(column), pa.string()) for column in columns], schema=SCHEMA)


def from_table(table: pa.Table) -> Readings:
    found: dict[Key, dict[str, str]] = {}
    columns: list[list[Any]] = [table.column(name).to_pylist() for name in SCHEMA.names]
    for attribute, normaliser, column, value, reading in zip(*columns, strict=True):
        found.setdefault((attribute, normaliser, column), {})[value] = reading
    return Readings(found)
