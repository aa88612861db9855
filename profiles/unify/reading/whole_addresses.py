"""Columns that hold whole addresses, as the columns of their parts: the same address is then compared, merged and
offered alike, in whatever way its table holds it."""

from collections.abc import Sequence

import pyarrow as pa

from core.addresses import CITY, LINE, PARTS, POSTCODE, parts_of

WHOLE, STREET = "address.full", "address.line"

Meant = tuple[pa.Table, dict[str, str]]
"""Rows, and the meanings of those columns that have one."""


def spelled_out(data: pa.Table, semantics: dict[str, str]) -> Meant:
    """The parts in place of every column that means a whole address: the street under the name of the column, and
    “Address › city” and so on, null where an address has no such part."""
    return _apart(data, semantics, WHOLE, PARTS)


def as_compared(data: pa.Table, semantics: dict[str, str]) -> Meant:
    """Streets may turn out to be whole addresses where the table has no column for city or postcode: streets are then
    compared with streets. What is merged stays as it was written."""
    if {"address.city", "address.postcode"} & set(semantics.values()):
        return data, semantics
    return _apart(data, semantics, STREET, (LINE, CITY, POSTCODE))


def _apart(data: pa.Table, semantics: dict[str, str], meaning: str, parts: Sequence[str]) -> Meant:
    for column in [name for name, known in semantics.items() if known == meaning]:
        found = parts_of(data.column(column).cast(pa.string()).combine_chunks())
        names = {part: column if part == LINE else f"{column} › {part}" for part in parts}
        data = data.set_column(data.column_names.index(column), column, found[LINE])
        for part in parts:
            data = data if part == LINE else data.append_column(names[part], found[part])
        others = {name: known for name, known in semantics.items() if name != column}
        semantics = others | {names[part]: f"address.{part}" for part in parts}
    return data, semantics
