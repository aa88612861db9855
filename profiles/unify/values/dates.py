"""Dates in many spellings."""

import calendar
import datetime
import re
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

from core.text import fold
from profiles.unify.values.words import words

EARLIEST_YEAR = 1000
# Eight digits without signs are a date where they begin or end with a year from this one on.
EARLIEST_BARE_YEAR = 1800
MANY_OF_SIX = 0.1  # of the texts; fewer are slips
MONTH_FIRST = frozenset({"US", "PH", "FM", "PW", "MH"})
BUDDHIST = 543
# Day 0 of spreadsheets, which take 1900 for a leap year; five digits are days from 1927 on.
DAY_ZERO = datetime.date(1899, 12, 30)
# Year 1 of each era less one: Meiji, Taisho, Showa, Heisei, Reiwa.
ERAS = {"m": 1867, "t": 1911, "s": 1925, "h": 1988, "r": 2018}
_ERA_SIGNS = str.maketrans({"明": "m", "大": "t", "昭": "s", "平": "h", "令": "r"})
_ISO = re.compile(r"^(\d{4})[-/. ]?(\d{1,2})[-/. ]?(\d{1,2})$")
_SHORT = re.compile(r"^(\d{1,2})[-/. ]+(\d{1,2})[-/. ]+(\d{2}|\d{4})$")
_PARTED = re.compile(r"^\d{4}([-/. ])\d{1,2}\1\d{1,2}$")
_COMPACT = re.compile(r"^(\d{2})(\d{2})(\d{4})$")
# Day and month as two numbers, whichever stands first; and eight digits, with the year at the beginning or end.
_AS_NUMBERS = r"^\s*(?P<one>\d{1,2})[-/. ]+(?P<two>\d{1,2})[-/. ]+(?:\d{2}|\d{4})(?:\D|$)"
_YEAR_FIRST = r"^\s*(?:1[89]|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])"
_YEAR_LAST = r"^\s*(\d{2})(\d{2})((?:1[89]|20)\d{2})\s*$"
_ERA = re.compile(r"^([mtshr])\.? ?(\d{1,2})[-./](\d{1,2})[-./](\d{1,2})$")
_TIME = re.compile(r"(?<=\d)(?:t|,? )\d{1,2}:\d{2}.*$")
_SIX = re.compile(r"^\d{6}$")
_SERIAL = re.compile(r"^\d{5}$")
# Numbers of spreadsheets, also those that stand for a date as digits.
_OF_SPREADSHEET = re.compile(r"^(\d{5}|\d{8})\.0+$")
_LANGUAGES = words(
    """
    en de fr es it pt nl pl cs sk hu ro sv da nb fi et lv lt hr sl bg ru uk be el tr ar fa he hi th vi id ms ca
    eu
    """
)


def plain_dates(values: pa.Array) -> pa.Array:
    """YYYYMMDD of dates that are written as ISO 8601 has them; null for all others, before 1000 or in the future."""
    is_plain = pc.fill_null(pc.match_substring_regex(values, r"^(?:1\d|20)\d{2}-\d{2}-\d{2}$"), False)
    found = pc.if_else(is_plain, pc.replace_substring(values, "-", ""), None)
    past = pc.less_equal(found, f"{datetime.date.today():%Y%m%d}")
    return pc.if_else(pc.fill_null(pc.and_(pc.is_valid(calendar_dates(found)), past), False), found, None)


def calendar_dates(texts: pa.Array) -> pa.Array:
    """Dates of YYYYMMDD; null where the calendar has no such day."""
    found = pc.strptime(texts, "%Y%m%d", "s", error_is_null=True)
    # The parser takes 31 February for 2 March.
    exists = pc.equal(pc.cast(pc.utf8_slice_codeunits(texts, 6, 8), pa.int64()), pc.day(found))
    return pc.if_else(exists, pc.cast(found, pa.date32()), None)


def other_dates(values: pa.Array, plain: pa.Array, order: str, of_six: str = "ymd") -> pa.Array:
    """`plain`, with the dates that are written otherwise. `order`: what stands first where either could, "dmy" or
    "mdy"; `of_six`: of six digits, "ymd" as well. A slip in a date whose parts are clear is kept as its eight digits,
    which are no date but near to one."""
    others = pc.and_(pc.is_valid(values), pc.is_null(plain))
    if not pc.any(others).as_py():
        return plain
    today = datetime.date.today()
    found = [_one(_tidy(text), order == "mdy", of_six, today) for text in values.filter(others).to_pylist()]
    return pc.replace_with_mask(plain, others, pa.array(found, pa.string()))


