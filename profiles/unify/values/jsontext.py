"""Rows as JSON text, whole columns at a time. No Django here."""

import pyarrow as pa
import pyarrow.compute as pc

_ESCAPES = (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t"))


def json_objects(table: pa.Table) -> pa.Array:
    """One object per row, without its nulls and empty lists. Dates and times are ISO text, other control characters of
    texts become spaces."""
    pieces = []
    for name in table.column_names:
        column = table.column(name).combine_chunks()
        value = json_values(column)
        key = json_values(pa.array([name]))[0].as_py()
        pieces.append(pc.binary_join_element_wise(f"{key}:", value, ""))
    body = pc.binary_join_element_wise(*pieces, ",", null_handling="skip") if pieces else pa.array([""] * len(table))
    return pc.binary_join_element_wise("{", body, "}", "")


def as_type(values: pa.Array, target: pa.DataType) -> pa.Array:
    """`values` cast; a list becomes its JSON text where text is wanted."""
    is_text = pa.types.is_string(target) and pa.types.is_list(values.type)
    return json_values(values) if is_text else values.cast(target)


def json_values(values: pa.Array) -> pa.Array:
    """JSON text of each value, null for null and for an empty list."""
    kind = values.type
    if pa.types.is_list(kind):
        inner = pa.ListArray.from_arrays(values.offsets, json_values(values.values))
        joined = pc.binary_join(inner, ",")
        return pc.if_else(pc.equal(joined, ""), None, pc.binary_join_element_wise("[", joined, "]", ""))
    if pa.types.is_boolean(kind) or pa.types.is_integer(kind):
        return values.cast(pa.string())
    if pa.types.is_floating(kind):
        return pc.if_else(pc.is_finite(values), values, None).cast(pa.string())
    if pa.types.is_timestamp(kind):
        return pc.binary_join_element_wise('"', pc.strftime(values, "%Y-%m-%dT%H:%M:%SZ"), '"', "")
    return pc.binary_join_element_wise('"', _escaped(values.cast(pa.string())), '"', "")


def _escaped(text: pa.Array) -> pa.Array:
    """Most columns hold nothing to escape: one look tells."""
    if not pc.any(pc.match_substring_regex(text, r'["\\\x00-\x1f]')).as_py():
        return text
    for character, escaped in _ESCAPES:
        text = pc.replace_substring(text, character, escaped)
    return pc.replace_substring_regex(text, r"[\x00-\x1f]", " ")
