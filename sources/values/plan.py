"""How a column is read, and what a lake type is in Arrow."""

import datetime as dt
from dataclasses import dataclass

import pyarrow as pa
from django.utils.translation import gettext as _

from sources.values import numbers

MINOR = "minor"  # the format of money in the smallest unit: 1050 for 10.50
FORMATS = frozenset({".", ",", "%", ".%", ",%", MINOR, "iso", "epoch_s", "epoch_ms", "epoch_us", "days"})

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

    `format`: for dates and times "" or "iso", a strptime pattern, "epoch_s", "epoch_ms", "epoch_us", or "days" as
    workbooks count them; for numbers and money the decimal mark "." (default) or ",", with "%" behind it for numbers
    that all have a percent sign; for money in the smallest unit "minor". `zone`: the IANA zone of times that state
    none. `currency`: ISO 4217, for money.
    """

    name: str
    type: str = "string"
    format: str = ""
    currency: str = ""
    zone: str = "UTC"
    is_stated: bool = False

    @property
    def spelling(self) -> str:
        """How its values are written, in words; "" where there is nothing to say."""
        return spelled(self.type, self.format)

    @property
    def factor(self) -> int:
        """How many of the currency's smallest units one of its amounts is."""
        return 1 if self.format == MINOR else numbers.factor(self.currency)

    @property
    def arrow_type(self) -> pa.DataType:
        return ARROW_TYPES[self.type]


EXAMPLE = dt.datetime(2026, 12, 31, 18, 30)


def spelled(kind: str, pattern: str) -> str:
    """What `ColumnPlan.format` means to a reader: `%d.%m.%Y` → "like 31.12.2026"."""
    if kind == "number" and pattern.endswith("%"):
        return _("in percent")
    if kind == "money" and pattern == MINOR:
        return _("in the smallest unit, as in 1050 for 10.50")
    if kind in ("integer", "number", "money"):
        return _("decimal comma, as in 1.234,50") if pattern == "," else ""
    if pattern == "days":
        return _("days as workbooks count them")
    if pattern.startswith("epoch"):
        words = {
            "epoch_s": _("seconds since 1970"),
            "epoch_ms": _("milliseconds since 1970"),
            "epoch_us": _("microseconds since 1970"),
        }
        return words[pattern]
    return _("like %s") % EXAMPLE.strftime(pattern) if "%" in pattern else ""
