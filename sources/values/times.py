"""Dates and times: many spellings in, dates and UTC out. A date that does not exist (30 February) is never moved.

Whatever the pattern of a column is, ISO 8601 is read too: nothing else can be meant by a year of four digits in front.
"""

import datetime as dt
import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sources.values.counted import DAYS, MICROSECONDS, MILLISECONDS, SECONDS, local_days
from sources.values.months import ENGLISH, in_english
from sources.values.text import Column, cast_matching, only, trimmed

ISO = ("", "iso")
_DIGITS = {
    "%Y": r"\d{4}",
    "%y": r"\d{2}",
    "%m": r"\d{1,2}",
    "%H": r"\d{1,2}",
    "%I": r"\d{1,2}",
    "%M": r"\d{2}",
    "%S": r"\d{2}",
}
_WORDS = {"%b": "[A-Za-z]{3}", "%B": "[A-Za-z]+", "%p": "[AaPp][Mm]", "%a": "[A-Za-z]{3}", "%A": "[A-Za-z]+"}
_ISO_TIME = r"^\d{4}-\d{2}-\d{2}([T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d([.,]\d{1,9})?)?\s?(Z|UTC|[+-]\d{2}(:?\d{2})?)?)?$"
_YEAR_FIRST = r"^(\d{4})\s?[-/.年년]\s?(\d{1,2})\s?[-/.月월]\s?(\d{1,2})\s?[.日일]?$"
_ZONE = r"\d{2}:\d{2}.*(Z|[+-]\d{2}:?\d{2})$"
_MAIL_TIME = (
    r"^(?:[A-Za-z]{3},\s*)?(?P<d>\d{1,2})\s+(?P<m>[A-Za-z]{3})\s+(?P<y>\d{4})\s+(?P<t>\d{2}:\d{2}(?::\d{2})?)\s+"
    r"(?P<z>[+-]\d{4}|Z|UTC?|GMT|[ECMP][SD]T)(?:\s*\([^()]*\))?$"
)
_MAIL_ZONES = {
    "UT": "Z", "UTC": "Z", "GMT": "Z", "EDT": "-0400", "EST": "-0500", "CDT": "-0500", "CST": "-0600", "MDT": "-0600",
    "MST": "-0700", "PDT": "-0700", "PST": "-0800",
}  # fmt: skip
"""Zones that RFC 2822 (4.3) gives a meaning."""
UTC = pa.timestamp("us", tz="UTC")
_MICROS = {SECONDS: 1_000_000, MILLISECONDS: 1_000, MICROSECONDS: 1}
FIRST_DAY, BEHIND_LAST_DAY = -719_162, 2_932_897  # days since 1970 of 0001-01-01 and 10000-01-01


def dates(column: Column, pattern: str = "", *, drop_times: bool = False) -> Column:
    """`drop_times`: the date of a date and time counts as it is written; otherwise only midnight is a date."""
    if pattern in ISO:
        try:
            return column.cast(pa.date32())
        except pa.ArrowInvalid:
            column = _year_first(trimmed(column))
            clock = r"\d{2}:\d{2}.*" if drop_times else r"00:00(:00(\.0+)?)?(Z|\+00:00)?"
            text = pc.replace_substring_regex(column, rf"^(\d{{4}}-\d{{2}}-\d{{2}})[T ]{clock}$", r"\1")
            return _existing(text, pc.match_substring_regex(text, r"^\d{4}-\d{2}-\d{2}$")).cast(pa.date32())
    if pattern.startswith("epoch"):
        return timestamps(column, pattern, "UTC").cast(pa.date32(), safe=False)
    if pattern == DAYS:
        return local_days(column).cast(pa.date32(), safe=False)
    found = _by_pattern(column, pattern).cast(pa.date32())
    return found if found.null_count == column.null_count else pc.coalesce(found, dates(column, drop_times=drop_times))


def _year_first(column: Column) -> Column:
    """2024/1/5, 2024年1月5日 and 2024. 1. 5. as ISO 8601 writes them."""
    plain = pc.match_substring_regex(column, r"^\d{4}-\d{2}-\d{2}")
    if pc.all(pc.fill_null(plain, True)).as_py():
        return column
    dated = pc.match_substring_regex(column, _YEAR_FIRST)
    text = pc.replace_substring_regex(column, _YEAR_FIRST, r"\1-0\2-0\3")
    return pc.if_else(dated, pc.replace_substring_regex(text, r"-0(\d{2})", r"-\1"), column)


def timestamps(column: Column, pattern: str, zone: str) -> Column:
    """Times that state no zone are in `zone`; an hour that a clock change repeats is the first of both."""
    if pattern.startswith("epoch"):
        return _epochs(column, _MICROS[pattern])
    if pattern == DAYS:
        return _in_utc(local_days(column), zone)
    if pattern not in ISO:
        found = _in_utc(_by_pattern(column, pattern), zone)
        return found if found.null_count == column.null_count else pc.coalesce(found, timestamps(column, "", zone))
    try:
        return _in_utc(column.cast(pa.timestamp("us")), zone)
    except pa.ArrowInvalid:
        pass
    try:
        return column.cast(UTC)
    except pa.ArrowInvalid:
        return _mixed(column, zone)


def _mixed(column: Column, zone: str) -> Column:
    """ISO 8601 in all its spellings, with and without zones, and values that are none."""
    column = _of_mail(trimmed(column))
    text = _existing(column, pc.match_substring_regex(column, _ISO_TIME))
    text = pc.replace_substring_regex(text, r"\s?(UTC)$", "Z")
    text = pc.replace_substring_regex(text, r"[.,](\d{1,6})\d*", r".\1")
    text = pc.replace_substring_regex(text, r"(:\d{2}.*[+-]\d{2})$", r"\1:00")
    text = pc.replace_substring_regex(text, r"(:\d{2}.*[+-]\d{2}:?\d{2}):00$", r"\1")
    text = pc.replace_substring_regex(text, r"(\d)\s+([Z+-])", r"\1\2")
    zoned = pc.match_substring_regex(text, _ZONE)
    local = _in_utc(only(text, pc.invert(zoned)).cast(pa.timestamp("us")), zone)
    return pc.coalesce(only(text, zoned).cast(UTC), local)


