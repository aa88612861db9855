"""Given and family names as they are written, taken out of full names, and put together again.

Matching compares names folded, in Latin letters (`normalisers.people`). What people read, and are greeted with, keeps
its script, accents and spelling: this is the same taking apart, of the text itself.
"""

import re

import pyarrow as pa
import pyarrow.compute as pc

from core.text import fold
from profiles.unify.normalisers.eastern import is_eastern_pair, parted, without_honorific
from profiles.unify.normalisers.people import (
    BORN_WORDS,
    EASTERN_FIRST,
    VIETNAMESE_FIRST,
    capitals_last,
    family_leads,
    without_slash,
)
from profiles.unify.normalisers.titles import SUFFIXES, TITLES, without_titles
from profiles.unify.values.names import family_start

# Two words in Latin letters, of which none can be a title: given name and family name.
_PLAIN = r"^\p{Latin}[\p{Latin}'’]*\p{Latin} \p{Latin}[\p{Latin}'’]*\p{Latin}$"
# The same the other way round: "Smith, John".
_REVERSED = r"^\p{Latin}[\p{Latin}'’]*\p{Latin}, \p{Latin}[\p{Latin}'’]*\p{Latin}$"
_TITLED = rf"(?i)^(?:{'|'.join(sorted(TITLES))}) | (?:{'|'.join(sorted(SUFFIXES))})$"
# Scripts that write the family name first and no space before the given name.
_SIGNS = r"^[\p{Han}\p{Hangul}々]+$"
_BORN = re.compile(rf"(?i),?\s*\(?\b{BORN_WORDS}\b\.?\s+\w.*$")
_MARKS = re.compile(r"[.'’]")

Parts = tuple[str | None, str | None]


def given_and_family(values: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Of full names, each part as written: titles and what follows a name are gone. Both are null where only one word
    is known, which may be either. "SMITH, John" and "SMITH John" → John, SMITH; "王小明" → 小明, 王; "Ludwig van
    Beethoven" → Ludwig, van Beethoven."""
    coded = pc.replace_substring_regex(
        pc.utf8_trim_whitespace(values.cast(pa.string())), r"\s+", " "
    ).dictionary_encode()
    texts = capitals_last(without_slash(coded.dictionary))
    plain = pc.and_not(pc.match_substring_regex(texts, _PLAIN), pc.match_substring_regex(texts, _TITLED))
    plain = pc.and_not(plain, pc.match_substring_regex(_without_accents(texts), VIETNAMESE_FIRST))
    turned = _reversed(texts)
    clear = pc.or_(plain, turned)
    halves = pc.split_pattern(pc.if_else(clear, pc.replace_substring(texts, ",", ""), " "), " ", max_splits=1)
    one, other = (pc.if_else(clear, pc.list_element(halves, n), None) for n in (0, 1))
    given, family = pc.if_else(turned, other, one), pc.if_else(turned, one, other)
    odd = pc.invert(clear)
    if pc.any(odd).as_py():
        found = [_parts(text) for text in texts.filter(odd).to_pylist()]
        given, family = (
            pc.replace_with_mask(part, odd, pa.array([pair[n] for pair in found], pa.string()))
            for n, part in enumerate((given, family))
        )
    return given.take(coded.indices), family.take(coded.indices)


def _reversed(texts: pa.Array) -> pa.Array:
    """Family name, comma, given name: one word each, of which the second is not what follows a name."""
    found = pc.match_substring_regex(texts, _REVERSED)
    after = pc.replace_substring_regex(pc.if_else(found, texts, ""), r"^.*, ", "").dictionary_encode()
    known = pa.array([_is_suffix([word]) for word in after.dictionary.to_pylist()], pa.bool_())
    return pc.and_not(found, known.take(after.indices))


def _without_accents(texts: pa.Array) -> pa.Array:
    letters = pc.replace_substring_regex(pc.utf8_normalize(texts, "NFD"), r"\p{Mn}", "")
    return pc.replace_substring(pc.utf8_lower(letters), "đ", "d")


def whole_name(given: pa.Array, family: pa.Array) -> pa.Array:
    """Both parts in the order of their script: 王小明, John Smith. Where one is null the other stands alone; null where
    both are."""
    given, family = (pc.fill_null(part.cast(pa.string()), "") for part in (given, family))
    joined = pc.utf8_trim_whitespace(pc.binary_join_element_wise(given, family, " "))
    signs = pc.and_(*(pc.match_substring_regex(part, _SIGNS) for part in (given, family)))
    whole = pc.if_else(signs, pc.binary_join_element_wise(family, given, ""), joined)
    return pc.if_else(pc.equal(whole, ""), None, whole)


def _parts(text: str) -> Parts:
    text = _BORN.sub("", without_honorific(text)).strip()
    before, comma, after = text.partition(",")
    if comma:
        return _turned(before.split(), after.split(","))
    words = _bare(text.split())
    if len(words) == 1:
        signs = parted(words[0])
        return (signs[1], signs[0]) if len(signs) == 2 else (None, None)
    if not words:
        return None, None
    folded = [fold(_MARKS.sub("", word)) for word in words]
    if _family_leads(words, folded):
        return " ".join(words[1:]), words[0]
    start = family_start(folded)
    return " ".join(words[:start]), " ".join(words[start:])


def _turned(before: list[str], after: list[str]) -> Parts:
    """ "Smith, John, Jr." and "John Smith, PhD"."""
    rest = [part.split() for part in after]
    given = next((words for words in map(_bare, rest) if words and not _is_suffix(words)), [])
    family = _bare(before)
    if not given:
        return _parts(" ".join(family)) if family else (None, None)
    return " ".join(given), " ".join(family) or None


def _is_suffix(words: list[str]) -> bool:
    return all(_plain(word) in SUFFIXES for word in words)


def _bare(words: list[str]) -> list[str]:
    return words[without_titles([_plain(word) for word in words])]


def _plain(word: str) -> str:
    return fold(word.replace(".", ""))


def _family_leads(words: list[str], folded: list[str]) -> bool:
    """Whether the family name stands first: in Han and Hangul signs, of Korea and China before a hyphen, and what
    `family_leads` knows."""
    if len(words) == 2 and (is_eastern_pair(*words) or re.fullmatch(EASTERN_FIRST, " ".join(words))):
        return True
    return family_leads(" ".join(folded))
