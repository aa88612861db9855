"""How a column is read, and what a lake type is in Arrow."""

from dataclasses import dataclass

import pyarrow as pa

TYPES = ("string", "integer", "number", "boolean", "date", "timestamp", "money", "list")
ARROW_TYPES: dict[str, pa.DataType] = {
    "string": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us", tz="UTC"),
    "money": pa.int64(),
    "list": pa.list_(pa.string()),
}


@dataclass(frozen=True)
class ColumnPlan:
    """How one column is read.

    `format`: for dates and times "" or "iso", a strptime pattern, or "epoch_s", "epoch_ms"; for numbers and money the
    decimal mark "." (default) or ",". `zone`: the IANA zone of times that state none. `currency`: ISO 4217, for money.
    """

    name: str
    type: str = "string"
    format: str = ""
    currency: str = ""
    zone: str = "UTC"
    is_stated: bool = False

    @property
    def arrow_type(self) -> pa.DataType:
        return ARROW_TYPES[self.type]
