"""Addresses: street and number, postcode, country."""

import re

import pyarrow as pa
import pyarrow.compute as pc

from core.shapes import gettext_noop
from profiles.unify.normalisers.arrays import changed, each_word, folded, looked_up, plain_words, where, without_umlauts
from profiles.unify.normalisers.countries import country_code
from profiles.unify.normalisers.registry import Context, Example, register
from profiles.unify.normalisers.streets import BUILDING, FLOOR, POST_BOX, UNIT, WORDS
from profiles.unify.values.words import words

_NUMBER = re.compile(r"^\d{1,5}[a-z]?$")
_STOREY = re.compile(r"^\d{1,2}(?:st|nd|rd|th|er|eme|e|o|a)?$")
_DIRECTIONS = frozenset(
    words(
        """
    n s e w ne nw se sw
    """
    )
)
# Lines with a flat, a floor or a word for number, or with a number at the end.
_TO_BE_TURNED = rf"\b(?:{UNIT}|{FLOOR}|{BUILDING})\b|\d(?: ?[a-z])?$"
# Ends that are words of their own elsewhere: Hauptstraße, Kerkstraat, Storgatan.
_EASTERN_SIGNS = "[丁番号號번호道街路巷弄로길ถซ]"
# "R." of Brazil, Portugal and France, in front of a name; before the short words for streets it is the name itself.
_RUE = r"^(\d{1,5}[a-z]? (?:bis |ter )?)?r ((?:d[aeo]s?|du|l|la|le|les) \w|\w{4})"
_JOINED = r"(\w{3,})(?:strasse|straat|stra|str|gatan|gata|gade)\b"


@register(
    "place",
    gettext_noop("City or region"),
    gettext_noop("As text; “Saint” and “St.” are equal, and so are ö and oe."),
    [
        Example("MÜNCHEN", "munchen"),
        Example("Muenchen", "munchen"),
        Example("AE", "ae"),
        Example("St. Louis", "saint louis"),
        Example("Saint-Louis", "saint louis"),
        Example("Санкт-Петербург", "saint peterburg"),
        Example("n/a", None),
    ],
    semantics=["address.*"],
)
def place(values: pa.Array, context: Context) -> pa.Array:
    plain = without_umlauts(plain_words(values))
    return pc.replace_substring_regex(plain, r"\b(?:st|ste|sankt|sant|sint)(\s\w)", r"saint\1")


@register(
    "street",
    gettext_noop("Street and number"),
    gettext_noop(
        "Words for streets, flats and directions in one short form, in many languages; the house number"
        " first, floor and flat last."
    ),
    [
        Example("12 Main Street, Apt. 4", "12 main st apt 4"),
        Example("Unit 4, 12 Main St", "12 main st apt 4"),
        Example("12 MAIN ST #4", "12 main st apt 4"),
        Example("Unit 4, Flat 2, 12 Main St", "12 main st apt 4 apt 2"),
        Example("12 Main St Apt #4, Flat", "12 main st apt 4"),
        Example("4/12 Main Road", "12 main rd apt 4"),
        Example("Hauptstraße 5", "5 haupt st"),
        Example("Hauptstr. 5 b", "5b haupt st"),
        Example("Mühlenstraße 5", "5 muhlen st"),
        Example("Muehlenstrasse 5", "5 muhlen st"),
        Example("Åkergatan 5", "5 aker st"),
        Example("Aakergatan 5", "5 aker st"),
        Example("5B Haupt Str.", "5b haupt st"),
        Example("Kerkstraat 12", "12 kerk st"),
        Example("12, Avenue Foch", "12 ave foch"),
        Example("C/ Mayor, 3, 2º", "calle mayor 3 2o"),
        Example("Rua das Flores, 12 apto 3", "12 rue das flores apt 3"),
        Example("R. das Flores, nº 12, ap. 3", "12 rue das flores apt 3"),
        Example("12 bis, r. de la Paix", "12 bis rue de la paix"),
        Example("1200 R Street NW", "1200 r st nw"),
        Example("1200 R Ave", "1200 r ave"),
        Example("12 R", "12 r"),
        Example("100 North 5th Street", "100 n 5th st"),
        Example("ул. Садовая, д. 5, кв. 7", "5 ul sadovaya apt 7"),
        Example("南京路100号", "100 nanjing rd"),
        Example("1丁目2番3号", "1 2 3"),
        Example("ถ.สุขุมวิท 21", "21 thnn sukhumwith"),
        Example("Hauptstr. 5, 3. OG", "5 haupt st fl 3"),
        Example("5 Main St, 3rd Floor, Apt 2", "5 main st fl 3 apt 2"),
        Example("P.O. Box 12", "pobox 12"),
        Example("Apartado de Correos 12", "pobox 12"),
        Example("Boîte postale 12", "pobox 12"),
        Example("no address", None),
    ],
    semantics=["address.line"],
)
def street(values: pa.Array, context: Context) -> pa.Array:
    values = where(values, pc.match_substring_regex(values, _EASTERN_SIGNS), _eastern)
    slashed = r"^\s*(\d{1,4})\s*/\s*(\d{1,5}[A-Za-z]?)\s+([\pL].*)$"
    values = changed(values, pc.match_substring, "/", slashed, r"\2 \3 # \1")
    values = changed(values, pc.match_substring, "/", r"(?i)^\s*c/\s*", "calle ")
    clean = plain_words(changed(values, pc.match_substring, "#", r"#\s*", " apt "))
    clean = pc.replace_substring_regex(clean, _JOINED, r"\1 st")
    clean = without_umlauts(pc.replace_substring_regex(clean, POST_BOX, "pobox"))
    short = each_word(clean, lambda word: WORDS.get(word, word))
    short = pc.replace_substring_regex(short, _RUE, r"\1rue \2")
    return where(short, pc.match_substring_regex(short, _TO_BE_TURNED), _in_order)


