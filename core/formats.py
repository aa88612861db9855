"""Numbers, money, times and sizes as a reader expects them, in the active language. Unknown values are an en dash."""

import re
from collections.abc import Iterable, Sequence
from copy import copy
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import phonenumbers
from babel import Locale, UnknownLocaleError
from babel.dates import format_datetime, format_skeleton, format_timedelta
from babel.numbers import (
    format_compact_decimal,
    format_currency,
    format_decimal,
    format_percent,
    get_currency_precision,
)
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

NOTHING = "–"
_BYTE_UNITS = ("B", "kB", "MB", "GB", "TB")
WHOLE_FROM = 10**15  # a double has no decimals to speak of beyond
LEAST_SHARE = 0.001  # what one decimal of a percentage can tell apart
SOON_SECONDS = 45  # below this a moment is "just now"


def locale() -> Locale:
    try:
        return Locale.parse(get_language() or "en", sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def major(minor: int, currency: str) -> Decimal:
    """Money in minor units as a decimal in major units: 1050 EUR → 10.50, 1050 JPY → 1050."""
    return Decimal(minor).scaleb(-get_currency_precision(currency))


def money(minor: int | None, currency: str) -> str:
    """`minor` is in minor units."""
    return NOTHING if minor is None else format_currency(major(minor, currency), currency, locale=locale())


def whole_money(minor: int, currency: str) -> str:
    """As `money`, without decimals: for axes and ranges whose steps are whole."""
    pattern = copy(locale().currency_formats["standard"])
    pattern.frac_prec = (0, 0)
    return format_currency(major(minor, currency), currency, pattern, locale(), currency_digits=False)


def number(value: int | float | Decimal | None, digits: int = 2, least: int = 0) -> str:
    """With thousands separators and at most `digits` decimals, at least `least`."""
    if value is None:
        return NOTHING
    return format_decimal(value, format=_pattern(digits, least), locale=locale())


def _pattern(digits: int, least: int) -> str:
    return "#,##0." + "0" * least + "#" * (digits - least) if digits else "#,##0"


def decimals(values: Iterable[int | float | Decimal | None], digits: int = 2) -> int:
    """How many decimals, at most `digits`, the one of the values needs that needs the most."""
    unit = Decimal(1).scaleb(-digits)
    found = (Decimal(str(value)) for value in values if value is not None)
    written = (value for value in found if value.is_finite() and abs(value) < WHOLE_FROM)
    rounded = (value.quantize(unit).normalize().as_tuple().exponent for value in written)
    return max([0, *(-exponent for exponent in rounded if isinstance(exponent, int))])


def compact(value: int | float | None) -> str:
    """1234567 → "1.2M"."""
    return NOTHING if value is None else format_compact_decimal(value, fraction_digits=1, locale=locale())


def percent(share: float | None, least: int = 0) -> str:
    """`share` is a fraction: 0.125 → "12.5%". One decimal everywhere, so that a share is the same on every page, always
    where `least` is 1; what is not quite nothing or all is never rounded to it: 0.9998 → ">99.9%"."""
    if share is None:
        return NOTHING
    sign, shown = _near(share)
    return sign + format_percent(shown, format=_pattern(1, least) + "%", locale=locale())


def percent_decimals(shares: Iterable[float | None]) -> int:
    """As `decimals`, of fractions that are written in percent."""
    return decimals((_near(share)[1] * 100 for share in shares if share is not None), 1)


def _near(share: float) -> tuple[str, float]:
    if 0 < share < LEAST_SHARE / 2:
        return "<", LEAST_SHARE
    return (">", 1 - LEAST_SHARE) if 1 - LEAST_SHARE / 2 <= share < 1 else ("", share)


def size(count: int | None) -> str:
    """A number of bytes in decimal units: 1500 → "1.5 kB"."""
    if count is None:
        return NOTHING
    value, unit = float(count), 0
    while value >= 1000 and unit < len(_BYTE_UNITS) - 1:
        value, unit = value / 1000, unit + 1
    return f"{number(value, 0 if unit == 0 else 1)} {_BYTE_UNITS[unit]}"


def duration(seconds: float | None) -> str:
    """0.42 → "0.4 s", 75 → "1 min 15 s", 7260 → "2 h 1 min"."""
    if seconds is None:
        return NOTHING
    if seconds < 60:
        return f"{number(seconds, 1 if seconds < 10 else 0)} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def exact(moment: datetime | date | None) -> str:
    """Date, or date and time with its zone."""
    if moment is None:
        return NOTHING
    if not isinstance(moment, datetime):
        return date_format(moment, "DATE_FORMAT")
    local = timezone.localtime(_aware(moment))
    return f"{date_format(local, 'DATETIME_FORMAT')} {local.tzname()}"


def period(first: date, unit: str) -> str:
    """A day ("D"), month ("M") or year ("Y") by its first day, for an axis: "Nov 3", "Nov 2026", "2026"."""
    skeleton = {"D": "MMMd", "M": "yMMM", "Y": "y"}[unit]
    return str(format_skeleton(skeleton, first, locale=locale()))


def moments(times: Sequence[datetime]) -> list[str]:
    """Short dates with times, for the points of a chart: with seconds where two of them are of one minute."""
    local = [timezone.localtime(_aware(moment)) for moment in times]
    texts = [date_format(moment, "SHORT_DATETIME_FORMAT") for moment in local]
    if len(set(texts)) == len(texts):
        return texts
    zone = timezone.get_current_timezone()
    return [format_datetime(moment, "medium", tzinfo=zone, locale=locale()) for moment in local]


def ago_text(moment: datetime | None, now: datetime | None = None) -> str:
    """The relative words alone: "2 hours ago"."""
    if moment is None:
        return NOTHING
    passed = (now or datetime.now(UTC)) - _aware(moment)
    near = abs(passed.total_seconds()) < SOON_SECONDS
    return gettext("just now") if near else format_timedelta(-passed, add_direction=True, locale=locale())


def ago(moment: datetime | date | None, now: datetime | None = None) -> SafeString:
    """A `<time>` with the relative words, and the exact time on hover."""
    if moment is None:
        return mark_safe(f'<span class="empty-value">{NOTHING}</span>')  # noqa: S308
    if not isinstance(moment, datetime):
        return format_html('<time datetime="{}">{}</time>', moment.isoformat(), exact(moment))
    moment = _aware(moment)
    words = ago_text(moment, now)
    return format_html('<time datetime="{}" title="{}" data-ago>{}</time>', moment.isoformat(), exact(moment), words)


def phone(value: str | None) -> str:
    """A number in E.164 in groups, as one dials it from abroad: +1 312-376-4099. Other text stays as it is."""
    text = value or NOTHING
    if not text.startswith("+"):
        return text
    try:
        return str(phonenumbers.format_number(phonenumbers.parse(text), phonenumbers.PhoneNumberFormat.INTERNATIONAL))
    except phonenumbers.NumberParseException:
        return text


def breakable(words: str) -> SafeString:
    """An e-mail address, or a part of one, may go on in a new line before its @; a path between its folders."""
    pieces = re.split(r"(?=@)" if "@" in words else r"(?<=[/\\])", words)
    return format_html_join(mark_safe("<wbr>"), "{}", ((part,) for part in pieces))


def initials(name: str) -> str:
    """The first letters of the first and the last word: "Ana María López" → "AL"; of a single word, one letter."""
    firsts = [letter for word in name.split() if (letter := next((c for c in word if c.isalnum()), ""))]
    return "".join(firsts[:1] + firsts[1:][-1:]).upper() or "?"


def plain(value: Any) -> str:
    """Any value as text for a person: used where the kind is not known."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, int | float | Decimal):
        return number(value)
    if isinstance(value, datetime | date):
        return exact(value)
    if isinstance(value, list | tuple | set):
        return ", ".join(plain(part) for part in value)
    return str(value)


def written(value: Any) -> str:
    """A value as it stands in a file, where numbers and dates keep their spelling: yes or no, the items of a list."""
    if isinstance(value, bool):
        return plain(value)
    if isinstance(value, list | tuple):
        return ", ".join(written(part) for part in value)
    return str(value)


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
