"""Which type a column has, and how it is spelled, from many of its values."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import pyarrow as pa
import pyarrow.compute as pc

from sources.values import counted, numbers
from sources.values.convert import as_text, convert
from sources.values.plan import ColumnPlan
from sources.values.scripts import in_ascii
from sources.values.text import Column, is_text, stands_for_nothing

HEAD_VALUES = 200
TOLERATED_SHARE = 0.01  # values that do not fit and are still taken for errors, not for another type
FEWEST_PHONES = 5  # so many numbers, all of three or of four groups and of equally many digits, count nothing
TOLERATED_FROM = 20  # with fewer values than this, none may differ

_TEXT_NAMES = re.compile(
    r"(^|[_\W])(id|ids|uuid|guid|no|nr|num|number|code|sku|ean|gtin|isbn|upc|phone|tel|telefon|telephone|mobile|mobil|fax|"
    r"zip|plz|postcode|postal|cap|cep|ssn|iban|bic|vat|card|account|konto|street|house|hausnummer|ref|reference|token|key|"
    r"barcode|serial|passport|version)[_\s]?\d{0,2}$|(id|uuid|code|phone|zip|number)$",
    re.I,
)
_TIME_NAMES = re.compile(
    r"date|datum|fecha|data|time|dob|birth|geburt|naiss|nacim|nascita|day|tag|jour|_at$|_on$|joined|since|created", re.I
)
_FLAG_NAMES = re.compile(
    r"^(is|has|can|was|did|accepts?|allow|opt|wants)[_\W]|^(active|subscribed|enabled|deleted|vip|member|consent)|opt.?(in|out)",
    re.I,
)
_PRICE_NAMES = re.compile(
    r"(^|[_\W])(price|total|subtotal|amount|cost|costs|revenue|turnover|spend|spent|paid|payment|refund|fee|"
    r"preis|betrag|summe|umsatz|prix|montant|precio|importe|prezzo|importo|prijs|bedrag)([_\W]|$)",
    re.I,
)
_DAY_FIRST = ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%y", "%d.%m.%y")
_MONTH_FIRST = ("%m/%d/%Y", "%m.%d.%Y", "%m-%d-%Y", "%m/%d/%y", "%m.%d.%y")
_OTHER_DATES = (
    "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%d-%b-%Y", "%d-%b-%y",
    "%b %d %Y", "%d %b %y", "%d. %b %Y", "%d. %b %y",
    "%a, %d %b %Y",
    "%Y年%m月%d日",
    "%Y년 %m월 %d일",
    "%Y. %m. %d.",
    "%Y. %m. %d",
)  # fmt: skip
_CLOCKS = (" %H:%M:%S", " %H:%M", " %I:%M %p", " %I:%M:%S %p", ", %H:%M:%S", ", %H:%M", ", %I:%M:%S %p", "T%H:%M:%S")
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}")
_COMMA_FRACTION = re.compile(r"^\D{0,3}[\d.]*\d,\d{1,2}\D{0,4}$")
_POINT_FRACTION = re.compile(r"^\D{0,3}[\d,]*\d\.\d{1,2}\D{0,4}$")
_FRACTION = re.compile(r"\d[.,]\d{1,3}$")
_DOTTED_DATE = re.compile(r"\d{1,2}\.\d{1,2}\.\d{4}")
TIMELIKE = re.compile(r"\d[-/. 年년]\s?\w|[A-Za-z]{3}[. ]|^\d{8}$")
_PERCENT = re.compile(r"\s*[%٪]\s*$")
_AMOUNT = re.compile(
    r"^\s*-?\s*(?P<before>[^\d\s.,()+-]{1,4})?\s*-?\(?[\d.,\s']*\d\)?\s*(?P<after>[^\d\s.,()+-]{1,4})?\s*$"
)

_ACCOUNTED = re.compile(r"^\(\s*([^()\d-]{0,4}\d[\d.,\s']*[^()\d-]{0,4})\)$|^([^()\d-]{0,4}\d[\d.,\s']*)-(\s*\D{0,4})$")


@dataclass
class Inferred:
    """`notes` tells what had to be assumed ("day before month")."""

    plan: ColumnPlan
    notes: list[str] = field(default_factory=list)
    is_ambiguous: bool = False
    is_assumed: bool = False  # the currency, of amounts that name none


def infer(
    name: str,
    column: Column,
    *,
    month_first: bool = False,
    zone: str = "UTC",
    currency: str = "USD",
    comma: bool = False,
    prices: bool = True,
    beside: str = "",
) -> Inferred:
    """The narrowest type that fits. Ids, codes, phones, postcodes and numbers with leading zeros stay text. `comma`:
    the table's other columns have decimal commas, so that "1.100" is eleven hundred. `prices`: numbers that are named
    and written like prices ("277.00" as `total`) are money in `currency`. `beside`: the one currency that another
    column names in every row."""
    if not is_text(column.type):
        return Inferred(_native(name, column, zone, currency, beside))
    values = pc.drop_null(column)
    values = values.filter(pc.invert(stands_for_nothing(values)))
    if not len(values):
        return Inferred(ColumnPlan(name, zone=zone))
    head = _minus_in_front([str(value) for value in in_ascii(values.slice(0, HEAD_VALUES)).to_pylist()])
    priced = _prices(name, head, currency, beside) if prices or beside else []
    for candidate in priced + _candidates(name, head, zone, currency, comma):
        if _fits(values, candidate.plan):
            return _settled(candidate, values, month_first)
        if candidate.plan.type in ("date", "timestamp") and (both := _in_two_spellings(candidate.plan, values)):
            return _settled(Inferred(both), values, month_first)
    return Inferred(ColumnPlan(name, zone=zone))


def _in_two_spellings(plan: ColumnPlan, values: Column) -> ColumnPlan | None:
    """Workbooks hold dates, and dates that were typed as text beside them: the plan that reads these too."""
    failed = convert(values, plan)[1]
    if plan.format or failed is None:
        return None
    typed = infer(plan.name, values.filter(failed), zone=plan.zone).plan
    both = replace(plan, format=typed.format)
    return both if typed.type in ("date", "timestamp") and typed.format and _fits(values, both) else None


def _minus_in_front(head: list[str]) -> list[str]:
    """Negative numbers as accountants write them, (1.50) and 1.50-, where others are not: a column in which all have
    parentheses may number footnotes."""
    plain = [_ACCOUNTED.sub(r"-\1\2\3", value.strip()) for value in head]
    return plain if any(value == own.strip() for value, own in zip(plain, head, strict=True)) else head


def _native(name: str, column: Column, zone: str, currency: str, beside: str) -> ColumnPlan:
    kind = column.type
    if pa.types.is_boolean(kind):
        return ColumnPlan(name, "boolean")
    if pa.types.is_timestamp(kind):
        return ColumnPlan(name, "timestamp", zone=zone)
    if pa.types.is_date(kind):
        return ColumnPlan(name, "date")
    if pa.types.is_list(kind) and is_text(kind.value_type):
        return ColumnPlan(name, "list")
    if pa.types.is_integer(kind):
        is_flag = bool(_FLAG_NAMES.search(name)) and set(pc.unique(column).to_pylist()) <= {0, 1, None}
        return ColumnPlan(name, "string" if _TEXT_NAMES.search(name) else "boolean" if is_flag else "integer")
    if pa.types.is_decimal(kind) and kind.scale == 0:
        plan = ColumnPlan(name, "integer")
        fits = not _TEXT_NAMES.search(name) and convert(column, plan)[1] is None
        return plan if fits else ColumnPlan(name)
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        named = currency_named(name) or (beside if is_price(name) else "")
        is_money = bool(named) and not numbers.finer(column.cast(pa.float64(), safe=False), numbers.factor(named))
        return ColumnPlan(name, "money", "", named) if is_money else ColumnPlan(name, "number")
    return ColumnPlan(name, zone=zone)


def _fits(values: Column, plan: ColumnPlan) -> bool:
    read, failed = convert(values, plan)
    if plan.type in ("date", "timestamp") and _of_another_calendar(read):
        return False
    wrong = 0 if failed is None else pc.sum(failed).as_py() or 0
    return bool(wrong <= (max(1, len(values) * TOLERATED_SHARE) if len(values) >= TOLERATED_FROM else 0))


def _of_another_calendar(read: Column) -> bool:
    """Whether most years are of Iran, of Islam or of Thailand (1403, 1445, 2567): no Gregorian dates are there."""
    year = pc.year(read)
    islamic = pc.and_(pc.greater(year, 1300), pc.less(year, 1500))
    buddhist = pc.and_(pc.greater(year, 2440), pc.less(year, 2620))
    return bool((pc.mean(pc.or_(islamic, buddhist).cast(pa.int8())).as_py() or 0) > 0.5)


def _candidates(name: str, head: list[str], zone: str, currency: str, comma: bool) -> list[Inferred]:
    """Types worth a try on the whole column, narrowest first, by a look at some values."""
    most = max(1, int(len(head) * 0.9))
    folded = {value.strip().lower() for value in head}
    found: list[Inferred] = []
    if _is_flag(name, folded):
        found.append(Inferred(ColumnPlan(name, "boolean")))
    found += [Inferred(plan) for plan in _times(name, head, most, zone)]
    found += _percentages(name, head, comma)
    return found + _numbers(name, head, most, comma) + _amounts(name, head, most, currency, comma)


def is_price(name: str) -> bool:
    """Whether a column is called a price or an amount."""
    return bool(_PRICE_NAMES.search(name))


def _prices(name: str, head: list[str], currency: str, beside: str = "") -> list[Inferred]:
    """Money whose values name no currency: the column names one ("Umsatz €", "fee_chf"), and no value has more decimals
    than it; or the column is called a price, and every value has the decimals of the currency. Whole numbers beside a
    column of currencies may count cents: they are no money by that."""
    named = currency_named(name)
    if not named and beside and is_price(name) and (not numbers.exponent(beside) or any(map(_FRACTION.search, head))):
        named = beside
    currency = named or currency
    decimals = numbers.exponent(currency)
    if not (named or (decimals and _PRICE_NAMES.search(name))):
        return []
    mark = _decimal_mark(head)
    written = _amount_of(mark, decimals) if named else re.compile(rf"-?[\d.,\s']*\d{re.escape(mark)}\d{{{decimals}}}")
    if sum(bool(written.fullmatch(value.strip())) for value in head) < math.ceil(len(head) * 0.9):
        return []
    return [Inferred(ColumnPlan(name, "money", "" if mark == "." else ",", currency), is_assumed=not named)]


def _amount_of(mark: str, decimals: int) -> re.Pattern[str]:
    """Numbers with at most so many decimals, which no number with groups of three digits can be taken for."""
    group = r"[\s']|" + re.escape("," if mark == "." else ".")
    fraction = rf"({re.escape(mark)}\d{{1,{decimals}}})?" if decimals else ""
    return re.compile(rf"-?(\d+|[1-9]\d{{0,2}}(({group})\d{{3}})+){fraction}")


def currency_named(name: str) -> str:
    """The currency that a column's name states: its sign, or its code beside a word for a price; "" for none or
    several. "$" stands for too many currencies to state one."""
    if signs := {code for sign, code in numbers.SYMBOLS.items() if not re.search(r"[\w$]", sign) and sign in name}:
        return signs.pop() if len(signs) == 1 else ""
    codes = {part.upper() for part in re.split(r"[\W_]+", name)} & numbers.CURRENCIES
    return codes.pop() if len(codes) == 1 and _PRICE_NAMES.search(name) else ""


def _percentages(name: str, head: list[str], comma: bool) -> list[Inferred]:
    """Numbers where every value has a percent sign: with others beside them, nobody knows what those are."""
    bare = [_PERCENT.sub("", value) for value in head]
    if not all(map(_PERCENT.search, head)) or not all(re.fullmatch(r"[+-]?\d[\d.,]*", value) for value in bare):
        return []
    mark = _decimal_mark(bare, comma)
    return [Inferred(ColumnPlan(name, "number", format="%" if mark == "." else ",%"))]


def _numbers(name: str, head: list[str], most: int, comma: bool) -> list[Inferred]:
    digits = sum(bool(re.fullmatch(r"[+-]?(\d[\d.,\s']*|\.\d+)(e[+-]?\d+)?", value, re.I)) for value in head)
    if digits < most or _stays_text(name, head):
        return []
    mark = "" if _decimal_mark(head, comma) == "." else ","
    number = ColumnPlan(name, "number", format=mark)
    whole = ColumnPlan(name, "integer", format=mark)
    return [Inferred(plan) for plan in (whole, number) if _reads(pa.array(head), plan) >= most]


def _is_flag(name: str, folded: set[str]) -> bool:
    if folded <= {"0", "1", "0.0", "1.0"}:
        return bool(_FLAG_NAMES.search(name))
    words = folded <= set(numbers.TRUE) | set(numbers.FALSE)
    both = bool(folded & set(numbers.TRUE)) and bool(folded & set(numbers.FALSE))
    return words and "x" not in folded and (both or folded <= {"true", "false"} or bool(_FLAG_NAMES.search(name)))


def _stays_text(name: str, head: list[str]) -> bool:
    zeros = any(re.fullmatch(r"0\d+", value) for value in head)
    long = any(len(re.sub(r"\D", "", value.split(".")[0])) > 15 for value in head)
    spaced = any(re.search(r"\d\s\d{1,2}(\D|$)|\d\s\d{4,}", value) for value in head)
    phones = len(head) >= FEWEST_PHONES and all(re.fullmatch(r"\d{3}( \d{3}){2,3}", value) for value in head)
    codes = any(re.fullmatch(r"\d+e\d+", value, re.I) for value in head)  # 12e4 is one, 1.2e4 and 1E+03 are numbers
    codes = codes and not any(re.search(r"\.|e[+-]", value, re.I) for value in head)
    return zeros or long or spaced or phones or codes or bool(_TEXT_NAMES.search(name))


def _decimal_mark(head: list[str], others_have_comma: bool = False) -> str:
    """The mark that comes last where both occur; a comma that is not followed by three digits. Where every point stands
    before three digits, it groups them if "1.100" is beside "120" (a decimal would be "1.1"), or others have commas."""
    comma = sum(bool(re.search(r",\d{1,2}$|\.\d{3},\d+$|,\d{4,}$", value)) for value in head)
    point = sum(bool(re.search(r"\.\d{1,2}$|,\d{3}\.\d+$|\.\d{4,}$", value)) for value in head)
    grouped = sum(bool(re.search(r"\d\.\d{3}\.\d{3}", value)) for value in head)
    if comma + grouped > point:
        return ","
    pointed = {value for value in head if "." in value}
    if not pointed or not all(_THOUSANDS.fullmatch(value) for value in pointed):
        return "."
    is_mixed = any(re.fullmatch(r"[+-]?\d{1,3}", value) for value in head)
    return "," if others_have_comma or (is_mixed and any(value.endswith("0") for value in pointed)) else "."


def has_decimal_commas(columns: Iterable[Column]) -> bool:
    """Whether the numbers of a table are written with decimal commas, or, where none has a fraction, its dates as
    31.12.2026."""
    commas = points = dotted = 0
    for column in columns:
        head = [str(value).strip() for value in pc.drop_null(column).slice(0, HEAD_VALUES).to_pylist()]
        most = max(1, len(head) // 2)
        commas += sum(bool(_COMMA_FRACTION.search(value)) for value in head) >= most
        points += sum(bool(_POINT_FRACTION.search(value)) for value in head) >= most
        dotted += sum(bool(_DOTTED_DATE.match(value)) for value in head) >= most
    return commas > points or (dotted > 0 and not points)


def _times(name: str, head: list[str], most: int, zone: str) -> list[ColumnPlan]:
    if sum(bool(TIMELIKE.search(value)) for value in head) < most:
        return []
    sample = pa.array(head)
    plans = [ColumnPlan(name, "date"), ColumnPlan(name, "timestamp", zone=zone)]
    if iso := [plan for plan in plans if _reads(sample, plan) >= most]:
        return iso
    if all(re.fullmatch(r"\d{8}", value) for value in head[:20]) and (_TIME_NAMES.search(name) or len(set(head)) >= 50):
        plans.append(ColumnPlan(name, "date", "%Y%m%d"))
    if sum(bool(re.search(r"\d[./\- 年년]|[A-Za-z]{3}[. ]", value)) for value in head) < most:
        return [plan for plan in plans[2:] if _reads(sample, plan) >= most]
    kind = "timestamp" if sum(":" in value for value in head) >= most else "date"
    plans += [ColumnPlan(name, kind, pattern, zone=zone) for of, pattern in date_patterns() if of == kind]
    return [plan for plan in plans[2:] if _reads(sample, plan) >= most]


def date_patterns() -> list[tuple[str, str]]:
    """Every way of writing dates and times that is known, beside ISO 8601: the type, and its strptime pattern."""
    days = (*_DAY_FIRST, *_MONTH_FIRST, *_OTHER_DATES)
    return [("date", day) for day in days] + [("timestamp", day + clock) for day in days for clock in _CLOCKS]


def _reads(sample: pa.Array, plan: ColumnPlan) -> int:
    return len(sample) - int(convert(sample, plan)[0].null_count)


def _amounts(name: str, head: list[str], most: int, currency: str, comma: bool = False) -> list[Inferred]:
    """Money, where amounts carry one and the same currency sign or code."""
    signs: dict[str, int] = {}
    for value in head:
        found = _AMOUNT.match(value)
        sign = (found["before"] or found["after"] or "").strip() if found else ""
        if sign and (code := _code(sign, currency)):
            signs[code] = signs.get(code, 0) + 1
    if not signs or sum(signs.values()) < most:
        return []
    code = max(signs, key=lambda key: signs[key])
    bare = [re.sub(r"[^\d.,]", "", value) for value in head]
    mark = _decimal_mark(bare, comma or numbers.exponent(code) == 0)
    return [Inferred(ColumnPlan(name, "money", "" if mark == "." else ",", code))]


def _code(sign: str, default: str) -> str:
    if sign == "$" and default in {"USD", "CAD", "AUD", "NZD", "MXN", "SGD", "HKD", "ARS", "CLP", "COP"}:
        return default
    if sign.lower() == "kr":
        return default if default in numbers.KRONER else ""
    return numbers.SYMBOLS.get(sign) or (sign.upper() if sign.upper() in numbers.CURRENCIES else "")


def _settled(candidate: Inferred, values: Column, month_first: bool) -> Inferred:
    """Day before month, or month before day? The column decides; where it cannot, the workspace's country does."""
    plan = candidate.plan
    if not plan.format.startswith(("%d/%m", "%d.%m", "%d-%m", "%m/%d", "%m.%d", "%m-%d")):
        return candidate
    swapped = _swapped(plan)
    if _errors(values, swapped) > _errors(values, plan):
        return candidate
    if _errors(values, swapped) < _errors(values, plan):
        return Inferred(swapped)
    candidate.is_ambiguous = True
    wants_month_first = month_first and "." not in plan.format
    candidate.plan = swapped if wants_month_first != plan.format.startswith("%m") else plan
    return candidate


