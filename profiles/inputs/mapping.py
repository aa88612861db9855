"""From the catalog to what unification reads: tables, keys, meanings, and when a record's values were current."""

import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from django.utils.translation import gettext as _

from core.errors import InvalidInput
from core.text import fold
from lake.queries import Snapshot
from lake.specs import DATE, OWN_NAMESPACES, TIMESTAMP, ColumnSpec, TableInfo
from lake.words import table_title
from profiles.tables import COLUMN_LABELS
from profiles.unify.merging.attributes import Attribute, attribute_name
from profiles.unify.reading.records import KEY_SEPARATOR, Records, TableInput
from profiles.unify.reading.whole_addresses import spelled_out

# A column of time whose name says that it tells when the record was last true; the first pattern wins.
# When somebody joined says nothing of when their record was last right: no such column is among them.
CHANGED = (
    r"updat|modif|chang|edited|geandert|geaendert|anderung|aenderung|aktualis|bearbeitet|actualiz|atualiz|aggiorn|mise?_?a_?jour|"
    r"gewijzigd|bijgewerkt|zmian|更新|変更|修改|갱신|수정|измен|обнов|แก้ไข|تحديث|تعديل",
    r"last|recent|seen|visit",
)
# Where the last part of a meaning would not do as a label.
LABELS = {"address.line": COLUMN_LABELS["address"], "contact.email": COLUMN_LABELS["email"]}
HASH = "__row_hash"
UTC_TIME = pa.timestamp("us", tz="UTC")


def split_name(table: str, place: str = "") -> tuple[str, str]:
    """ "shop.customers" → ("shop", "customers"). Raises InvalidInput."""
    source, _dot, name = table.partition(".")
    if not source or not name:
        raise InvalidInput(_("Write a table as source.table, for example shop.customers."), place=place or table)
    return source, name


def mapped(info: TableInfo) -> dict[str, str]:
    """The columns with a meaning."""
    return {column.name: column.semantic for column in info.columns if column.semantic}


def candidates(snap: Snapshot) -> list[TableInfo]:
    """Source tables in which people could be found: they have a key and tell something of a person."""
    return [info for info in _with_people(snap) if info.key]


def keyless(snap: Snapshot) -> list[TableInfo]:
    """Source tables that tell something of a person but cannot take part, because nothing identifies their rows."""
    return [info for info in _with_people(snap) if not info.key]


def _with_people(snap: Snapshot) -> list[TableInfo]:
    return [info for info in map(snap.info, filter(is_source_table, snap.names())) if _tells(info)]


def by_trust(infos: Sequence[TableInfo]) -> list[TableInfo]:
    """The tables that tell the most of people first; a suggestion for whom to trust."""
    return sorted(infos, key=lambda info: (-len(set(mapped(info).values())), -info.rows, info.name))


def is_source_table(name: str) -> bool:
    return "." in name and name.split(".")[0] not in OWN_NAMESPACES


def _tells(info: TableInfo) -> bool:
    meanings = set(mapped(info).values())
    return bool(meanings & {"contact.email", "contact.phone", "person.full_name", "person.last_name"})


def why_not(snap: Snapshot, table: str) -> str:
    """Why a table cannot take part, and what to do; "" where it can."""
    words = {"table": table_title(snap, table)}
    if not snap.has(table):
        return _("“%(table)s” has not been loaded yet. Load it, or take it out of the unification.") % words
    if not snap.info(table).key:
        message = _(
            "“%(table)s” has no key. Name the columns that tell one row from every other and load it again, or take it "
            "out of the unification."
        )
        return message % words
    return ""


def table_inputs(snap: Snapshot, tables: Sequence[str]) -> list[TableInput]:
    """The rows of the tables, most trusted first. Raises InvalidInput for a table that cannot take part."""
    inputs = []
    for name in tables:
        if why := why_not(snap, name):
            raise InvalidInput(why, place=name)
        info = snap.info(name)
        inputs.append(input_of(info, snap.arrow(hashed(snap.table(name)))))
    return inputs


def input_of(info: TableInfo, rows: pa.Table) -> TableInput:
    """Rows of a table, as they are compared and merged; with `HASH` or without."""
    hashes = rows.column(HASH).combine_chunks() if HASH in rows.column_names else None
    data = rows.drop_columns(HASH) if hashes is not None else rows
    return TableInput(*split_name(info.name), info.key, *spelled_out(data, mapped(info)), hashes)


def key_text(rows: ir.Table, key: Sequence[str]) -> ir.StringColumn:
    """The key's text, as `record_id` has it."""
    parts = [rows[column].cast("string").fill_null("") for column in key]
    text = parts[0]
    for part in parts[1:]:
        text = text + KEY_SEPARATOR + part
    return text


def hashed(rows: ir.Table) -> ir.Table:
    """With a 64-bit number that is another one when any value of the row is."""
    values: dict[str, ir.Value] = {name: rows[name] for name in rows.columns}
    lists = [name for name, type_ in rows.schema().items() if type_.is_array()]  # none has the number of an empty one
    values |= {f"{name} is null": rows[name].isnull() for name in lists}
    return rows.mutate(ibis.struct(values).hash().name(HASH))


def changed_at(snap: Snapshot, named: Mapping[str, str] = MappingProxyType({})) -> Callable[[Records], pa.Array]:
    """Per record the time of its table's telling column, or of the one `named` for it; null where there is none."""

    def times(records: Records) -> pa.Array:
        parts = []
        for table in records.tables:
            column = named.get(table.name) or time_column(snap.info(table.name))
            rows = table.data.num_rows
            known = column in table.data.column_names
            parts.append(_as_time(table.data.column(column)) if known else pa.nulls(rows, UTC_TIME))
        return pa.concat_arrays(parts) if parts else pa.nulls(0, UTC_TIME)

    return times


def time_column(info: TableInfo) -> str:
    """The column that tells when a record was last true, "" where none does."""
    times = [column.name for column in info.columns if column.type in (DATE, TIMESTAMP) and not column.semantic]
    for pattern in CHANGED:
        for name in times:
            if re.search(pattern, f"{name} {fold(name)}", re.IGNORECASE):
                return name
    return ""


def _as_time(column: pa.ChunkedArray) -> pa.Array:
    array = column.combine_chunks()
    if pa.types.is_date(array.type):
        array = array.cast(pa.timestamp("us"))
    return array.cast(UTC_TIME)


def profile_columns(snap: Snapshot, tables: Sequence[str], attributes: Sequence[Attribute]) -> list[ColumnSpec]:
    """What the catalog says about merged attributes: the first source column's type, currency and label."""
    columns = []
    for attribute in attributes:
        sources = [snap.info(tables[number]).column(name) for number, name in attribute.columns]
        first = next((column for column in sources if column is not None), None)
        plain = first is not None and not attribute.semantic
        same = len({column.type for column in sources if column}) == 1
        usual = LABELS.get(attribute.semantic, "") if attribute.name == attribute_name("", attribute.semantic) else ""
        details: dict[str, Any] = {"label": usual}
        if first is not None and plain and same:
            label = first.label if first.name == attribute.name else ""
            details = {"type": first.type, "currency": first.currency, "label": label}
        if attribute.policy.label:
            details["label"] = attribute.policy.label
        sensitive = any(column.sensitive for column in sources if column)
        columns.append(ColumnSpec(attribute.name, semantic=attribute.semantic, sensitive=sensitive, **details))
    return columns
