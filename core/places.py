"""The countries, currencies and time zones of today, from IANA's time zone database and Unicode's CLDR: no defunct
country, no currency that nobody pays with, one name for each zone."""

import re
from functools import cache
from importlib.resources import files

from babel.core import get_global
from babel.localedata import locale_identifiers

KOSOVO = "XK"  # has phone numbers and addresses, and no code of its own in ISO 3166


@cache
def countries() -> frozenset[str]:
    """Codes of ISO 3166, two capital letters, and Kosovo's."""
    return frozenset({line.split("\t")[0] for line in _lines("iso3166.tab")} | {KOSOVO})


@cache
def currencies() -> frozenset[str]:
    """Codes of ISO 4217 that are legal tender somewhere."""
    places = get_global("territory_currencies").values()
    return frozenset(code for rows in places for code, _since, until, tender in rows if until is None and tender)


@cache
def time_zones() -> frozenset[str]:
    """Those of inhabited places, and UTC."""
    return frozenset({line.split("\t")[2].strip() for line in _lines("zone.tab")} | {"UTC"})


@cache
def languages() -> frozenset[str]:
    """`de`, `de_AT`: languages, and languages of a country, whose way of writing is known."""
    return frozenset(code for code in locale_identifiers() if re.fullmatch(r"[a-z]{2,3}(_[A-Z]{2})?", code))


def time_zones_of(country: str) -> list[str]:
    """Those of a country, the one in which most people live first."""
    rows = (line.split("\t") for line in _lines("zone.tab"))
    return [row[2].strip() for row in rows if row[0] == country]


def _lines(table: str) -> list[str]:
    text = (files("tzdata.zoneinfo") / table).read_text("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