def _in_order(line: str) -> str:
    written = line.split()
    found = [word for word, after in zip(written, [*written[1:], UNIT], strict=True) if not word == after == UNIT]
    unit: list[str] = []
    while UNIT in found:
        at = found.index(UNIT)
        unit += found[at : at + 2]
        del found[at : at + 2]
    while len(found) > 2 and BUILDING in found:
        del found[found.index(BUILDING)]
    found, floor = _without_floor(found)
    if len(found) > 2 and found[-2].isdigit() and re.match(r"^[a-z]$", found[-1]) and found[-1] not in _DIRECTIONS:
        found[-2:] = ["".join(found[-2:])]
    if (
        len(found) > 1
        and _NUMBER.match(found[-1])
        and not any(word[0].isdigit() for word in found[:-1])
        and found[0] != "pobox"
    ):
        found = [found[-1], *found[:-1]]
    return " ".join([*found, *floor, *unit])


def _without_floor(found: list[str]) -> tuple[list[str], list[str]]:
    """ "fl 3" or "3rd fl" in a line that has another number."""
    if found.count(FLOOR) != 1:
        return found, []
    at = found.index(FLOOR)
    number = next((n for n in (at + 1, at - 1) if 0 < n < len(found) and _STOREY.match(found[n])), 0)
    rest = [word for n, word in enumerate(found) if n not in (at, number)]
    if not number or not any(_NUMBER.match(word) for word in rest):
        return found, []
    return rest, [FLOOR, re.sub(r"\D", "", found[number])]


def _eastern(text: str) -> str:
    """Signs for street and number set apart: 南京路100号; blocks of Japan: 1丁目2番3号; ถ. and ซ. of Thailand."""
    text = re.sub(r"(?<=\d)\s*(?:丁目|番地の?|番)\s*(?=\d)", "-", text)
    text = re.sub(r"(?<=\d)\s*(?:号|號|番地|番|번지|호)(?![\w])", " ", text)
    text = re.sub(r"(大道|大街|路|街|巷|弄|로|길)(?=\s*\d|\s|$)", lambda match: f" {_ROADS[match[0]]} ", text)
    return re.sub(r"ถ\.", "ถนน ", re.sub(r"ซ\.", "ซอย ", text))


_ROADS = {"大道": "dadao", "大街": "dajie", "路": "rd", "街": "st", "巷": "ln", "弄": "nong", "로": "ro", "길": "gil"}


@register(
    "postcode",
    gettext_noop("Postcode"),
    gettext_noop(
        "Spaces, symbols, country letters in front and leading zeros do not count; of a US ZIP+4 the first five digits."
    ),
    [
        Example("12345-6789", "12345"),
        Example("2134-6789", "2134"),
        Example("021346789", "2134"),
        Example("02134", "2134"),
        Example("2134.0", "2134"),
        Example("SW1A 1AA", "sw1a1aa"),
        Example("sw1a1aa", "sw1a1aa"),
        Example("K1A 0B1", "k1a0b1"),
        Example("D-10115", "10115"),
        Example("D10115", "10115"),
        Example("PL-00-950", "950"),
        Example("L - 1009", "1009"),
        Example("1234 AB", "1234ab"),
        Example("〒100-0001", "1000001"),
        Example("１００１", "1001"),
        Example("0", None),
        Example("00000", None),
    ],
    semantics=["address.postcode"],
)
def postcode(values: pa.Array, context: Context) -> pa.Array:
    clean = changed(folded(values), pc.ends_with, ".0", r"^(\d+)\.0$", r"\1")
    clean = pc.replace_substring_regex(clean, r"^(\d{4,5})-\d{4}$", r"\1")
    clean = pc.replace_substring_regex(clean, r"^[a-z]{1,3}[- ]+(\d{4,6}|\d{2,5}[- ]\d{2,3})$", r"\1")
    bare = pc.replace_substring_regex(clean, r"[^\w]|_", "")
    bare = pc.replace_substring_regex(bare, r"^[a-z](\d{4,5})$|^(\d{5})\d{4}$", r"\1\2")
    return pc.replace_substring_regex(bare, r"^0+([1-9]\d{0,7})$", r"\1")


@register(
    "country",
    gettext_noop("Country"),
    gettext_noop("Names in many languages and codes (ISO 3166) of one country are equal: two letters."),
    [
        Example("Deutschland", "de"),
        Example("DEU", "de"),
        Example("USA", "us"),
        Example("U.S.A.", "us"),
        Example("United States of America", "us"),
        Example("Việt Nam", "vn"),
        Example("中国", "cn"),
        Example("Россия", "ru"),
        Example("England", "gb"),
        Example("Narnia", "narnia"),
        Example("unknown", None),
    ],
    semantics=["address.country"],
)
def country(values: pa.Array, context: Context) -> pa.Array:
    return looked_up(plain_words(values), country_code)
