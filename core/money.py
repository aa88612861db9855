"""Major units, which people write, and minor units, which the lake holds."""

from decimal import Decimal

from babel.numbers import get_currency_precision


def to_minor(amount: Decimal | int | float | str, currency: str | None) -> Decimal:
    """10.5 USD → 1050. Not rounded: half a cent stays half a cent. Two decimals where the currency is not known."""
    return Decimal(str(amount)).scaleb(get_currency_precision(currency or ""))


def to_major(minor: int, currency: str | None) -> Decimal:
    """1050 → Decimal("10.50") for USD."""
    return Decimal(minor).scaleb(-get_currency_precision(currency or ""))
