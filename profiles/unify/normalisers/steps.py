"""Small steps that rules put together for columns of their own."""

import unicodedata

import pyarrow as pa
import pyarrow.compute as pc
from anyascii import anyascii

from core.shapes import gettext_noop
from profiles.unify.normalisers.arrays import foreign, where
from profiles.unify.normalisers.registry import Context, Example, register

# What has no decomposition though it carries a mark; and scripts in which marks are accents and not vowels.
_BARRED = str.maketrans("đĐðøØłŁħĦŧŦıƏə", "dDdoOlLhHtTiEe")
_LAST_ACCENTED = "\u052f"  # end of Cyrillic
_SIGNS = r"[^\pL\pN\pM]+"


def bare(text: str) -> str:
    """Without accents. "Đức" → "Duc"; the vowels of Thai or Hindi stay."""
    kept: list[str] = []
    base = ""
    for sign in unicodedata.normalize("NFD", text):
        if unicodedata.category(sign) != "Mn":
            base = sign
        elif base and base <= _LAST_ACCENTED:
            continue
        kept.append(sign)
    return unicodedata.normalize("NFC", "".join(kept)).translate(_BARRED)


def ascii_digits(text: str) -> str:
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)


@register(
    "width",
    gettext_noop("Forms of one sign"),
    gettext_noop("Full and half width, ligatures and other compatibility forms become the plain sign (Unicode NFKC)."),
    [Example("ＡＢＣ１２", "ABC12"), Example("ﬁn", "fin"), Example("ﾀﾅｶ", "タナカ"), Example("plain", "plain")],
)
def width(values: pa.Array, context: Context) -> pa.Array:
    return where(values, foreign(values), lambda text: unicodedata.normalize("NFKC", text))


@register(
    "case",
    gettext_noop("Case"),
    gettext_noop("Capital and small letters are equal, in every script."),
    [
        Example("McDONALD", "mcdonald"),
        Example("STRASSE", "strasse"),
        Example("Straße", "strasse"),
        Example("ΣΟΦΙΑ", "σοφια"),
        Example("Юлия", "юлия"),
    ],
)
def case(values: pa.Array, context: Context) -> pa.Array:
    return where(pc.ascii_lower(values), foreign(values), _caseless)


def _caseless(text: str) -> str:
    """Folding may decompose, and what it composes to may fold again; twice is enough for all of Unicode."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text.casefold()).casefold())


@register(
    "spaces",
    gettext_noop("Spaces"),
    gettext_noop("White space at the ends goes, inside it becomes one space; line ends and no-break spaces too."),
    [Example("  Mary\t Ann ", "Mary Ann"), Example("Mary\u00a0Ann\u3000", "Mary Ann"), Example(" \n ", None)],
)
def spaces(values: pa.Array, context: Context) -> pa.Array:
    plain = pc.utf8_trim_whitespace(pc.replace_substring_regex(values, r"[\s\v\x1c-\x1f]+", " "))
    return where(plain, foreign(values), lambda text: " ".join(text.split()))


@register(
    "accents",
    gettext_noop("Accents"),
    gettext_noop("Accents of Latin, Greek and Cyrillic letters go. Marks that are vowels, as in Thai, stay."),
    [
        Example("Ñandú", "Nandu"),
        Example("Đức", "Duc"),
        Example("Łukasz", "Lukasz"),
        Example("Ελένη", "Ελενη"),
        Example("กิตติ", "กิตติ"),
    ],
)
def accents(values: pa.Array, context: Context) -> pa.Array:
    return where(values, foreign(values), bare)


@register(
    "digits",
    gettext_noop("Digits"),
    gettext_noop("Digits of all scripts become 0 to 9."),
    [Example("٠١٢٣", "0123"), Example("๒๕๒๓", "2523"), Example("１２-३४", "12-34")],
)
def digits(values: pa.Array, context: Context) -> pa.Array:
    return where(values, foreign(values), ascii_digits)


@register(
    "symbols",
    gettext_noop("Symbols"),
    gettext_noop("Apostrophes and dots go, all other signs part words."),
    [Example("O'Brien-Smith", "OBrien Smith"), Example("A.B.C.", "ABC"), Example("5/7", "5 7"), Example("—", None)],
)
def symbols(values: pa.Array, context: Context) -> pa.Array:
    kept = pc.replace_substring_regex(values, r"['’`´.]", "")
    return pc.utf8_trim_whitespace(pc.replace_substring_regex(kept, _SIGNS, " "))


@register(
    "scripts",
    gettext_noop("Scripts"),
    gettext_noop("Every script is transliterated to Latin letters without accents."),
    [
        Example("Нина", "Nina"),
        Example("王小明", "WangXiaoMing"),
        Example("สมชาย", "smchay"),
        Example("محمد", "mhmd"),
        Example("さとう", "satou"),
        Example("Nguyễn", "Nguyen"),
    ],
)
def scripts(values: pa.Array, context: Context) -> pa.Array:
    return where(values, foreign(values), lambda text: anyascii(unicodedata.normalize("NFKC", text)))


@register(
    "no_spaces",
    gettext_noop("No spaces or symbols"),
    gettext_noop("Only letters and digits stay."),
    [Example("AB-12 3", "AB123"), Example("王 小明", "王小明"), Example(" - ", None)],
)
def no_spaces(values: pa.Array, context: Context) -> pa.Array:
    return pc.replace_substring_regex(values, _SIGNS, "")


@register(
    "sorted_words",
    gettext_noop("Order of words"),
    gettext_noop("The words stand in alphabetical order, each once."),
    [Example("John Paul John", "John Paul"), Example("b a", "a b")],
)
def sorted_words(values: pa.Array, context: Context) -> pa.Array:
    return where(values, pc.match_substring_regex(values, r"\s"), lambda text: " ".join(sorted(set(text.split()))))
