"""Minor units of currencies."""

from decimal import Decimal

# ISO 4217: currencies whose minor unit is not a hundredth.
_EXPONENTS = {
    **dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
    **dict.fromkeys("CLF UYW".split(), 4),
}


def exponent(currency: str | None) -> int:
    """How many decimal digits a currency has; 2 where it is not known."""
    return _EXPONENTS.get((currency or "").upper(), 2)


def to_minor(amount: Decimal | int | float | str, currency: str | None) -> Decimal:
    """Major units as minor units: 10.5 USD → 1050. Not rounded: half a cent stays half a cent."""
    return Decimal(str(amount)).scaleb(exponent(currency))


def to_major(minor: int, currency: str | None) -> Decimal:
    """Minor units as major units: 1050 → Decimal("10.50") for USD."""
    return Decimal(minor).scaleb(-exponent(currency))
