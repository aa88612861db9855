"""Turns stored values into what a reader sees: numbers, money and dates by locale. Pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal

from messaging.tokens import Token

_WORDS = {"de": ("ja", "nein"), "en": ("yes", "no")}
# Control characters and direction overrides: they break headers, or make a text read as something else.
_UNSAFE = dict.fromkeys([*range(32), *range(127, 160), 0x2028, 0x2029], " ") | dict.fromkeys(
    [*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200B, 0xFEFF], None
)
# What mail programs turn into a link though nobody wrote one: people call themselves “Win at evil.example”.
_LINK_LIKE = re.compile(r"(?<=\w)(?=://|[.@]\w{2})")
_JOINER = "\u2060"  # cannot be seen, and ends an address
NAMES = "person."  # meanings of what people write about themselves, and that is never an address


class Money(Decimal):
    """An amount in major units that knows its currency."""

    currency = ""


@dataclass(frozen=True)
class Style:
    """How values are written: a locale ("en", "de"), and the time zone of times."""

    locale: str = "en"
    time_zone: str = "UTC"

    def format(self, value: Any) -> str:
        """The text of a value that is printed into a mail."""
        if isinstance(value, str):
            return value
        if isinstance(value, bool):
            return _WORDS.get(self.locale[:2], _WORDS["en"])[0 if value else 1]
        if isinstance(value, Money):
            return format_currency(value, value.currency, locale=self._locale)
        if isinstance(value, int):
            return f"{value:,}" if self.locale == "en" else format_decimal(value, locale=self._locale)
        if isinstance(value, float | Decimal):
            return format_decimal(value, format="#,##0.##", locale=self._locale)
        if isinstance(value, datetime):
            return format_datetime(value.astimezone(self.zone), "long", locale=self._locale)
        if isinstance(value, date):
            return format_date(value, "long", locale=self._locale)
        if isinstance(value, list | tuple):
            return ", ".join(self.format(item) for item in value)
        return "" if value is None else str(value)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def _locale(self) -> Locale:
        return _locale(self.locale)


_locales: dict[str, Locale] = {}


def _locale(name: str) -> Locale:
    if name not in _locales:
        _locales[name] = Locale.parse(name.replace("-", "_"))
    return _locales[name]


def clean(text: str) -> str:
    """One line without control characters or direction overrides, trimmed."""
    return text.translate(_UNSAFE).strip()


def reader(token: Token) -> Callable[[Any], Any]:
    """How what is known of a person (money in major units, dates also as text) becomes a value to compare and print.

    Returns None for what is missing: null, blank text, an empty list, or something that is not of the token's type.
    """
    if token.type == "money":
        return lambda raw: _money(raw, token.currency)
    if token.semantic.startswith(NAMES) and token.type == "string":
        return _name
    return _READERS.get(token.type, _text)


def default_reader(token: Token) -> Callable[[str], Any]:
    """How an author's default text is read: as a number (money in major units) where the token is one, else as text."""

    def read(raw: str) -> Any:
        if token.type in {"integer", "number", "money"}:
            number = _number(raw.replace(",", ""))
            if number is not None and token.type == "money":
                return _as_money(Decimal(str(number)), token.currency)
            if number is not None:
                return number
        return _text(raw)

    return read


def _text(raw: Any) -> str | None:
    return (clean(raw if isinstance(raw, str) else str(raw)) or None) if raw is not None else None


def _name(raw: Any) -> str | None:
    """A text of which no mail program makes a link."""
    text = _text(raw)
    return _LINK_LIKE.sub(_JOINER, text) if text else None


def _number(raw: Any) -> int | Decimal | None:
    try:
        value = Decimal(str(raw))
    except InvalidOperation:
        return None
    if not value.is_finite():
        return None
    return int(value) if value == value.to_integral_value() and abs(value) < 10**15 else value


def _money(raw: Any, currency: str) -> Money | None:
    amount = _number(raw) if raw is not None else None
    return None if amount is None else _as_money(Decimal(amount), currency)


def _as_money(amount: Decimal, currency: str) -> Money:
    money = Money(amount)
    money.currency = currency or "USD"
    return money


def _date(raw: Any) -> date | None:
    if isinstance(raw, datetime):
        return raw.date()
    try:
        return raw if isinstance(raw, date) else date.fromisoformat(str(raw)[:10])
    except ValueError:
        return None


def _timestamp(raw: Any) -> datetime | None:
    try:
        value = raw if isinstance(raw, datetime) else datetime.fromisoformat(str(raw))
    except ValueError:
        return None
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def _list(raw: Any) -> list[str] | None:
    items = raw if isinstance(raw, list | tuple) else [raw]
    return [text for item in items if (text := _text(item))] or None


def _boolean(raw: Any) -> bool | None:
    return raw if isinstance(raw, bool) else {"true": True, "false": False}.get(str(raw).lower())


_READERS: dict[str, Callable[[Any], Any]] = {
    "integer": _number,
    "number": _number,
    "date": _date,
    "timestamp": _timestamp,
    "list": _list,
    "boolean": _boolean,
}
