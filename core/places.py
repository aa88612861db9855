"""The countries and time zones of today, from IANA's time zone database: no defunct country, one name for each zone."""

from functools import cache
from importlib.resources import files

KOSOVO = "XK"  # has phone numbers and addresses, and no code of its own in ISO 3166


@cache
def countries() -> frozenset[str]:
    """Codes of ISO 3166, two capital letters, and Kosovo's."""
    return frozenset({line.split("\t")[0] for line in _lines("iso3166.tab")} | {KOSOVO})


@cache
def time_zones() -> frozenset[str]:
    """Those of inhabited places, and UTC."""
    return frozenset({line.split("\t")[2].strip() for line in _lines("zone.tab")} | {"UTC"})


def _lines(table: str) -> list[str]:
    text = (files("tzdata.zoneinfo") / table).read_text("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