def _errors(values: Column, plan: ColumnPlan) -> int:
    failed = convert(values, plan)[1]
    return 0 if failed is None else int(pc.sum(failed).as_py() or 0)


def _swapped(plan: ColumnPlan) -> ColumnPlan:
    mark = plan.format[2]
    day, month = f"%d{mark}%m", f"%m{mark}%d"
    pattern = plan.format.replace(day, month) if plan.format.startswith("%d") else plan.format.replace(month, day)
    return ColumnPlan(plan.name, plan.type, pattern, plan.currency, plan.zone)


def sample_text(column: Column) -> list[str]:
    """Some values as text, for suggestions."""
    return [
        str(value) for value in as_text(pc.drop_null(column).slice(0, HEAD_VALUES)).to_pylist() if value is not None
    ]


def spelling(
    name: str,
    column: Column,
    kind: str,
    currency: str,
    zone: str,
    *,
    month_first: bool = False,
    comma: bool = False,
) -> ColumnPlan:
    """How the values of a column are written whose type is stated already: date pattern, decimal mark, currency."""
    if kind == "money":
        currency = currency or currency_named(name)
    plain = ColumnPlan(name, kind, "", currency, zone, is_stated=True)
    if kind in ("date", "timestamp") and (unit := counted.unit_of(column)):
        return ColumnPlan(name, kind, unit, "", zone, is_stated=True)
    if not is_text(column.type) or kind in ("string", "boolean", "list"):
        return plain
    if kind in ("date", "timestamp"):
        found = infer(name, column, month_first=month_first, zone=zone).plan
        pattern = found.format if found.type in ("date", "timestamp") else ""
        if found.type not in ("date", "timestamp") and _fits(pc.drop_null(column), ColumnPlan(name, "date", "%Y%m%d")):
            pattern = "%Y%m%d"
        return ColumnPlan(name, kind, pattern, "", zone, is_stated=True)
    head = [str(value) for value in in_ascii(pc.drop_null(column).slice(0, HEAD_VALUES)).to_pylist()]
    if kind == "money" and not currency:
        priced = next((item.plan for item in _amounts(name, head, 1, "USD")), None)
        currency = priced.currency if priced else ""
    is_whole = kind == "money" and numbers.exponent(currency) == 0
    mark = _decimal_mark([re.sub(r"[^\d.,]", "", value) for value in head], comma or is_whole)
    sign = "%" if kind == "number" and head and all(map(_PERCENT.search, head)) else ""
    return ColumnPlan(name, kind, f"{mark if mark == ',' else ''}{sign}", currency, zone, is_stated=True)
