"""What a room says about a table when it writes one, and what the catalog says when it is read. No Django here."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import pyarrow as pa

from core.text import humanize

STRING, INTEGER, NUMBER, BOOLEAN = "string", "integer", "number", "boolean"
DATE, TIMESTAMP, MONEY, LIST = "date", "timestamp", "money", "list"
TYPES = (STRING, INTEGER, NUMBER, BOOLEAN, DATE, TIMESTAMP, MONEY, LIST)

# First parts of names of tables that the product writes itself: no source may be called so.
# What Django's tables are mirrored to is called after the product: a company's “crm” is a source of its own.
MIRRORED = "kindred"
KEY_JOIN = " + "  # between the columns of a key, in what one row is of
CUSTOMERS = "unified.profiles"
"""A relationship to it names customers by their e-mail address, phone number or an id, by the column's meaning."""
OWN_NAMESPACES = ("quarantine", "unified", "linked", "measures", "segments", MIRRORED)

_ARROW: dict[str, pa.DataType] = {
    STRING: pa.string(),
    INTEGER: pa.int64(),
    NUMBER: pa.float64(),
    BOOLEAN: pa.bool_(),
    DATE: pa.date32(),
    TIMESTAMP: pa.timestamp("us", tz="UTC"),
    MONEY: pa.int64(),
}


@dataclass(frozen=True)
class ColumnStats:
    """Facts of one column at publication.

    `distinct` is approximate (± 10%) beyond 100,000 rows, where `is_exact` is false; so it is after a patch, when
    everything here is as it was before it; `min` and `max` are JSON values
    (dates as ISO text); `top` holds the most frequent values with their counts, most frequent first, and is empty where
    values hardly repeat.
    """

    missing: int = 0
    distinct: int = 0
    min: Any = None
    max: Any = None
    top: list[tuple[Any, int]] = field(default_factory=list)
    is_exact: bool = True


@dataclass(frozen=True)
class ColumnSpec:
    """A column as its writer describes it. What is left empty is derived: the type from the data, the label from the
    name, the statistics from the values. `sensitive` columns are masked for roles without `lake.view_sensitive`."""

    name: str
    type: str = ""
    label: str = ""
    semantic: str = ""
    currency: str = ""
    sensitive: bool = False
    stats: ColumnStats | None = None


@dataclass(frozen=True)
class TableSpec:
    """A table as its writer describes it. `grain` completes "one row per …"; `key` names columns that are unique."""

    name: str
    label: str = ""
    grain: str = ""
    key: Sequence[str] = ()
    columns: Sequence[ColumnSpec] = ()


@dataclass(frozen=True)
class ColumnInfo:
    """A column as the catalog knows it: nothing is left empty but `semantic` and `currency`."""

    name: str
    type: str
    label: str
    semantic: str = ""
    currency: str = ""
    sensitive: bool = False
    stats: ColumnStats = field(default_factory=ColumnStats)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "ColumnInfo":
        stats = value.get("stats") or {}
        top = [(item[0], item[1]) for item in stats.get("top", [])]
        return cls(**{**value, "stats": ColumnStats(**{**stats, "top": top})})


@dataclass(frozen=True)
class TableInfo:
    """One version of a table as the catalog knows it. `rows` and `bytes` are of the whole table."""

    name: str
    version: int
    label: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[ColumnInfo, ...]
    rows: int
    bytes: int
    sorted_by: tuple[str, ...] = ()
    published_at: Any = None

    def column(self, name: str) -> ColumnInfo | None:
        return next((column for column in self.columns if column.name == name), None)


@dataclass(frozen=True)
class Attribute:
    """Something that is known about every profile: a column of `unified.profiles` or `measures.customer`."""

    name: str
    label: str
    type: str
    table: str
    semantic: str = ""
    currency: str = ""
    stats: ColumnStats = field(default_factory=ColumnStats)


def arrow_type(column: ColumnSpec, given: pa.DataType) -> pa.DataType:
    """The stored type of a column: what its spec says, else what the data has."""
    return _ARROW.get(column.type, given)


def type_of(given: pa.DataType) -> str:
    """The catalog's word for a stored type."""
    if pa.types.is_list(given):
        return LIST
    words = {pa.int64(): INTEGER, pa.float64(): NUMBER, pa.bool_(): BOOLEAN, pa.date32(): DATE}
    return TIMESTAMP if pa.types.is_timestamp(given) else words.get(given, STRING)


def described(spec: TableSpec, schema: pa.Schema, stats: dict[str, ColumnStats]) -> tuple[ColumnInfo, ...]:
    """The columns in the order of the data, each with everything that the spec left open filled in."""
    stated = {column.name: column for column in spec.columns}
    found = []
    for item in schema:
        column = stated.get(item.name, ColumnSpec(item.name))
        found.append(
            ColumnInfo(
                name=item.name,
                type=column.type or type_of(item.type),
                label=column.label or humanize(item.name),
                semantic=column.semantic,
                currency=column.currency,
                sensitive=column.sensitive,
                stats=column.stats or stats.get(item.name, ColumnStats()),
            )
        )
    return tuple(found)
