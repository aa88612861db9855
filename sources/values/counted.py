"""Dates and times that are kept as a number: days as workbooks count them, seconds, milliseconds and
microseconds since 1970."""

import re

import pyarrow as pa
import pyarrow.compute as pc

from sources.values.text import Column, cast_matching, is_text, stands_for_nothing, trimmed

DAYS, SECONDS, MILLISECONDS, MICROSECONDS = "days", "epoch_s", "epoch_ms", "epoch_us"
SPANS = {
    DAYS: (3_000, 80_000),
    SECONDS: (100_000_000, 10**10),
    MILLISECONDS: (10**11, 10**13),
    MICROSECONDS: (10**14, 10**16),
}
"""From and below which number each can be told from the others: days of 1908 to 2119, seconds, milliseconds and
microseconds of 1973 to 2286. No year (2024) and no date in eight digits (20240131) is in one of them."""
LIKELY = {
    DAYS: (32_874, 58_440),
    SECONDS: (631_152_000, 2_840_140_800),
    MILLISECONDS: (631_152_000_000, 2_840_140_800_000),
    MICROSECONDS: (631_152_000_000_000, 2_840_140_800_000_000),
}
"""1990 to 2060: where numbers are worth a hint that they may be dates."""
NAMES = re.compile(
    r"(^|[\W_])(ts|date|dates|datum|fecha|timestamp|time|dob|birthday|geburtsdatum|\w+_at|\w+_on)($|[\W_])"
    r"|date$|datum$|time$|timestamp$|(?-i:[a-z](At|On|Ts)$)",
    re.I,
)
_NUMBER = r"^-?\d{1,16}(\.\d+)?$"
_DAY_MILLISECONDS = 86_400_000
_FIRST_DAY = -25_569  # 1899-12-30, which workbooks count from, in days since 1970 (ECMA-376 part 1, 18.17.4.1)


def unit_of(column: Column, spans: dict[str, tuple[int, int]] = SPANS) -> str:
    """`DAYS`, `SECONDS` or `MILLISECONDS` where every value is a number in that span; else ""."""
    values = pc.drop_null(column)
    if is_text(values.type):
        values = values.filter(pc.invert(stands_for_nothing(values)))
    numbers = pc.drop_null(_numbers(values))
    if not len(numbers) or len(numbers) < len(values):
        return ""
    low, high = pc.min(numbers).as_py(), pc.max(numbers).as_py()
    return next((unit for unit, (first, behind) in spans.items() if first <= low and high < behind), "")


def local_days(column: Column) -> Column:
    """Local times of numbers of days since 30 December 1899; the fraction is the time of day, to the millisecond."""
    since = pc.round(pc.multiply(pc.add(_numbers(column), float(_FIRST_DAY)), float(_DAY_MILLISECONDS)))
    return since.cast(pa.int64()).cast(pa.timestamp("ms")).cast(pa.timestamp("us"))


def _numbers(column: Column) -> Column:
    if is_text(column.type):
        return cast_matching(trimmed(column), _NUMBER, pa.float64())
    is_number = pa.types.is_integer(column.type) or pa.types.is_floating(column.type)
    return column.cast(pa.float64(), safe=False) if is_number else pa.nulls(len(column), pa.float64())
