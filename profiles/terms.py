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
from profiles.unify.normalise import folded

_COUNTRY_CODES = "|".join(sorted(map(str, phonenumbers.COUNTRY_CODE_TO_REGION_CODE), key=len, reverse=True))
_CAPITALISED = re.compile(r"[A-Z][a-z]+")
# Attributes with at most so many different values can be filtered by in lists; the first few of them.
FEW_VALUES = 40
MOST_FACETS = 6
NO_FACET = ("contact.", "id.", "address.line", "person.f", "person.l", "person.m")
SOURCES = "sources"


def search_terms(
    batch: pa.Table, name: pa.Array, columns: Sequence[ColumnSpec], facets: Sequence[str] = ()
) -> pa.Array:
    """Words in a row: of the name (as written, and in ASCII), e-mail addresses and their parts, telephone numbers with
    and without country code, every id and record key; then one word for each source and facet."""
    pieces = [_names(pc.fill_null(name, ""))]
    if "emails" in batch.column_names:
        mails = pc.binary_join(batch.column("emails").combine_chunks(), " ")
        pieces += [mails, pc.replace_substring_regex(mails, r"[@._-]+", " ")]
    if "phones" in batch.column_names:
        phones = pc.binary_join(batch.column("phones").combine_chunks(), " ")
        pieces.append(pc.replace_substring(phones, "+", ""))
        pieces.append(pc.replace_substring_regex(phones, rf"\+(?:{_COUNTRY_CODES})", ""))
    lists = [n for n in batch.column_names if n.endswith("_ids") and pa.types.is_list(batch.schema.field(n).type)]
    pieces += [pc.binary_join(batch.column(n).combine_chunks(), " ") for n in lists]
    ids = [column.name for column in columns if column.semantic.startswith("id.")]
    pieces += [batch.column(n).combine_chunks().cast(pa.string()) for n in ids]
    words = [_typeable(pc.binary_join_element_wise(*[pc.fill_null(piece, "") for piece in pieces], " "))]
    words += [
        _facet_words(batch.column(n).combine_chunks(), n) for n in ("sources", *facets) if n in batch.column_names
    ]
    joined = pc.binary_join_element_wise(*words, " ")
    return pc.utf8_trim_whitespace(pc.replace_substring_regex(joined, r"\s+", " "))


def facets_of(profiles: pa.Table, columns: Sequence[ColumnSpec]) -> list[str]:
    """Attributes whose few values are worth a filter: text that is no name, address or contact point."""
    plain = [
        c.name for c in columns if c.semantic.split(".")[0] not in ("contact", "id") and c.semantic not in NO_FACET
    ]
    text = [n for n in plain if pa.types.is_string(profiles.schema.field(n).type)]
    few = [n for n in text if 1 < pc.count_distinct(profiles.column(n), mode="only_valid").as_py() <= FEW_VALUES]
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


def _typeable(values: pa.Array) -> pa.Array:
    """Lower case; only letters, digits and the signs of addresses and ids. Words of other scripts stay as they are."""
    return pc.replace_substring_regex(pc.utf8_lower(values), r"[^\pL\pN\pM@._+-]+", " ")


def _names(values: pa.Array) -> pa.Array:
    plain = pc.replace_substring_regex(folded(values), r"[^\w]+", " ")
    foreign = pc.invert(pc.string_is_ascii(values))
    if not pc.any(foreign).as_py():
        return plain
    more = [" ".join(dict.fromkeys(foreign_words(text))) for text in values.filter(foreign).to_pylist()]
    return pc.replace_with_mask(plain, foreign, pa.array(more, pa.string()))


def foreign_words(name: str) -> list[str]:
    """ "王小明" → 王小明, wangxiaoming, wang, xiao, ming: as written, as one word and by syllables."""
    words = [*name.lower().split(), *words_of(name)]
    if not name.isupper():
        for word in name.split():
            parts = _CAPITALISED.findall(anyascii(word))
            words += [part.lower() for part in parts] if len(parts) > 1 else []
    return words


def words_of(text: str) -> list[str]:
    """The folded words of a name, or of what was typed."""
    return re.sub(r"[^\w]+", " ", fold(text)).split()
