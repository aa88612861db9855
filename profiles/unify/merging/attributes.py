"""Which columns become which attribute of a person, and their values ready to be merged."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from profiles.unify.config.policies import AttributePolicy, GroupPolicy, MergeSettings
from profiles.unify.reading.records import UNKNOWN, Codes, Records, TableInput
from profiles.unify.values.dates import calendar_dates
from profiles.unify.values.jsontext import as_type
from profiles.unify.values.written_names import given_and_family

LINE = "address.line"
ADDRESS = (LINE, "address.city", "address.postcode", "address.region", "address.country")
FULL, FIRST, LAST = "person.full_name", "person.first_name", "person.last_name"
GENDER_WORDS = {"m": "male", "f": "female"}
LISTS = {"contact.email": "emails", "contact.phone": "phones"}
USUAL = MergeSettings()
# What the engine calls the place of a row in its file: no column of a table that is patched can be called so.
ROW_NUMBER = "file_row_number"
# Given and family name of each record, taken out of full names.
Halves = tuple[pa.Array, pa.Array]


@dataclass(frozen=True)
class Attribute:
    """One merged attribute. `columns`: (table number, column) in order of trust. `semantic` may be empty. `group`: the
    name of what it travels with."""

    name: str
    semantic: str
    columns: tuple[tuple[int, str], ...]
    group: str
    policy: AttributePolicy

    @property
    def list_name(self) -> str:
        """The column that holds all different values as a list, "" for none. Everything of one meaning shares it."""
        wanted = self.policy.collect
        if wanted is None:
            wanted = self.semantic in LISTS
        return LISTS.get(self.semantic, f"all_{self.name}") if wanted else ""


@dataclass(frozen=True)
class Plan:
    """What is merged, in the order of the columns, and what travels together; `full`: where full names are."""

    attributes: tuple[Attribute, ...]
    groups: tuple[GroupPolicy, ...]
    full: Attribute | None
    excluded: tuple[Attribute, ...] = ()

    def split_from(self, attribute: Attribute) -> Attribute | None:
        """Full names, where given and family name are taken out of them too."""
        return self.full if attribute.semantic in (FIRST, LAST) else None


def attribute_name(column: str, semantic: str) -> str:
    """The last part of the semantic type, or the column's own name."""
    if semantic == "organization.name":
        return "organization"
    if semantic:
        return semantic.rpartition(".")[2]
    return f"{column}_" if column.lower() == ROW_NUMBER else column


def plan(tables: Sequence[TableInput], settings: MergeSettings = USUAL) -> Plan:
    """Every column that is not merely the key of its table; columns of one name or one meaning become one attribute,
    unless the settings say which columns it consists of."""
    names = _names_by_hand(tables, settings)
    columns: dict[str, list[tuple[int, str]]] = {}
    semantics: dict[str, str] = {}
    for number, table in enumerate(tables):
        for column in table.data.column_names:
            semantic = table.semantics.get(column, "")
            if column in table.key and not semantic and (number, column) not in names:
                continue
            name = names.get((number, column)) or _usual_name(table, column, semantic, settings)
            columns.setdefault(name, []).append((number, column))
            semantics[name] = semantics.get(name) or semantic
    for part in (FIRST, LAST):
        name = attribute_name("", part)
        if name not in columns and "full_name" in columns:
            columns[name], semantics[name] = [], part
    groups = settings.groups if settings.groups is not None else _usual_groups(semantics)
    group_of = {name: group.name for group in groups for name in group.attributes}
    found = [
        Attribute(name, semantics[name], tuple(cols), group_of.get(name, ""), settings.of(name))
        for name, cols in columns.items()
    ]
    return Plan(
        attributes=tuple(a for a in found if not a.policy.exclude),
        groups=tuple(groups),
        full=next((a for a in found if a.semantic == FULL), None),
        excluded=tuple(a for a in found if a.policy.exclude),
    )


def _names_by_hand(tables: Sequence[TableInput], settings: MergeSettings) -> dict[tuple[int, str], str]:
    known = {f"{table.name}.{c}": (n, c) for n, table in enumerate(tables) for c in table.data.column_names}
    return {known[column]: item.attribute for item in settings.attributes for column in item.columns if column in known}


def _usual_name(table: TableInput, column: str, semantic: str, settings: MergeSettings) -> str:
    """A column that the list of an attribute of its name leaves out stands for itself."""
    name = attribute_name(column, semantic)
    return f"{table.source}_{table.table}_{column}" if settings.of(name).columns else name


def _usual_groups(semantics: dict[str, str]) -> tuple[GroupPolicy, ...]:
    parts = tuple(name for name, semantic in semantics.items() if semantic in ADDRESS and name == _last(semantic))
    return (GroupPolicy(name="address", attributes=parts),) if parts else ()


