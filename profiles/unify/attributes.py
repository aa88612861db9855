"""Which columns become which attribute of a person, and their values ready to be merged."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from profiles.jsontext import as_type
from profiles.unify.normalise import folded
from profiles.unify.records import Records, TableInput

ADDRESS = ("address.line", "address.city", "address.postcode", "address.region", "address.country")
FULL, FIRST, LAST = "person.full_name", "person.first_name", "person.last_name"
GENDER_WORDS = {"m": "male", "f": "female"}


@dataclass(frozen=True)
class Attribute:
    """One merged attribute. `columns`: (table number, column) in order of trust. `semantic` may be empty."""

    name: str
    semantic: str
    columns: tuple[tuple[int, str], ...]

    @property
    def group(self) -> str:
        """Attributes of one group come from one record together."""
        return "address" if self.semantic in ADDRESS else ""


def attribute_name(column: str, semantic: str) -> str:
    """The last part of the semantic type, or the column's own name."""
    if semantic == "organization.name":
        return "organization"
    return semantic.rpartition(".")[2] if semantic else column


def plan(tables: Sequence[TableInput]) -> list[Attribute]:
    """Every column that is not merely the key of its table; columns of one name or one meaning become one attribute."""
    columns: dict[str, list[tuple[int, str]]] = {}
    semantics: dict[str, str] = {}
    for number, table in enumerate(tables):
        for column in table.data.column_names:
            semantic = table.semantics.get(column, "")
            if column in table.key and not semantic:
                continue
            name = attribute_name(column, semantic)
            columns.setdefault(name, []).append((number, column))
            semantics[name] = semantics.get(name) or semantic
    for part in (FIRST, LAST):
        name = attribute_name("", part)
        if name not in columns and "full_name" in columns:
            columns[name], semantics[name] = [], part
    return [Attribute(name, semantics[name], tuple(found)) for name, found in columns.items()]


def values_of(records: Records, attribute: Attribute) -> list[pa.Array]:
    """The attribute for all records in their order: one array per column, where a table has several of one meaning.

    What the normalisers call unknown, and values set aside, are null; text is trimmed; e-mail is in lower case, phones
    are E.164, birth dates are dates, genders "male" and "female" where they are known words.
    """
    per_table = [[c for number, c in attribute.columns if number == index] for index in range(len(records.tables))]
    wide = max([1, *map(len, per_table)])
    raw = [[_column(records, index, names[n : n + 1]) for index, names in enumerate(per_table)] for n in range(wide)]
    common = _common_type([part.type for parts in raw for part in parts if part.type != pa.null()])
    arrays = [pa.concat_arrays([as_type(part, common) for part in parts]) for parts in raw]
    return [_cleaned(records, attribute, array, n) for n, array in enumerate(_with_split(records, attribute, arrays))]


def _column(records: Records, table: int, names: list[str]) -> pa.Array:
    data = records.tables[table].data
    return data.column(names[0]).combine_chunks() if names else pa.nulls(data.num_rows)


def _common_type(types: list[pa.DataType]) -> pa.DataType:
    if not types:
        return pa.string()
    if all(kind == types[0] for kind in types):
        return types[0]
    numbers = all(pa.types.is_integer(kind) or pa.types.is_floating(kind) for kind in types)
    return pa.float64() if numbers else pa.string()


def _cleaned(records: Records, attribute: Attribute, values: pa.Array, column: int) -> pa.Array:
    feature = records.features.get(attribute.semantic)
    if pa.types.is_string(values.type):
        values = pc.utf8_trim_whitespace(values)
        values = pc.if_else(pc.equal(values, ""), None, values)
    if feature is None or column >= len(feature.columns):
        return values
    codes = feature.columns[column]
    known = pa.array(codes >= 0)
    normal = feature.values.take(pa.array(codes, mask=codes < 0))
    if attribute.semantic == "contact.phone":
        return normal
    if attribute.semantic == "person.birth_date":
        return pc.cast(pc.strptime(normal, "%Y%m%d", "s"), pa.date32())
    if attribute.semantic == "person.gender":
        words = [GENDER_WORDS.get(word, word) for word in feature.values.to_pylist()]
        return pa.array(words, pa.string()).take(pa.array(codes, mask=codes < 0))
    if attribute.semantic == "contact.email":
        return pc.if_else(known, pc.replace_substring_regex(folded(values), r"\s|mailto:", ""), None)
    if attribute.semantic in (FIRST, LAST):  # taken from a full name where this table has no such column
        known = pc.or_(known, pa.array(records.features["person.name"].codes >= 0))
    return pc.if_else(known, values, None)


def _with_split(records: Records, attribute: Attribute, arrays: list[pa.Array]) -> list[pa.Array]:
    """Given and family name from the full name, for records that have nothing else."""
    if attribute.semantic not in (FIRST, LAST) or FULL not in records.features:
        return arrays
    full = next(a for a in plan(records.tables) if a.semantic == FULL)
    text = pc.utf8_trim_whitespace(values_of(records, full)[0])
    turned = pc.fill_null(pc.match_substring(text, ","), False)
    first_last = pc.replace_substring_regex(text, r"^([^,]*),\s*(.*)$", r"\2 \1")
    text = pc.if_else(turned, first_last, text)
    pattern, keep = (r"^(.*)\s(\S+)$", r"\1" if attribute.semantic == FIRST else r"\2")
    part = pc.replace_substring_regex(text, pattern, keep)
    splits = pc.fill_null(pc.match_substring(text, " "), False)
    names = [records.features[name].codes for name in (FIRST, LAST) if name in records.features]
    bare = np.logical_and.reduce([codes < 0 for codes in names]) if names else np.ones(records.count, bool)
    usable = pc.and_(splits, pa.array(bare))
    return [pc.if_else(usable, part, arrays[0].cast(pa.string())), *arrays[1:]]
