"""Text of no special kind, and ids."""

import pyarrow as pa
import pyarrow.compute as pc

from core.check_digits import has_check_digit
from core.shapes import gettext_noop
from profiles.unify.normalisers.arrays import changed, folded, looked_up, plain_words, where
from profiles.unify.normalisers.genders import known_gender
from profiles.unify.normalisers.registry import Context, Example, register
from profiles.unify.values.letters import beyond_letters, holding, replaced

# Digits of a personal number of Sweden with its century: 60 is added to the day of people who do not live there.
PERSONAL = 12
_PERSONAL = r"^(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:[06][1-9]|[1278]\d|[39][01])\d{4}$"


@register(
    "text",
    gettext_noop("Text"),
    gettext_noop("Case, accents, scripts, spaces and symbols do not count. The usual one where nothing else is."),
    [
        Example("  Crème  Brûlée! ", "creme brulee"),
        Example("O'Brien", "obrien"),
        Example("n/a", None),
        Example("Нина", "nina"),
        Example("１２３", "123"),
        Example("—", None),
    ],
)
def text(values: pa.Array, context: Context) -> pa.Array:
    return plain_words(values)


@register(
    "gender",
    gettext_noop("Gender"),
    gettext_noop("Spellings of one gender in several languages are equal: m, f, o."),
    [
        Example("weiblich", "f"),
        Example("Herr", "m"),
        Example("мужской", "m"),
        Example("女", "f"),
        Example("ชาย", "m"),
        Example("أنثى", "f"),
        Example("divers", "o"),
        Example("keine Angabe", None),
    ],
    semantics=["person.gender"],
)
def gender(values: pa.Array, context: Context) -> pa.Array:
    return looked_up(plain_words(values), known_gender)


@register(
    "identifier",
    gettext_noop("Id"),
    gettext_noop(
        "Case, spaces, separators and leading zeros do not count, nor the “.0” that spreadsheets add to numbers, nor"
        " the century in Swedish personal numbers. What a spreadsheet rounded (1.23457E+10) says nothing: many have it."
    ),
    [
        Example("AB-12 3", "ab123"),
        Example("ab 123", "ab123"),
        Example("000123", "123"),
        Example("123.0", "123"),
        Example("٠١٢٣", "123"),
        Example("1.23457E+10", None),
        Example("1,2E+9", None),
        Example("12E5", "12e5"),
        Example("AB-007", "ab007"),
        Example("19811218-9876", "8112189876"),
        Example("811218-9876", "8112189876"),
        Example("200003029875", "200003029875"),
        Example("000000", None),
        Example("123-45-6789", None),
        Example("999-99-9999", None),
        Example("unknown", None),
    ],
    semantics=["id.*"],
)
def identifier(values: pa.Array, context: Context) -> pa.Array:
    plain = changed(folded(values), pc.ends_with, ".0", r"^(\d+)\.0$", r"\1")
    rounded = pc.match_substring_regex(plain, r"^\d(?:[.,]\d+)?e\+\d{1,2}$")
    plain = pc.if_else(pc.fill_null(rounded, False), None, plain)
    joined = replaced(plain, holding(plain, beyond_letters), r"[^\w]|_", "")
    return _without_century(changed(joined, pc.starts_with, "0", r"^0+(\d*[1-9]\d*)$", r"\1"))


def _without_century(values: pa.Array) -> pa.Array:
    """Of twelve digits that are a day and have the check digit of ten: people write either."""
    long = pc.fill_null(pc.equal(pc.binary_length(values), PERSONAL), False)
    if not pc.any(long).as_py():
        return values
    long = pc.and_(long, pc.fill_null(pc.match_substring_regex(values, _PERSONAL), False))
    return where(values, long, lambda text: text[2:].lstrip("0") if has_check_digit(text[2:]) else text)
