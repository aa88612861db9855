"""Dates in many spellings."""

import datetime
import re

import pyarrow as pa
from dateutil import parser

EARLIEST_YEAR = 1880
MONTH_FIRST = frozenset({"US", "PH", "FM", "PW", "MH"})
_ISO = re.compile(r"^(\d{4})[-/. ]?(\d{1,2})[-/. ]?(\d{1,2})(?:[T ].*)?$")
_SHORT = re.compile(r"^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{2}|\d{4})$")


def normalise_dates(values: pa.Array, country: str) -> pa.Array:
    """YYYYMMDD; null for what is no date, before 1880 or in the future.

    Whether the day or the month stands first is read from the values; the country decides when they are silent.
    """
    texts = [None if value is None else value.strip() for value in values.to_pylist()]
    month_first = _is_month_first(texts, country)
    return pa.array([None if text is None else _one(text, month_first) for text in texts], pa.string())


def _is_month_first(texts: list[str | None], country: str) -> bool:
    found = [match for text in texts if text and (match := _SHORT.match(text))]
    day_first = sum(int(match[1]) > 12 for match in found)
    month_first = sum(int(match[2]) > 12 for match in found)
    return month_first > day_first if day_first != month_first else country in MONTH_FIRST


def _one(text: str, month_first: bool) -> str | None:
    today = datetime.date.today()
    if match := _ISO.match(text):
        parts = (int(match[1]), int(match[2]), int(match[3]))
    elif match := _SHORT.match(text):
        as_month = (month_first and int(match[1]) <= 12) or int(match[2]) > 12
        month, day = (match[1], match[2]) if as_month else (match[2], match[1])
        parts = (_century(match[3], today.year), int(month), int(day))
    else:
        return _words(text, today)
    try:
        date = datetime.date(*parts)
    except ValueError:
        return None
    return f"{date:%Y%m%d}" if date.year >= EARLIEST_YEAR and date <= today else None


def _century(year: str, this_year: int) -> int:
    number = int(year)
    if len(year) == 4:
        return number
    return number + (1900 if number > this_year % 100 else 2000)


def _words(text: str, today: datetime.date) -> str | None:
    """ "3 March 1980", "Mar 3, 1980": only where a month is named and nothing is left to guess."""
    if not re.search(r"[A-Za-z]{3}", text) or not re.search(r"\d{4}", text) or len(re.findall(r"\d+", text)) < 2:
        return None
    try:
        date = parser.parse(text).date()  # type: ignore[no-untyped-call]
    except (ValueError, OverflowError):
        return None
    return f"{date:%Y%m%d}" if date.year >= EARLIEST_YEAR and date <= today else None
