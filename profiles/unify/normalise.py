"""Values made comparable: one normaliser per semantic type, applied to distinct values only.

A normaliser takes an Arrow array of text and the default country, and returns text of the same length; null where there
is nothing to compare: no value, a placeholder ("unknown", "n/a", 0000000), or something that is not of its kind.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

from core.text import fold
from profiles.unify.dates import normalise_dates
from profiles.unify.phones import normalise_phones
from profiles.unify.words import ADDRESS_WORDS, COUNTRIES, FREE_DOTS, GENDERS, ORGANISATION_WORDS, PLACEHOLDERS, TITLES

Function = Callable[[pa.Array, str], pa.Array]


@dataclass(frozen=True)
class Normaliser:
    """`semantic` may end with `*`; `summary` says in one line what is made equal."""

    semantic: str
    summary: str
    function: Function


_registry: dict[str, Normaliser] = {}


@cache
def _placeholders() -> pa.Array:
    """Made when first asked for: `pa.array` of a list loads pandas, which most commands can do without."""
    return pa.array(sorted(PLACEHOLDERS))


def register(semantic: str, summary: str) -> Callable[[Function], Function]:
    def add(function: Function) -> Function:
        _registry[semantic] = Normaliser(semantic, summary, function)
        return function

    return add


def normaliser(semantic: str) -> Normaliser:
    """The normaliser of a semantic type, of its family (`id.*`), or the general one for text."""
    return _registry.get(semantic) or _registry.get(f"{semantic.split('.')[0]}.*") or _registry["text"]


def all_normalisers() -> list[Normaliser]:
    return list(_registry.values())


def normalise(values: pa.Array, semantic: str, country: str = "US") -> pa.Array:
    """Normalised text, null where nothing can be compared."""
    return normaliser(semantic).function(values.cast(pa.string()), country)


def folded(values: pa.Array) -> pa.Array:
    """NFKC, ASCII by transliteration, lower case, single spaces, trimmed."""
    plain = pc.utf8_trim_whitespace(pc.replace_substring_regex(pc.utf8_lower(values), r"\s+", " "))
    foreign = pc.fill_null(pc.invert(pc.string_is_ascii(values)), False)
    if not pc.any(foreign).as_py():
        return plain
    return pc.replace_with_mask(plain, foreign, pa.array([fold(text) for text in values.filter(foreign).to_pylist()]))


def without_placeholders(values: pa.Array) -> pa.Array:
    """Null for the empty text, for words that stand for "no value", and for one digit or sign repeated."""
    empty = pc.is_in(values, value_set=_placeholders())
    repeated = pc.match_substring_regex(
        values, r"^(?:0+|1{5,}|2{5,}|3{5,}|4{5,}|5{5,}|6{5,}|7{5,}|8{5,}|9{4,}|x{2,}|[^\w]*)$"
    )
    return pc.if_else(pc.fill_null(pc.or_(empty, repeated), True), None, values)


def _symbols_to_spaces(values: pa.Array) -> pa.Array:
    joined = pc.replace_substring_regex(values, r"['`´.]", "")
    spaced = pc.replace_substring_regex(joined, r"[^\w]+|_+", " ")
    return pc.utf8_trim_whitespace(spaced)


def _words(values: pa.Array, change: Callable[[list[str]], list[str]]) -> pa.Array:
    return pa.array(
        [None if text is None else " ".join(change(text.split())) for text in values.to_pylist()], pa.string()
    )


@register("text", "Case, accents, scripts, spaces and symbols do not count.")
def text(values: pa.Array, country: str) -> pa.Array:
    return without_placeholders(_symbols_to_spaces(folded(values)))


@register("person.*", "As text; titles (Dr., Mrs.) do not count.")
def person(values: pa.Array, country: str) -> pa.Array:
    clean = text(values, country)
    titled = pc.fill_null(pc.match_substring(clean, " "), False)
    if not pc.any(titled).as_py():
        return clean
    stripped = _words(clean.filter(titled), lambda words: [w for w in words if w not in TITLES] or words)
    return pc.replace_with_mask(clean, titled, stripped)


@register("person.full_name", "As names; what stands before a comma is the family name.")
def full_name(values: pa.Array, country: str) -> pa.Array:
    turned = pc.replace_substring_regex(values, r"^\s*([^,]+?)\s*,\s*([^,]+?)\s*$", r"\2 \1")
    return person(turned, country)


@register("person.gender", "Spellings of one gender in several languages are equal.")
def gender(values: pa.Array, country: str) -> pa.Array:
    clean = text(values, country)
    return pa.array([None if v is None else GENDERS.get(v, v) for v in clean.to_pylist()], pa.string())


@register("person.birth_date", "Dates in many spellings become YYYYMMDD; impossible ones are unknown.")
def birth_date(values: pa.Array, country: str) -> pa.Array:
    return normalise_dates(values, country)


@register("contact.email", "Case and +tags do not count, nor dots where the provider ignores them.")
def email(values: pa.Array, country: str) -> pa.Array:
    clean = pc.replace_substring_regex(folded(values), r"^(?:mailto:|<)|[\s>]", "")
    clean = pc.replace_substring_regex(clean, r"^([^@+]+)\+[^@]*@", r"\1@")
    valid = pc.match_substring_regex(clean, r"^[^@\s]+@[^@\s.][^@\s]*\.[a-z0-9-]{2,}$")
    nobody = pc.match_substring_regex(
        clean,
        r"^(?:(?:no|not|non)[._-]?(?:e?mail|reply|one)?|test\d*|unknown|none|na|n\.a|null|nobody|fake|abc|xxx+|asdf|a)@",
    )
    clean = pc.if_else(pc.fill_null(pc.and_not(valid, nobody), False), clean, None)
    clean = pc.replace_substring_regex(clean, "@googlemail[.]com$", "@gmail.com")
    dotted = pc.fill_null(pc.match_substring_regex(clean, rf"\..*@(?:{'|'.join(map(re.escape, FREE_DOTS))})$"), False)
    bare = [f"{v.split('@')[0].replace('.', '')}@{v.split('@')[1]}" for v in clean.filter(dotted).to_pylist()]
    return pc.replace_with_mask(clean, dotted, pa.array(bare, pa.string()))


@register("contact.phone", "E.164, with the default country where the number names none.")
def phone(values: pa.Array, country: str) -> pa.Array:
    return normalise_phones(values, country)


@register("address.*", "As text.")
def place(values: pa.Array, country: str) -> pa.Array:
    return text(values, country)


@register("address.line", "Street, road, apartment and directions in one short form.")
def address_line(values: pa.Array, country: str) -> pa.Array:
    clean = pc.replace_substring_regex(text(values, country), r"(\w)(strasse|str)\b", r"\1 str")
    return _words(clean, lambda words: [ADDRESS_WORDS.get(word, word) for word in words])


@register("address.postcode", "Spaces and symbols do not count; of a US ZIP+4 the first five digits.")
def postcode(values: pa.Array, country: str) -> pa.Array:
    clean = pc.replace_substring_regex(folded(values), r"^(\d{5})-\d{4}$", r"\1")
    bare = without_placeholders(pc.replace_substring_regex(clean, r"[^\w]|_", ""))
    return pc.replace_substring_regex(bare, r"^0+(\d+)$", r"\1")


@register("address.country", "Names and codes of one country are equal.")
def country(values: pa.Array, country: str) -> pa.Array:
    return pa.array(
        [None if v is None else COUNTRIES.get(v, v) for v in text(values, country).to_pylist()], pa.string()
    )


@register("organization.*", "As text; Ltd., Inc., GmbH and the like do not count.")
def organisation(values: pa.Array, country: str) -> pa.Array:
    return _words(text(values, country), lambda words: [w for w in words if w not in ORGANISATION_WORDS] or words)


@register("id.*", "Case, spaces and symbols do not count.")
def identifier(values: pa.Array, country: str) -> pa.Array:
    return without_placeholders(pc.replace_substring_regex(folded(values), r"[^\w]|_", ""))
