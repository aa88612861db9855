"""Text of no special kind, and ids."""

import pyarrow as pa
import pyarrow.compute as pc

from core.shapes import gettext_noop
from profiles.unify.normalisers.arrays import changed, folded, looked_up, plain_words
from profiles.unify.normalisers.genders import known_gender
from profiles.unify.normalisers.registry import Context, Example, register
from profiles.unify.values.letters import beyond_letters, holding, replaced


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
        "Case, spaces, separators and leading zeros do not count, nor the “.0” that spreadsheets add to numbers."
    ),
    [
        Example("AB-12 3", "ab123"),
        Example("ab 123", "ab123"),
        Example("000123", "123"),
        Example("123.0", "123"),
        Example("٠١٢٣", "123"),
        Example("AB-007", "ab007"),
        Example("000000", None),
        Example("123-45-6789", None),
        Example("999-99-9999", None),
        Example("unknown", None),
    ],
    semantics=["id.*"],
)
def identifier(values: pa.Array, context: Context) -> pa.Array:
    plain = changed(folded(values), pc.ends_with, ".0", r"^(\d+)\.0$", r"\1")
    joined = replaced(plain, holding(plain, beyond_letters), r"[^\w]|_", "")
    return changed(joined, pc.starts_with, "0", r"^0+(\d*[1-9]\d*)$", r"\1")
