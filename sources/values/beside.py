"""Amounts whose currency stands in a column of its own, one for each row."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from sources.values import numbers
from sources.values.text import Column, is_text, stands_for_nothing

NAMES = re.compile(r"currency|währung|waehrung|devise|moneda|valuta|moeda|waluta", re.I)


@dataclass(frozen=True)
class CurrencyColumn:
    """`counts`: rows by currency. Amounts beside it are money where there is but one."""

    name: str
    counts: dict[str, int]

    @property
    def only(self) -> str:
        return next(iter(self.counts)) if len(self.counts) == 1 else ""


def currency_column(columns: Mapping[str, Column]) -> CurrencyColumn | None:
    """The first column that is named after currencies and holds nothing else."""
    for name, column in columns.items():
        if NAMES.search(name) and is_text(column.type) and (counts := currencies_of(column)):
            return CurrencyColumn(name, counts)
    return None


def currencies_of(column: Column) -> dict[str, int]:
    """Rows by currency, whether it is written as code or sign; empty where one value is neither."""
    if not is_text(column.type):
        return {}
    values = pc.drop_null(pc.utf8_trim_whitespace(column))
    values = values.filter(pc.invert(stands_for_nothing(values)))
    counted = pc.value_counts(values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values)
    found: dict[str, int] = {}
    for item in counted.to_pylist():
        written = item["values"]
        code = written.upper() if written.upper() in numbers.CURRENCIES else numbers.SYMBOLS.get(written, "")
        if not code:
            return {}
        found[code] = found.get(code, 0) + item["counts"]
    return found
