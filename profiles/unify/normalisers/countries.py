"""Countries by name and code, from CLDR."""

from functools import cache

from babel import Locale
from babel.core import get_global

from core.text import fold
from profiles.unify.values.words import words

_MORE = {
    "uk": "gb",
    "great britain": "gb",
    "england": "gb",
    "scotland": "gb",
    "wales": "gb",
    "northern ireland": "gb",
    "united states of america": "us",
    "america": "us",
    "holland": "nl",
    "brd": "de",
    "czech republic": "cz",
    "hellas": "gr",
    "korea": "kr",
    "south korea": "kr",
    "republic of korea": "kr",
    "prc": "cn",
    "uae": "ae",
    "viet nam": "vn",
    "russian federation": "ru",
    "macedonia": "mk",
    "turkiye": "tr",
    "burma": "mm",
}
# The first are asked first: most data names countries in one of them, and each takes a while to load.
_LANGUAGES = words(
    """
    en de fr es it pt nl pl tr sv da nb fi cs hu ro el uk ru zh zh_Hant ja ko th vi ar he hi id
    """
)


@cache
def _codes() -> dict[str, str]:
    """ISO 3166: two letters, three letters, numbers."""
    known = {str(code).lower() for code in Locale("en").territories if len(str(code)) == 2 and str(code).isalpha()}
    found = {code: code for code in known}
    for alias, targets in get_global("territory_aliases").items():
        name = str(alias).lower()
        if len(name) == 3 and targets[0].lower() in known:
            found[name] = targets[0].lower()
    return found | _MORE


@cache
def _names(language: str) -> dict[str, str]:
    territories = Locale.parse(language).territories.items()
    return {_plain(name): str(code).lower() for code, name in territories if len(str(code)) == 2}


def _plain(name: str) -> str:
    return fold(name).replace("'", "").replace(".", "").replace("-", " ").replace("`", "")


@cache
def country_code(word: str) -> str:
    """Two letters; the word itself where it names no country."""
    if word in _codes():
        return _codes()[word]
    if word.replace(" ", "") in _codes():
        return _codes()[word.replace(" ", "")]
    return next((_names(language)[word] for language in _LANGUAGES if word in _names(language)), word)
