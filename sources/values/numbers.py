"""Whole numbers, numbers, yes or no, and money."""

import re

import pyarrow as pa
import pyarrow.compute as pc

from sources.values.text import Column, cast_matching, only

# Not “da”: with “no”, it is the languages of a shop in Denmark.
_YES_ABROAD = "да так evet tak ano áno igen kyllä ναι כן نعم はい 是 有 예 네 có ใช่ हाँ हां"
_NO_ABROAD = "нет ні не hayır hayir nie ne nem ei όχι לא لا いいえ 否 无 無 아니오 아니요 không ไม่ใช่ ไม่ नहीं nej nei nee"
# What workbooks write for TRUE and FALSE in Italian, Spanish, Portuguese, Dutch, Polish, Russian, Swedish and Turkish.
_TRUE_IN_SHEETS = "vero verdadero verdadeiro waar prawda истина sant doğru 1.0"
_FALSE_IN_SHEETS = "falso onwaar fałsz ложь falskt yanlış yanliş 0.0"
TRUE = (
    *("true", "yes", "y", "t", "on", "1", "ja", "oui", "si", "sí", "sì", "sim", "vrai", "wahr", "x"),
    *_YES_ABROAD.split(),
    *_TRUE_IN_SHEETS.split(),
)
FALSE = (
    *("false", "no", "n", "f", "off", "0", "nein", "non", "não", "nao", "faux", "falsch"),
    *_NO_ABROAD.split(),
    *_FALSE_IN_SHEETS.split(),
)

_INTEGER = r"^-?[0-9]{1,18}$"
_NUMBER = r"^-?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?$"
ACCOUNTED = r"^\((\s*[0-9][^()-]*)\)$|^([0-9][0-9.,\s']*)-$"  # negative, as accountants write: (1.50) and 1.50-
_SPACES = "[\\s\u00a0\u202f']"

# ISO 4217: currencies whose minor unit is not a hundredth.
_WHOLE = (
    "BIF",
    "CLP",
    "DJF",
    "GNF",
    "ISK",
    "JPY",
    "KMF",
    "KRW",
    "PYG",
    "RWF",
    "UGX",
    "UYI",
    "VND",
    "VUV",
    "XAF",
    "XOF",
    "XPF",
)
_THOUSANDTHS = ("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND")
EXPONENTS = dict.fromkeys(_WHOLE, 0) | dict.fromkeys(_THOUSANDTHS, 3) | {"CLF": 4, "UYW": 4}
SYMBOLS = {
    "€": "EUR",
    "£": "GBP",
    "¥": "JPY",
    "₹": "INR",
    "₩": "KRW",
    "₽": "RUB",
    "₺": "TRY",
    "₫": "VND",
    "đ": "VND",
    "฿": "THB",
    "₪": "ILS",
    "₴": "UAH",
    "₦": "NGN",
    "zł": "PLN",
    "Kč": "CZK",
    "R$": "BRL",
    "A$": "AUD",
    "C$": "CAD",
    "US$": "USD",
    "HK$": "HKD",
    "元": "CNY",
    "円": "JPY",
    "$": "USD",
}
KRONER = frozenset({"SEK", "NOK", "DKK", "ISK"})  # all are written "kr"
_CURRENCIES = (
    "AED ARS AUD BDT BGN BHD BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP HKD HUF IDR ILS INR ISK JPY KES "
    "KRW KWD KZT LKR MAD MXN MYR NGN NOK NZD OMR PEN PHP PKR PLN QAR RON RSD RUB SAR SEK SGD THB TND TRY "
    "TWD UAH USD UYU VND XAF XOF ZAR "
)
CURRENCIES = frozenset(_CURRENCIES.split())


def exponent(currency: str) -> int:
    """How many decimals a currency has (ISO 4217); 2 when it is not known."""
    return EXPONENTS.get(currency, 2)


def factor(currency: str) -> int:
    """How many of its smallest units a currency's unit has."""
    return int(10 ** exponent(currency))


