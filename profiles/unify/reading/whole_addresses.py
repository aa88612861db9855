"""Addresses that a table holds in one column, or with the house number in its own, as all others hold them: street with
number, city, postcode. The same address is then compared, merged and offered alike."""

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from core.addresses import CITY, LINE, PARTS, POSTCODE, parts_of

WHOLE, STREET, NUMBER = "address.full", "address.line", "address.number"

Meant = tuple[pa.Table, dict[str, str]]
"""Rows, and the meanings of those columns that have one."""


def spelled_out(data: pa.Table, semantics: dict[str, str]) -> Meant:
    """The parts in place of every column that means a whole address: the street under the name of the column, and
    “Address › city” and so on, null where an address has no such part. House numbers stand beside their street, in
    the order of the columns."""
    return _apart(*_numbered(data, semantics), WHOLE, PARTS)


def _numbered(data: pa.Table, semantics: dict[str, str]) -> Meant:
    """The first number goes to the first street, the second to the second. One without a street is left out."""
    streets, numbers = ([n for n, known in semantics.items() if known == one] for one in (STREET, NUMBER))
    for street, number in zip(streets, numbers, strict=False):
        pair = sorted((street, number), key=data.column_names.index)
        texts = [pc.utf8_trim_whitespace(pc.fill_null(data.column(name).cast(pa.string()), "")) for name in pair]
        joined = pc.utf8_trim_whitespace(pc.binary_join_element_wise(*texts, " "))
        known = pc.is_valid(data.column(street))
        data = data.set_column(data.column_names.index(street), street, pc.if_else(known, joined, None))
    kept = {name: known for name, known in semantics.items() if known != NUMBER}
    return data.drop_columns(numbers[: len(streets)]), kept


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
