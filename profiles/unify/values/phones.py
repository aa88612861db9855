"""Telephone numbers as E.164.

Most numbers need only arithmetic on prefix and length, done on whole arrays from the metadata of `phonenumbers`; what
does not fit that goes through its parser one by one (about 40 µs each).
"""

import re
from functools import cache

import phonenumbers
import pyarrow as pa
import pyarrow.compute as pc
from phonenumbers import PhoneMetadata

from profiles.unify.values.letters import any_of, holding, of_numbers, only, replaced

_EXTENSION = r"(?i)\s*(?:ext|x|durchwahl|dw)[.:]?\s*\d{1,6}\s*$"
_CODES = "|".join(sorted(map(str, phonenumbers.COUNTRY_CODE_TO_REGION_CODE), key=len, reverse=True))
# What people type who have no number: one digit throughout, or counting from one.
_DUMMY = rf"^\+(?:{_CODES})(?:" + "|".join(f"{digit}{{7,}}" for digit in range(10)) + "|0{6,}|1234567890?)$"
# Digits; a long one has an area code for sure.
SHORTEST, LONG = 7, 9


def is_dummy(values: pa.Array) -> pa.Array:
    return pc.fill_null(pc.match_substring_regex(values, _DUMMY), False)


def international(values: pa.Array, country: str) -> pa.Array:
    """+ and digits: numbers with a country code, and those that can be numbers of the country, "" for none. Null for
    others."""
    bare = _bare(values)
    foreign = pc.fill_null(pc.match_substring_regex(bare, _international_pattern()), False)
    others = pc.invert(foreign)
    result = pc.replace_with_mask(bare, others, _national(bare.filter(others), country))
    unsure = pc.and_(pc.is_null(result), pc.is_valid(bare))
    unsure = pc.replace_with_mask(unsure, unsure, pc.match_substring_regex(bare.filter(unsure), r"^\+?\d{6,17}$"))
    if pc.any(unsure).as_py():
        parsed = [_parse(text, country) for text in bare.filter(unsure).to_pylist()]
        result = pc.replace_with_mask(result, unsure, pa.array(parsed, pa.string()))
    return result


def _bare(values: pa.Array) -> pa.Array:
    bare = replaced(values, holding(values, any_of("wWxX")), _EXTENSION, "")
    bare = only(pc.replace_substring(bare, "(0)", ""), of_numbers)
    return replaced(bare, pc.fill_null(pc.starts_with(bare, "00"), False), "^00", "+")


def homeless(values: pa.Array, result: pa.Array, country: str) -> tuple[pa.Array, pa.Array]:
    """Numbers without a country code that the country's plan does not know: which they are, and the digits of each,
    without zeros in front."""
    home = pc.match_substring_regex(result, _valid_pattern(country)) if country else pc.is_null(values)
    others = pc.and_not(pc.is_valid(values), pc.or_(pc.fill_null(home, False), pc.starts_with(values, "+")))
    bare = _bare(values.filter(others))
    odd = pc.match_substring_regex(bare, rf"^\d{{{SHORTEST},15}}$")
    return pc.replace_with_mask(others, others, odd), pc.replace_substring_regex(bare.filter(odd), "^0+", "")


def same_ends(digits: pa.Array, numbers: pa.Array) -> dict[str, str]:
    """The one number that ends with these digits after its country code."""
    numbers = numbers.filter(pc.starts_with(numbers, "+"))
    ends = pc.replace_substring_regex(numbers, rf"^\+(?:{_CODES})0?", "")
    near = pc.is_in(ends, value_set=digits)
    known: dict[str, set[str]] = {}
    for end, number in zip(ends.filter(near).to_pylist(), numbers.filter(near).to_pylist(), strict=True):
        known.setdefault(end, set()).add(number)
    return {end: min(found) for end, found in known.items() if len(found) == 1 and len(end) >= SHORTEST}


@cache
def _valid_pattern(country: str) -> str:
    """Numbers of the country that its plan of numbers knows."""
    data = PhoneMetadata.metadata_for_region(country, None)
    if data is None or data.general_desc is None:
        return r"^\+"
    pattern = re.sub(r"\s+", "", data.general_desc.national_number_pattern or r"\d+")
    return rf"^\+{data.country_code}(?:{pattern})$"


def _national(bare: pa.Array, country: str) -> pa.Array:
    """Numbers without a country code that have a possible length once the trunk prefix is gone; null for others."""
    data = PhoneMetadata.metadata_for_region(country, None) if country else None
    if data is None or data.general_desc is None:
        return pa.nulls(len(bare), pa.string())
    trunk = data.national_prefix or ""
    lengths = [n for n in data.general_desc.possible_length if n >= SHORTEST]
    if country in ("IT", "SM", "VA") or not lengths:
        return pa.nulls(len(bare), pa.string())
    stripped = pc.replace_substring_regex(bare, f"^{re.escape(trunk)}", "") if trunk else bare
    shape = "|".join(rf"\d{{{length}}}" for length in lengths)
    fits = pc.fill_null(pc.match_substring_regex(stripped, f"^(?:{shape})$"), False)
    if trunk != "0":
        whole = pc.fill_null(pc.match_substring_regex(bare, f"^(?:{shape})$"), False)
        stripped = pc.if_else(whole, bare, stripped)
        fits = pc.or_(fits, whole)
    found = pc.if_else(fits, pc.binary_join_element_wise(f"+{data.country_code}", stripped, ""), None)
    return _without_plus(bare, found, country, data.country_code) if trunk == "0" else found


def _without_plus(bare: pa.Array, found: pa.Array, country: str, code: int | None) -> pa.Array:
    """ "491707121965" in Germany: who leaves out the 0 and begins with the country's own code has left out the plus,
    where what follows is a whole number. A short one may be of a place whose code begins so."""
    own = pc.fill_null(pc.starts_with(bare, str(code)), False)
    whole = pc.binary_join_element_wise("+", bare.filter(own), "")
    fits = pc.match_substring_regex(whole, rf"^\+{code}[1-9]\d{{{LONG - 1},}}$")
    fits = pc.and_(fits, pc.match_substring_regex(whole, _valid_pattern(country)))
    return pc.replace_with_mask(found, own, pc.if_else(fits, whole, found.filter(own)))


@cache
def _international_pattern() -> str:
    """Numbers that begin with a known country code and no trunk prefix after it: nothing to be corrected."""
    shapes = []
    for code, regions in phonenumbers.COUNTRY_CODE_TO_REGION_CODE.items():
        data = PhoneMetadata.metadata_for_region(regions[0], None)
        if data is None or data.general_desc is None:
            continue
        lengths = [n for n in data.general_desc.possible_length if n >= SHORTEST]
        trunk = data.national_prefix or ""
        first = "[1-9]" if trunk in ("0", "") else "[02-9]" if trunk == "1" else ""
        if lengths and first:
            choices = "|".join(rf"{first}\d{{{length - 1}}}" for length in lengths)
            shapes.append(f"{code}(?:{choices})")
    return rf"^\+(?:{'|'.join(shapes)})$"


def _parse(text: str, country: str) -> str | None:
    try:
        number = phonenumbers.parse(text, country or None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
