"""What a person is found by: folded words. The same functions fold what is searched for. No Django here."""

import hashlib
import re
from collections.abc import Sequence

import phonenumbers
import pyarrow as pa
import pyarrow.compute as pc
from anyascii import anyascii

from core.text import fold
from lake.specs import ColumnSpec
from profiles.unify.values.normalise import folded

_COUNTRY_CODES = "|".join(sorted(map(str, phonenumbers.COUNTRY_CODE_TO_REGION_CODE), key=len, reverse=True))
_CAPITALISED = re.compile(r"[A-Z][a-z]+")
# Attributes with at most so many different values can be filtered by in lists; the first few of them.
FEW_VALUES = 40
MOST_FACETS = 6
FACET_SHARE = 0.05  # of all customers of whom it must be known: remarks on a few narrow nothing down
NO_FACET = ("contact.", "id.", "address.line", "person.f", "person.l", "person.m")  # how their meanings begin
SOURCES = "sources"
BEGINNING = "^"  # in front of the first one or two signs of a word
SHORT = 2
LOCAL_DIGITS = 7  # of a telephone number, as neighbours say it
LONGEST = 200  # signs of a word that count
# Raised whenever words or identifiers of the same person change.
VERSION = 4


def words(batch: pa.Table, name: pa.Array, facets: Sequence[str] = ()) -> pa.Array:
    """Words in a row, each shared by many people: those of the name (as written, and in ASCII) with their beginnings of
    one and two signs, those of e-mail addresses; then one word for each source and facet."""
    pieces = [_with_beginnings(_typeable(_names(pc.fill_null(name, ""))))]
    if "emails" in batch.column_names:
        pieces.append(pc.utf8_lower(pc.replace_substring_regex(_joined(batch, "emails"), r"[^\pL]+", " ")))
    shown = [n for n in (SOURCES, *facets) if n in batch.column_names]
    pieces += [_facet_words(batch.column(n).combine_chunks(), n) for n in shown]
    return _tidy(_together(pieces))


def identifiers(batch: pa.Table, name: pa.Array, columns: Sequence[ColumnSpec]) -> pa.Array:
    """What hardly anybody shares, in a row: e-mail addresses and their parts with digits, telephone numbers with and
    without country code and their last digits, every id and record key, words of the name with digits."""
    pieces = [_with_digits(pc.fill_null(name, ""))]
    if "emails" in batch.column_names:
        mails = _joined(batch, "emails")
        pieces += [mails, _with_digits(pc.replace_substring_regex(mails, r"[@._+-]+", " "))]
    if "phones" in batch.column_names:
        phones = _joined(batch, "phones")
        pieces.append(pc.replace_substring(phones, "+", ""))
        pieces.append(pc.replace_substring_regex(phones, rf"\+(?:{_COUNTRY_CODES})", ""))
        pieces.append(pc.replace_substring_regex(phones, rf"\+\d+(\d{{{LOCAL_DIGITS}}})", r"\1"))
    lists = [n for n in batch.column_names if n.endswith("_ids") and pa.types.is_list(batch.schema.field(n).type)]
    pieces += [_joined(batch, n) for n in lists]
    ids = [c.name for c in columns if c.semantic.startswith("id.") and c.name in batch.column_names]
    pieces += [pc.fill_null(batch.column(n).combine_chunks().cast(pa.string()), "") for n in ids]
    return _tidy(_typeable(_together(pieces)))


def facets_of(profiles: pa.Table, columns: Sequence[ColumnSpec]) -> list[str]:
    """Attributes whose few values are worth a filter: text that is no name, address or contact point."""
    plain = [c.name for c in columns if not c.semantic.startswith(NO_FACET)]
    text = [n for n in plain if pa.types.is_string(profiles.schema.field(n).type)]
    most = profiles.num_rows * (1 - FACET_SHARE)
    known = [n for n in text if profiles.column(n).null_count <= most]
    few = [n for n in known if 1 < pc.count_distinct(profiles.column(n), mode="only_valid").as_py() <= FEW_VALUES]
    return few[:MOST_FACETS]