def _of_mail(column: Column) -> Column:
    """Mon, 30 Nov 2026 10:00:00 +0100, as e-mail and HTTP write times (RFC 2822, RFC 9110), as ISO 8601."""
    fits = pc.match_substring_regex(column, _MAIL_TIME)
    if not pc.any(fits).as_py():
        return column
    parts = pc.extract_regex(column, _MAIL_TIME)
    year, day, clock, month, zone = (pc.struct_field(parts, name) for name in ("y", "d", "t", "m", "z"))
    month = _replaced(pc.utf8_lower(month), {name.lower(): f"{at:02}" for at, name in enumerate(ENGLISH, 1)})
    zone = pc.coalesce(_replaced(pc.utf8_upper(zone), _MAIL_ZONES), zone)
    date = pc.binary_join_element_wise(year, month, pc.utf8_lpad(day, 2, "0"), "-")
    return pc.if_else(fits, pc.binary_join_element_wise(date, "T", clock, zone, ""), column)


def _replaced(column: Column, words: dict[str, str]) -> Column:
    at = pc.index_in(column, value_set=pa.array(list(words)))
    return pa.array(list(words.values())).take(at.combine_chunks() if isinstance(at, pa.ChunkedArray) else at)


def _in_utc(local: Column, zone: str) -> Column:
    return pc.assume_timezone(local, zone, ambiguous="earliest", nonexistent="latest").cast(UTC)


def _epochs(column: Column, micros: int) -> Column:
    if pa.types.is_integer(column.type):
        counted_in = pc.multiply(column.cast(pa.int64()), micros)
    else:  # a fraction is part of a second: doubles hold it to the microsecond
        is_number = pa.types.is_floating(column.type)
        pattern = r"^-?\d{1,16}(\.\d+)?$"
        units = column.cast(pa.float64()) if is_number else cast_matching(trimmed(column), pattern, pa.float64())
        counted_in = pc.round(pc.multiply(units, float(micros))).cast(pa.int64(), safe=False)
    return counted_in.cast(pa.timestamp("us")).cast(UTC)


def in_calendar(column: Column) -> Column:
    """Null for dates and times beyond the years 1 to 9999, which hardly any program can show."""
    first, behind = (pa.scalar(day, pa.date32()).cast(column.type) for day in (FIRST_DAY, BEHIND_LAST_DAY))
    return only(column, pc.and_(pc.greater_equal(column, first), pc.less(column, behind)))


def in_the_past(days: Column) -> Column:
    """Dates of today and before; those to come are of the century before."""
    later = pc.greater(days, pa.scalar(dt.date.today(), pa.date32()))
    if not pc.any(later).as_py():
        return days
    stated = days.to_numpy(zero_copy_only=False) if isinstance(days, pa.Array) else days.to_numpy()
    stated = stated.astype("datetime64[D]")
    months = stated.astype("datetime64[M]")
    earlier = (months - 1200).astype("datetime64[D]") + (stated - months.astype("datetime64[D]"))
    return pc.if_else(later, pa.array(earlier, pa.date32()), days)


def _existing(text: Column, candidates: Column) -> Column:
    """The ISO texts whose first ten characters are a date of the calendar; null for the others."""
    text = only(text, candidates)
    parts = [pc.utf8_slice_codeunits(text, *span).cast(pa.int32()) for span in ((0, 4), (5, 7), (8, 10))]
    year, month, day = (pc.fill_null(part, 0).to_numpy(zero_copy_only=False) for part in _flat(parts))
    return only(text, pa.array(exists(year, month, day)))


def exists(year: np.ndarray, month: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Whether each year, month and day is a date of the Gregorian calendar between the years 1 and 9999."""
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    lengths = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    known = (month >= 1) & (month <= 12)
    longest = lengths[np.where(known, month, 0)] + ((month == 2) & leap)
    return np.asarray(known & (year >= 1) & (year <= 9999) & (day >= 1) & (day <= longest))


def _flat(parts: list[Column]) -> list[pa.Array]:
    return [part.combine_chunks() if isinstance(part, pa.ChunkedArray) else part for part in parts]


def pattern_regex(pattern: str) -> str:
    """The RE2 pattern of a strptime pattern, with the day of the month as its only group."""
    parts = re.split(r"(%[A-Za-z])", pattern)
    known = _DIGITS | _WORDS | {"%d": r"(\d{1,2})"}
    return "^" + "".join(known.get(part, re.escape(part).replace("\\ ", r"\s+")) for part in parts) + "$"


def _by_pattern(column: Column, pattern: str) -> Column:
    """Local times by a strptime pattern. The C library moves 30 February to 1 March: that is not what was written."""
    column, regex = trimmed(column), pattern_regex(pattern)
    fits = pc.match_substring_regex(column, regex)
    if "%b" in pattern and not pc.all(pc.fill_null(fits, True)).as_py():
        column = in_english(column)
        fits = pc.match_substring_regex(column, regex)
    text = only(column, fits)
    result = pc.strptime(text, format=pattern, unit="us", error_is_null=True)
    if "%d" not in pattern:
        return result
    stated = pc.replace_substring_regex(text, regex, r"\1").cast(pa.int64())
    return only(result, pc.and_(pc.equal(pc.day(result), stated), pc.greater(pc.year(result), 0)))
