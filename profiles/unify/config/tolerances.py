"""Numbers and dates that are near each other. Their likeness is 1 / (1 + difference), in the unit of the comparison."""

import datetime
import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from profiles.unify.values.in_pairs import Scores

Numbers = npt.NDArray[np.float64]
DECIMALS = 9  # 0.3 − 0.2 is 0.1
_WRITTEN = re.compile(r"[-+]?[\d.,]*\d")


def likeness(difference: float) -> float:
    """1 for none; what lies within a tolerance is at least as like as the tolerance itself."""
    return 1 / (1 + difference)


def near_numbers(left: Sequence[str], right: Sequence[str]) -> Scores:
    return _likeness(np.abs(_numbers(left) - _numbers(right)))


def near_in_percent(left: Sequence[str], right: Sequence[str]) -> Scores:
    """Of the larger one of both."""
    one, other = _numbers(left), _numbers(right)
    larger = np.maximum(np.abs(one), np.abs(other))
    return _likeness(100 * np.abs(one - other) / np.where(larger == 0, 1, larger))


def near_days(left: Sequence[str], right: Sequence[str]) -> Scores:
    """Of YYYYMMDD."""
    return _likeness(np.abs(_days(left) - _days(right)))


def _likeness(differences: Numbers) -> Scores:
    """What cannot be read is not like anything."""
    found = 1 / (1 + np.round(differences, DECIMALS))
    return np.nan_to_num(found, nan=0.0).astype(np.float32)


def _numbers(texts: Sequence[str]) -> Numbers:
    return np.array([number(text) for text in texts], np.float64)


def number(text: str) -> float:
    """As people write it: 1,250.00 and 1.250,00 and € 1250. One comma before three digits parts thousands."""
    found = _WRITTEN.search(text.replace(" ", "").replace("'", ""))
    if found is None:
        return np.nan
    digits = found[0]
    if "," in digits and "." in digits:
        thousands = "," if digits.rindex(".") > digits.rindex(",") else "."
        digits = digits.replace(thousands, "")
    elif digits.count(",") > 1 or re.search(r",\d{3}$", digits):
        digits = digits.replace(",", "")
    elif digits.count(".") > 1:
        digits = digits.replace(".", "")
    return float(digits.replace(",", "."))


def _days(texts: Sequence[str]) -> Numbers:
    return np.array([_day(text) for text in texts], np.float64)


def _day(text: str) -> float:
    try:
        return float(datetime.datetime.strptime(text, "%Y%m%d").toordinal())
    except ValueError:
        return np.nan