def facet(name: str, value: str) -> str:
    """One word for "this attribute has this value", which nobody would type."""
    return f"_{hashlib.blake2b(f'{name}={value}'.encode(), digest_size=6).hexdigest()}"


def _facet_words(values: pa.Array, name: str) -> pa.Array:
    """Of a text column or of a list of texts."""
    if pa.types.is_list(values.type):
        inner = _facet_words(values.values, name)
        return pc.fill_null(pc.binary_join(pa.ListArray.from_arrays(values.offsets, inner), " "), "")
    encoded = values.dictionary_encode()
    words = pa.array([facet(name, value) for value in encoded.dictionary.to_pylist()], pa.string())
    return pc.fill_null(words.take(encoded.indices), "")


def _joined(batch: pa.Table, name: str) -> pa.Array:
    return pc.fill_null(pc.binary_join(batch.column(name).combine_chunks(), " "), "")


def _together(pieces: Sequence[pa.Array]) -> pa.Array:
    return pc.binary_join_element_wise(*pieces, " ")


def _tidy(values: pa.Array) -> pa.Array:
    """Single spaces, no word longer than an index takes."""
    if pc.any(pc.match_substring_regex(values, rf"\S{{{LONGEST + 1}}}")).as_py():
        values = pc.replace_substring_regex(values, rf"(\S{{{LONGEST}}})\S+", r"\1")
    return pc.binary_join(pc.ascii_split_whitespace(pc.utf8_trim_whitespace(values)), " ")


def _typeable(values: pa.Array) -> pa.Array:
    """Lower case; only letters, digits and the signs of addresses and ids. Words of other scripts stay as they are."""
    lower = pc.utf8_lower(values)
    others = pc.fill_null(pc.match_substring_regex(lower, r"[^\pL\pN\pM@._+\- ]"), False)  # few have any
    typeable = pc.replace_substring_regex(lower.filter(others), r"[^\pL\pN\pM@._+-]+", " ")
    return pc.replace_with_mask(lower, others, typeable)


def _with_digits(values: pa.Array) -> pa.Array:
    """The words that hold a digit."""
    some = pc.match_substring_regex(values, r"\pN")  # few names do
    apart = pc.binary_join_element_wise("", values.filter(some), "", " ")
    apart = pc.replace_substring_regex(apart, r"\s+", "  ")
    return pc.replace_with_mask(pc.if_else(some, None, ""), some, pc.replace_substring_regex(apart, r" [^\pN ]+ ", " "))


def _with_beginnings(values: pa.Array) -> pa.Array:
    """ "mary ng" → "mary ^m ^ma ng ^n ^ng": short beginnings are looked up, never searched for among all words."""
    return pc.replace_substring_regex(values, r"(\S)(\S?)\S*", rf"\0 {BEGINNING}\1 {BEGINNING}\1\2")


def _names(values: pa.Array) -> pa.Array:
    plain = pc.replace_substring_regex(folded(values), r"[^\w]+", " ")
    foreign = pc.invert(pc.string_is_ascii(values))
    if not pc.any(foreign).as_py():
        return plain
    more = [" ".join(dict.fromkeys(foreign_words(text))) for text in values.filter(foreign).to_pylist()]
    return pc.replace_with_mask(plain, foreign, pa.array(more, pa.string()))


def foreign_words(name: str) -> list[str]:
    """ "王小明" → 王小明, wangxiaoming, wang, xiao, ming, xiaoming: as written, in one word, and by parts."""
    words = [*name.lower().split(), *words_of(name)]
    if not name.isupper():
        for word in name.split():
            parts = _CAPITALISED.findall(anyascii(word))
            words += [part.lower() for part in parts] if len(parts) > 1 else []
            words += ["".join(part).lower() for part in _surname_and_given(parts) if len(part) > 1]
    return words


def _surname_and_given(syllables: list[str]) -> tuple[list[str], ...]:
    """Surnames have one syllable, beside a given name of one or two; in four syllables they have two."""
    if len(syllables) not in (3, 4):
        return ()
    surname = len(syllables) - 2
    return syllables[:surname], syllables[surname:]


def words_of(text: str) -> list[str]:
    """The folded words of a name, or of what was typed."""
    return re.sub(r"[^\w]+", " ", fold(text)).split()