def plain(column: Column, mark: str) -> Column:
    """Numbers in plain spelling: no grouping, "." as the decimal mark, the minus in front. Grouping goes where it is in
    threes, or as in India."""
    column = pc.replace_substring_regex(column, ACCOUNTED, r"-\1\2")
    column = pc.replace_substring_regex(column, f"^\\+|{_SPACES}", "")
    group, decimal = (r"\.", ",") if mark == "," else (",", r"\.")
    groups = f"({group}[0-9]{{3}})+" if mark == "," else ",[0-9]{3}(,[0-9]{3})*|(,[0-9]{2})+,[0-9]{3}"  # or 12,34,567
    grouped = pc.match_substring_regex(column, f"^[^0-9]*[0-9]{{1,3}}({groups})({decimal}[0-9]*)?[^0-9]*$")
    column = pc.if_else(grouped, pc.replace_substring_regex(column, group, ""), column)
    return pc.replace_substring(column, ",", ".") if mark == "," else column


def integers(column: Column, mark: str = ".") -> Column:
    text = pc.replace_substring_regex(plain(column, mark), r"\.0+$", "")
    return cast_matching(text, _INTEGER, pa.int64())


def percentages(column: Column, mark: str = ".") -> Column:
    """As they are written: "7,5 %" is 7.5."""
    return numbers(pc.replace_substring_regex(column, r"\s*[%٪]$", ""), mark)


def numbers(column: Column, mark: str = ".") -> Column:
    result = cast_matching(plain(column, mark), _NUMBER, pa.float64())
    return only(result, pc.is_finite(result))


def booleans(column: Column) -> Column:
    folded = pc.utf8_lower(pc.utf8_trim_whitespace(column))
    yes = pc.is_in(folded, value_set=pa.array(TRUE))
    return only(yes, pc.or_(yes, pc.is_in(folded, value_set=pa.array(FALSE))))


def flags(column: Column) -> Column:
    """0 and 1 as no and yes; null for other numbers."""
    yes = pc.equal(column, 1)
    return only(yes, pc.or_(yes, pc.equal(column, 0)))


def amounts(column: Column, currency: str, mark: str = ".") -> Column:
    """Major units of `currency`. Amounts in another currency are not read. "(5.00)" and "5.00-" are negative."""
    own = [re.escape(sign) for sign, code in SYMBOLS.items() if code == currency] + [currency, r"\$"]
    own += [r"kr\b\.?"] if currency in KRONER else []
    text = pc.replace_substring_regex(column, r"^\s*\(([^()-]+)\)\s*$", r"-\1")
    text = pc.replace_substring_regex(
        text, f"(?i)^(\\s*)(-?)\\s*({'|'.join(own)})\\s*|\\s*({'|'.join(own)})\\s*$", r"\2"
    )
    return numbers(pc.utf8_trim_whitespace(text), mark)


def whole_amounts(column: Column, currency: str) -> Column:
    """Amounts written in the smallest unit ("1050", "1.050 ct" is none): no decimal mark, so marks before three digits
    group them. As doubles, exact to 9·10¹⁵."""
    return amounts(pc.replace_substring_regex(column, r"[.,'](\d{3})\b", r"\1"), currency)


def minor_units(amounts: Column, factor: int) -> Column:
    """Amounts of `factor` smallest units each to these, halves to even. Beyond 9·10¹⁵ a double loses some: not read."""
    scaled = pc.round(pc.multiply(amounts, float(factor)), round_mode="half_to_even")
    return only(scaled, pc.less(pc.abs(scaled), 9.0e15)).cast(pa.int64())


def finer(amounts: Column, factor: int) -> int:
    """How many amounts of `factor` smallest units have fractions of these, beyond what doubles are exact to."""
    scaled = pc.multiply(amounts, float(factor))
    apart = pc.abs(pc.subtract(scaled, pc.round(scaled)))
    exact = pc.add(1e-4, pc.multiply(pc.abs(scaled), 1e-12))
    return int(pc.sum(pc.greater(apart, exact)).as_py() or 0)