def _last(semantic: str) -> str:
    return attribute_name("", semantic)


def values_of(records: Records, attribute: Attribute, halves: Halves | None = None) -> list[pa.Array]:
    """The attribute for all records in their order: one array per column, where a table has several of one meaning.

    What the normalisers call unknown, and values set aside, are null; text is trimmed; e-mail is in lower case, phones
    are E.164, birth dates are dates, genders "male" and "female" where they are known words. `halves`: given and family
    names, for records that have nothing but a full name.
    """
    columns = [
        [_cleaned(records, index, names) for index, names in enumerate(row)] for row in _rows(records, attribute)
    ]
    common = _common_type([part.type for parts in columns for part in parts if part.type != pa.null()])
    arrays = [pa.concat_arrays([as_type(part, common) for part in parts]) for parts in columns]
    if attribute.semantic in (FIRST, LAST) and halves is not None and FULL in records.features:
        arrays[0] = _or_half(records, arrays[0], halves[0 if attribute.semantic == FIRST else 1])
    return arrays


def halves_of(records: Records, full: Attribute) -> Halves:
    return given_and_family(values_of(records, full)[0])


def _rows(records: Records, attribute: Attribute) -> list[list[str]]:
    """The first column of each table, the second of each, …; "" where a table has no more."""
    per_table = [[c for number, c in attribute.columns if number == index] for index in range(len(records.tables))]
    wide = max([1, *map(len, per_table)])
    return [[names[n] if n < len(names) else "" for names in per_table] for n in range(wide)]


def _codes(records: Records, index: int, column: str, semantic: str) -> Codes:
    """One table's part of a feature: that of the column that has this meaning."""
    table, start = records.tables[index], records.offsets()[index]
    feature = records.features.get(semantic)
    alike = [name for name, meaning in table.semantics.items() if meaning == semantic]
    if feature is None or column not in alike or alike.index(column) >= len(feature.columns):
        return np.full(table.data.num_rows, UNKNOWN, np.int32)
    return feature.columns[alike.index(column)][start : start + table.data.num_rows]


def _common_type(types: list[pa.DataType]) -> pa.DataType:
    if not types:
        return pa.string()
    if all(kind == types[0] for kind in types):
        return types[0]
    numbers = all(pa.types.is_integer(kind) or pa.types.is_floating(kind) for kind in types)
    return pa.float64() if numbers else pa.string()


def _cleaned(records: Records, index: int, column: str) -> pa.Array:
    """One column of one table."""
    table = records.tables[index]
    if not column:
        return pa.nulls(table.data.num_rows)
    values = table.data.column(column).combine_chunks()
    if pa.types.is_string(values.type):
        values = pc.utf8_trim_whitespace(values)
        values = pc.if_else(pc.equal(values, ""), None, values)
    semantic = table.semantics.get(column, "")
    feature = records.features.get(semantic)
    if feature is None:
        return values
    codes = _codes(records, index, column, semantic)
    taken = pa.array(codes, mask=codes < 0)
    if semantic == "contact.phone":
        return feature.values.take(taken)
    if semantic == "person.birth_date":
        return calendar_dates(feature.values).take(taken)
    if semantic == "person.gender":
        words = [GENDER_WORDS.get(word, word) for word in feature.values.to_pylist()]
        return pa.array(words, pa.string()).take(taken)
    if semantic == "contact.email":
        values = _addresses(values.cast(pa.string()))
    known = pa.array(codes >= 0)
    if semantic in (FIRST, LAST):  # 娜 reads “na”, which is no placeholder in the script in which it is written
        start = records.offsets()[index]
        named = records.features["person.name"].codes[start : start + len(values)] >= 0
        foreign = pc.invert(pc.string_is_ascii(values.cast(pa.string())))
        known = pc.or_(known, pc.and_(pa.array(named), pc.fill_null(foreign, False)))
    return pc.if_else(known, values, None)


def _addresses(values: pa.Array) -> pa.Array:
    """As mail is sent there: in lower case, but with its letters: müller.de and muller.de are two domains."""
    if not pc.all(pc.fill_null(pc.string_is_ascii(values), True)).as_py():
        values = pc.utf8_normalize(values, "NFKC")
    return pc.replace_substring_regex(pc.utf8_lower(values), r"^[<\s]*(?:mailto:)?|[\s>,;]", "")


def _or_half(records: Records, own: pa.Array, half: pa.Array) -> pa.Array:
    """Given or family name, or what the full name says of it for records that have neither."""
    names = [records.features[name].codes for name in (FIRST, LAST) if name in records.features]
    bare = np.logical_and.reduce([codes < 0 for codes in names]) if names else np.ones(records.count, bool)
    known = records.features["person.name"].codes >= 0
    return pc.if_else(pc.and_(pc.is_valid(half), pa.array(bare & known)), half, own.cast(pa.string()))