def order_of(texts: pa.Array) -> dict[str, str]:
    """Whether day or month stands first in folded texts: the `order`, and the `share` of those with three numbers that
    can be read in no other; empty where none tells."""
    texts = texts.filter(pc.invert(pc.match_substring_regex(texts, _YEAR_FIRST)))
    numbers = pc.extract_regex(pc.replace_substring_regex(texts, _YEAR_LAST, r"\1-\2-\3"), _AS_NUMBERS).drop_null()
    first, second = (pc.greater(numbers.field(n).cast(pa.int8()), 12) for n in (0, 1))
    day_first, month_first = pc.sum(first).as_py() or 0, pc.sum(second).as_py() or 0
    if day_first == month_first:
        return {}
    order, told = ("dmy", day_first) if day_first > month_first else ("mdy", month_first)
    return {"order": order, "share": f"{told / len(numbers):.3f}"}


def order_of_six(texts: pa.Array) -> dict[str, str]:
    """In which order year, month and day stand in folded texts of six digits, "ymd", "dmy" or "mdy", as `six`: the one
    in which most are days; empty where hardly any text is one of six digits."""
    six = texts.filter(pc.match_substring_regex(texts, _SIX.pattern)).unique().to_pylist()
    if len(six) < max(1, MANY_OF_SIX * len(texts)):
        return {}
    days = {order: sum(_may_be_day(*_of_six(text, order)) for text in six) for order in ("ymd", "dmy", "mdy")}
    return {"six": max(days, key=lambda order: days[order])}


def _of_six(text: str, order: str) -> tuple[str, int, int]:
    """The year of its century, month and day."""
    parts = dict(zip(order, (text[:2], text[2:4], text[4:]), strict=True))
    return parts["y"], int(parts["m"]), int(parts["d"])


def _may_be_day(of_century: str, month: int, day: int) -> bool:
    return _is_day(2000 + int(of_century), month, day)


def usual_order(country: str) -> str:
    return "mdy" if country in MONTH_FIRST else "dmy"


def _tidy(text: str) -> str:
    """Folded, East Asian signs for year, month and day as hyphens, without the time of day."""
    if not text.isascii():
        text = re.sub(r"元年", "1年", text)
        text = re.sub(r"(?:明治|大正|昭和|平成|令和)", lambda match: match[0][0].translate(_ERA_SIGNS), text)
        text = re.sub(r"(?<=\d)\s*[年月년월/]\s*(?=\d)", "-", text)
        text = re.sub(r"(?<=\d)\s*[日일号]", "", text)
    return _OF_SPREADSHEET.sub(r"\1", _TIME.sub("", fold(text)).strip(" ,."))


def _one(text: str, month_first: bool, of_six: str, today: datetime.date) -> str | None:
    if _SIX.match(text):
        of_century, month, day = _of_six(text, of_six)
        return _date(_century(of_century, today.year), month, day, today)
    if match := _ISO.match(text):
        year, month, day = map(int, match.groups())
        return (
            _date(year, month, day, today) or _compact(text, month_first, today) or _slip(text, year, month, day, today)
        )
    if match := _SHORT.match(text):
        return _short(match, month_first, today)
    if match := _ERA.match(text):
        return _date(ERAS[match[1]] + int(match[2]), int(match[3]), int(match[4]), today)
    if match := _SERIAL.match(text):
        day_of = DAY_ZERO + datetime.timedelta(int(match[0]))
        return _date(day_of.year, day_of.month, day_of.day, today)
    return _in_words(text, today)


def _short(match: re.Match[str], month_first: bool, today: datetime.date) -> str | None:
    as_month = (month_first and int(match[1]) <= 12) or int(match[2]) > 12
    month, day = (match[1], match[2]) if as_month else (match[2], match[1])
    return _date(_century(match[3], today.year), int(month), int(day), today)


def _compact(text: str, month_first: bool, today: datetime.date) -> str | None:
    """Of eight digits that end with the year."""
    match = _COMPACT.match(text)
    return _short(match, month_first, today) if match and int(match[3]) >= EARLIEST_BARE_YEAR else None


def _date(year: int, month: int, day: int, today: datetime.date) -> str | None:
    """A year that lies far ahead counts from Buddha's death."""
    if year > today.year + 100:
        year -= BUDDHIST
    if not _is_day(year, month, day):
        return None
    date = datetime.date(year, month, day)
    return f"{date:%Y%m%d}" if date.year >= EARLIEST_YEAR and date <= today else None


def _is_day(year: int, month: int, day: int) -> bool:
    return year >= datetime.MINYEAR and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]


def _slip(text: str, year: int, month: int, day: int, today: datetime.date) -> str | None:
    """The eight digits of what is no day of the calendar, in a year that is past. Day 0 says that none is known."""
    is_clear = year >= EARLIEST_YEAR if _PARTED.match(text) else len(text) == 8 and year >= EARLIEST_BARE_YEAR
    if not is_clear or year > today.year or not day or _is_day(year, month, day):
        return None
    digits = f"{year}{month:02}{day:02}"
    return None if _compact(digits, True, today) else digits  # or it would be read otherwise the next time


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
