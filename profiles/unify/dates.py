"""Dates in many spellings."""

import datetime
import re
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

from core.text import fold
from profiles.unify.words import words

EARLIEST_YEAR = 1880
MONTH_FIRST = frozenset({"US", "PH", "FM", "PW", "MH"})
BUDDHIST = 543
# Day 0 of spreadsheets, which take 1900 for a leap year; five digits are days from 1927 on.
DAY_ZERO = datetime.date(1899, 12, 30)
# Year 1 of each era less one: Meiji, Taisho, Showa, Heisei, Reiwa.
ERAS = {"m": 1867, "t": 1911, "s": 1925, "h": 1988, "r": 2018}
_ERA_SIGNS = str.maketrans({"明": "m", "大": "t", "昭": "s", "平": "h", "令": "r"})
_ISO = re.compile(r"^(\d{4})[-/. ]?(\d{1,2})[-/. ]?(\d{1,2})$")
_SHORT = re.compile(r"^(\d{1,2})[-/. ]+(\d{1,2})[-/. ]+(\d{2}|\d{4})$")
_COMPACT = re.compile(r"^(\d{2})(\d{2})(\d{4})$")
_ERA = re.compile(r"^([mtshr])\.? ?(\d{1,2})[-./](\d{1,2})[-./](\d{1,2})$")
_TIME = re.compile(r"(?<=\d)(?:t|,? )\d{1,2}:\d{2}.*$")
_SERIAL = re.compile(r"^(\d{5})(?:\.0+)?$")
_LANGUAGES = words(
    """
    en de fr es it pt nl pl cs sk hu ro sv da nb fi et lv lt hr sl bg ru uk be el tr ar fa he hi th vi id ms ca
    eu
    """
)


def normalise_dates(values: pa.Array, country: str) -> pa.Array:
    """YYYYMMDD; null for what is no date, before 1880 or in the future.

    Whether the day or the month stands first is read from the values; the country decides when they are silent.
    """
    today = datetime.date.today()
    plain = pc.match_substring_regex(values, r"^(?:19|20)\d{2}-\d{2}-\d{2}$")
    plain = pc.fill_null(plain, False)
    compact = pc.if_else(plain, pc.replace_substring(values, "-", ""), None)
    exists = pc.is_valid(pc.strptime(compact, "%Y%m%d", "s", error_is_null=True))
    past = pc.less_equal(compact, f"{today:%Y%m%d}")
    result = pc.if_else(pc.fill_null(pc.and_(exists, past), False), compact, None)
    others = pc.and_(pc.is_valid(values), pc.invert(plain))
    if not pc.any(others).as_py():
        return result
    texts = [_tidy(text) for text in values.filter(others).to_pylist()]
    month_first = _is_month_first(texts, country)
    found = pa.array([_one(text, month_first, today) for text in texts], pa.string())
    return pc.replace_with_mask(result, others, found)


def _tidy(text: str) -> str:
    """Folded, East Asian signs for year, month and day as hyphens, without the time of day."""
    if not text.isascii():
        text = re.sub(r"元年", "1年", text)
        text = re.sub(r"(?:明治|大正|昭和|平成|令和)", lambda match: match[0][0].translate(_ERA_SIGNS), text)
        text = re.sub(r"(?<=\d)\s*[年月년월/]\s*(?=\d)", "-", text)
        text = re.sub(r"(?<=\d)\s*[日일号]", "", text)
    return _TIME.sub("", fold(text)).strip(" ,.")


def _is_month_first(texts: list[str], country: str) -> bool:
    found = [match for text in texts if (match := _SHORT.match(text) or _COMPACT.match(text))]
    day_first = sum(int(match[1]) > 12 for match in found)
    month_first = sum(int(match[2]) > 12 for match in found)
    return month_first > day_first if day_first != month_first else country in MONTH_FIRST


def _one(text: str, month_first: bool, today: datetime.date) -> str | None:
    if match := _ISO.match(text):
        found = _date(int(match[1]), int(match[2]), int(match[3]), today)
        if found or not (match := _COMPACT.match(text)):
            return found
    match = match or _SHORT.match(text)
    if match:
        as_month = (month_first and int(match[1]) <= 12) or int(match[2]) > 12
        month, day = (match[1], match[2]) if as_month else (match[2], match[1])
        return _date(_century(match[3], today.year), int(month), int(day), today)
    if match := _ERA.match(text):
        return _date(ERAS[match[1]] + int(match[2]), int(match[3]), int(match[4]), today)
    if match := _SERIAL.match(text):
        day_of = DAY_ZERO + datetime.timedelta(int(match[1]))
        return _date(day_of.year, day_of.month, day_of.day, today)
    return _in_words(text, today)


def _date(year: int, month: int, day: int, today: datetime.date) -> str | None:
    """A year that lies far ahead counts from Buddha's death."""
    if year > today.year + 100:
        year -= BUDDHIST
    try:
        date = datetime.date(year, month, day)
    except ValueError:
        return None
    return f"{date:%Y%m%d}" if date.year >= EARLIEST_YEAR and date <= today else None


def _century(year: str, this_year: int) -> int:
    number = int(year)
    if len(year) == 4:
        return number
    return number + (1900 if number > this_year % 100 else 2000)


def _in_words(text: str, today: datetime.date) -> str | None:
    """ "3 March 1980", "Mar 3, 80": only where one month is named and nothing is left to guess."""
    numbers = re.findall(r"\d+", text)
    if len(numbers) != 2 or max(map(len, numbers)) > 4:
        return None
    months = {found for word in re.findall(r"[^\W\d_]+", text) if (found := _months().get(word))}
    if len(months) != 1:
        return None
    year, day = sorted(numbers, key=len, reverse=True) if len(numbers[0]) != len(numbers[1]) else reversed(numbers)
    if len(day) > 2 or len(year) not in (2, 4):
        return None
    return _date(_century(year, today.year), months.pop(), int(day), today)


@cache
def _months() -> dict[str, int]:
    """Folded names and short names of months; those that name different months in two languages are left out."""
    from babel import Locale

    found: dict[str, set[int]] = {}
    for language in _LANGUAGES:
        for form in Locale(language).months.values():
            for width in ("wide", "abbreviated"):
                for number, name in form.get(width, {}).items():
                    for word in {fold(name).strip("."), re.sub(r"[^a-z]", "", fold(name))}:
                        found.setdefault(word, set()).add(int(number))
    return {word: min(numbers) for word, numbers in found.items() if len(numbers) == 1 and len(word) > 2}
