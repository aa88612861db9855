"""Names of months in the languages that people write dates in, as English abbreviates them."""

from functools import cache

import pyarrow as pa
import pyarrow.compute as pc
from babel.dates import get_month_names

from sources.values.text import Column

LANGUAGES = (
    "en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "nb", "fi", "pl", "cs", "sk", "sl", "hu", "ro", "tr", "ru",
    "uk", "bg", "el", "id", "ca",
)  # fmt: skip
ENGLISH = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_PARTS = r"^(?P<before>[^\p{L}]*)(?P<word>\p{L}+)\.?(?P<behind>.*)$"


def in_english(column: Column) -> Column:
    """Values whose first word is a month's name with its English abbreviation; all others as they are. Words between
    ("5 de mayo de 2024") and the ending of "1er" go."""
    text = pc.replace_substring_regex(column, r"\s+(de|del)\s+", " ")
    text = pc.replace_substring_regex(text, r"^1er\s", "1 ")
    parts = pc.extract_regex(text, _PARTS)
    words = pc.utf8_lower(pc.struct_field(parts, "word"))
    known = _known()
    at = pc.index_in(words, value_set=pa.array(list(known)))
    names = pa.array(list(known.values())).take(at.combine_chunks() if isinstance(at, pa.ChunkedArray) else at)
    before, behind = (pc.struct_field(parts, name) for name in ("before", "behind"))
    return pc.coalesce(pc.binary_join_element_wise(before, names, behind, ""), column)


@cache
def _known() -> dict[str, str]:
    """Words that are the same month in every language that has them: “listopad” is October here and November there."""
    found: dict[str, set[int]] = {}
    for language in LANGUAGES:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for month, name in get_month_names(width, context, language).items():
                    found.setdefault(name.lower().rstrip("."), set()).add(month)
    return {word: ENGLISH[min(months) - 1] for word, months in found.items() if len(months) == 1 and word.isalpha()}
