"""The countries, currencies and time zones of today, from IANA's time zone database and Unicode's CLDR: no defunct
country, no currency that nobody pays with, one name for each zone."""

from functools import cache
from importlib.resources import files

from babel.core import get_global

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


def _lines(table: str) -> list[str]:
    text = (files("tzdata.zoneinfo") / table).read_text("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
