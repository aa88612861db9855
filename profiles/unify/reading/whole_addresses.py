"""Addresses that a table holds in one column, or with the house number in its own, as all others hold them: street with
number, city, postcode. The same address is then compared, merged and offered alike."""

from collections.abc import Sequence
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from core.addresses import CITY, LINE, PARTS, POSTCODE, parts_of, share_of_whole
from profiles.unify.normalisers.registry import UNREAD, Learner, Reading
from profiles.unify.reading.columns import Meant

WHOLE, STREET, NUMBER = "address.full", "address.line", "address.number"
# A column of streets holds whole addresses if so many of so many of its values are.
MOST, LOOKED_AT = 0.5, 10_000

# Between the column of a whole address and the part of it.
OF = " › "


def part_of(name: str) -> tuple[str, str]:
    """The column and the part that a name made here is of: "Address › city" → ("Address", "city"); ("Name", "") of any
    other."""
    column, sign, part = name.rpartition(OF)
    return (column, part) if sign and part in PARTS else (name, "")


def spelled_out(data: pa.Table, semantics: dict[str, str]) -> Meant:
    """The parts in place of every column that means a whole address: the street under the name of the column, and
    “Address › city” and so on, null where an address has no such part. House numbers stand beside their street, in
    the order of the columns. Beside a street, a city with its postcode is enough."""
    data, semantics = _numbered(data, semantics)
    return _apart(data, semantics, [name for name, known in semantics.items() if known == WHOLE], PARTS)


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


def as_compared(data: pa.Table, semantics: dict[str, str], table: str, learner: Learner) -> Meant:
    """A column of streets may turn out to hold whole addresses where `table` has none for city or postcode: streets are
    then compared with streets. What is merged stays as it was written."""
    if {"address.city", "address.postcode"} & set(semantics.values()):
        return data, semantics
    lines = [name for name, known in semantics.items() if known == STREET]
    whole = [name for name in lines if learner(WHOLE, f"{table}.{name}", partial(_read, data.column(name)))]
    return _apart(data, semantics, whole, (LINE, CITY, POSTCODE))


def _read(values: pa.ChunkedArray) -> Reading:
    share = share_of_whole(values.drop_null().slice(0, LOOKED_AT).cast(pa.string()).combine_chunks())
    return {"whole": "yes"} if share >= MOST else UNREAD


def _apart(data: pa.Table, semantics: dict[str, str], columns: Sequence[str], parts: Sequence[str]) -> Meant:
    for column in columns:
        has_street = any(known == STREET for name, known in semantics.items() if name != column)
        found = parts_of(data.column(column).cast(pa.string()).combine_chunks(), has_street=has_street)
        names = {part: column if part == LINE else f"{column}{OF}{part}" for part in parts}
        data = data.set_column(data.column_names.index(column), column, found[LINE])
        for part in parts:
            data = data if part == LINE else data.append_column(names[part], found[part])
        others = {name: known for name, known in semantics.items() if name != column}
        semantics = others | {names[part]: f"address.{part}" for part in parts}
    return data, semantics
