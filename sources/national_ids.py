"""Numbers that states give to people, told by their check digits, or by a shape that nothing else has."""

import re
from collections.abc import Callable, Sequence
from functools import cache

from core.check_digits import has_check_digit

# Of the sampled values; a wrong one among them is a slip.
SHARE = 0.9
# By chance one in ten numbers has the right check digit: so many different ones do not.
FEWEST = 5

_DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
_CHINA_WEIGHTS, _CHINA_CHECKS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), "10X98765432"
_PESEL_WEIGHTS = (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)
_FISCAL_ODD = dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23),
        strict=True,
    )
)
_VERHOEFF = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)


def are_national_ids(values: Sequence[str]) -> bool:
    """Whether nearly all are numbers of one country."""
    found = {re.sub(r"[ .\-/]", "", value.upper()) for value in values}
    if len(found) < FEWEST:
        return False
    by_check = any(sum(map(check, found)) >= SHARE * len(found) for check in _CHECKS)
    return by_check or sum(map(_is_social_security, values)) >= SHARE * len(values)


def _is_social_security(value: str) -> bool:
    """USA, with its hyphens."""
    return bool(re.fullmatch(r"(?!000|666|9)\d{3}-(?!00)\d\d-(?!0000)\d{4}", value))


def _national_insurance(value: str) -> bool:
    """United Kingdom."""
    return bool(re.fullmatch(r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]", value))


def _dni(value: str) -> bool:
    """Spain, citizens and foreigners."""
    is_one = re.fullmatch(r"(?:[XYZ]\d{7}|\d{8})[A-Z]", value)
    return bool(is_one) and _DNI_LETTERS[int(value[:-1].translate(str.maketrans("XYZ", "012"))) % 23] == value[-1]


def _cpf(value: str) -> bool:
    """Brazil."""
    if not re.fullmatch(r"(?!(\d)\1{10})\d{11}", value):
        return False
    digits = [int(sign) for sign in value]
    sums = [sum(d * (at + 1 - n) for n, d in enumerate(digits[:at])) for at in (9, 10)]
    return [total * 10 % 11 % 10 for total in sums] == digits[9:]


def _codice_fiscale(value: str) -> bool:
    """Italy."""
    number = r"[0-9LMNPQRSTUV]"
    if not re.fullmatch(rf"[A-Z]{{6}}{number}{{2}}[A-EHLMPRST]{number}{{2}}[A-Z]{number}{{3}}[A-Z]", value):
        return False
    letters = [chr(ord("A") + int(sign)) if sign.isdigit() else sign for sign in value[:15]]
    total = sum(_FISCAL_ODD[sign] if n % 2 == 0 else ord(sign) - ord("A") for n, sign in enumerate(letters))
    return chr(ord("A") + total % 26) == value[15]


def _pesel(value: str) -> bool:
    """Poland: the century is in the month."""
    if not re.fullmatch(r"\d{11}", value) or not _is_day(int(value[2:4]) % 20, int(value[4:6])):
        return False
    return -sum(int(d) * weight for d, weight in zip(value, _PESEL_WEIGHTS, strict=False)) % 10 == int(value[10])


def _personnummer(value: str) -> bool:
    """Sweden: 60 is added to the day of people who do not live there."""
    match = re.fullmatch(r"(?:\d\d)?(\d{10})", value.replace("+", ""))
    if not match or not _is_day(int(match[1][2:4]), int(match[1][4:6]) % 60):
        return False
    return has_check_digit(match[1])


def _bsn(value: str) -> bool:
    """Netherlands."""
    if not re.fullmatch(r"(?!0{9})\d{9}", value):
        return False
    return (sum(int(d) * (9 - n) for n, d in enumerate(value[:8])) - int(value[8])) % 11 == 0


def _steuer_id(value: str) -> bool:
    """Germany: ISO 7064, mod 11, 10."""
    if not re.fullmatch(r"[1-9]\d{10}", value):
        return False
    product = 10
    for sign in value[:10]:
        product = ((int(sign) + product) % 10 or 10) * 2 % 11
    return (11 - product) % 10 == int(value[10])


def _resident_id(value: str) -> bool:
    """China: ISO 7064, mod 11-2."""
    if not re.fullmatch(r"[1-9]\d{5}(?:19|20)\d{9}[\dX]", value) or not _is_day(int(value[10:12]), int(value[12:14])):
        return False
    total = sum(int(d) * weight for d, weight in zip(value, _CHINA_WEIGHTS, strict=False))
    return _CHINA_CHECKS[total % 11] == value[17]


def _securite_sociale(value: str) -> bool:
    """France: Corsica counts as 19 and 18."""
    match = re.fullmatch(r"([12]\d{4}(?:\d\d|2[AB])\d{6})(\d\d)", value)
    return match is not None and 97 - int(match[1].replace("2A", "19").replace("2B", "18")) % 97 == int(match[2])


def _aadhaar(value: str) -> bool:
    """India: Verhoeff's check digit, products of the dihedral group of ten."""
    if not re.fullmatch(r"[2-9]\d{11}", value):
        return False
    found = 0
    for place, sign in enumerate(reversed(value)):
        found = _product(found, _permuted(int(sign), place % 8))
    return found == 0


@cache
def _permuted(digit: int, times: int) -> int:
    return digit if not times else _permuted(_VERHOEFF[digit], times - 1)


def _product(one: int, other: int) -> int:
    turn = (one + other) % 5 if one < 5 else (one - other) % 5
    return turn + 5 * ((one >= 5) ^ (other >= 5))


def _is_day(month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= 31


_CHECKS: tuple[Callable[[str], bool], ...] = (
    _national_insurance,
    _dni,
    _cpf,
    _codice_fiscale,
    _pesel,
    _personnummer,
    _bsn,
    _steuer_id,
    _resident_id,
    _securite_sociale,
    _aadhaar,
)
