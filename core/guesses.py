"""Where a company is, guessed from what a browser says of its language; only ever offered, never kept by itself."""

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.numbers import get_territory_currencies
from django.utils.translation.trans_real import parse_accept_lang_header

from core import places


def of_browser(accepted: str) -> dict[str, str]:
    """default_country, currency, time_zone and locale for a header Accept-Language; empty where it tells no country."""
    tags = [tag for tag, _weight in parse_accept_lang_header(accepted)]
    found = [(tag, country) for tag in tags if (country := _country(tag))]
    if not found:
        return {}
    # Browsers in American English are used everywhere: another language that somebody reads tells more.
    others = [pair for pair in found if not pair[0].startswith("en")]
    tag, country = others[0] if others and found[0][1] == "US" else found[0]
    guess = {"default_country": country}
    language = tag.split("-")[0]
    if spoken := next((code for code in (f"{language}_{country}", language) if code in places.languages()), ""):
        guess["locale"] = spoken
    if currencies := get_territory_currencies(country):
        guess["currency"] = currencies[0]
    if zones := places.time_zones_of(country):
        guess["time_zone"] = zones[0]
    return guess


def _country(tag: str) -> str:
    try:
        stated = Locale.parse(tag, sep="-").territory
    except (UnknownLocaleError, ValueError):
        stated = None
    if stated not in places.countries():
        likely = get_global("likely_subtags").get(tag.split("-")[0], "")
        stated = likely.rpartition("_")[2]
    return stated if stated in places.countries() else ""
