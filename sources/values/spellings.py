"""Dates that one column writes in several ways: no type fits, and a person should know why."""

import pyarrow as pa
import pyarrow.compute as pc

from sources.values.convert import convert
from sources.values.infer import HEAD_VALUES, TIMELIKE, date_patterns
from sources.values.plan import ColumnPlan
from sources.values.text import Column, stands_for_nothing

COVERED_SHARE = 0.95  # of the values, that are dates in one of these ways
FEWEST_SHARE = 0.02  # of the values, that make a way of writing and no slip


def date_spellings(name: str, column: Column) -> list[tuple[ColumnPlan, int]]:
    """The ways in which the dates and times of a column are written, with how many values each has, most first; empty
    where there is but one, or where other things than dates are in the column. What can be read in two ways counts for
    the more frequent one."""
    values = pc.drop_null(column)
    values = values.filter(pc.invert(stands_for_nothing(values)))
    head = values.slice(0, HEAD_VALUES)
    texts = [str(value) for value in head.to_pylist()]
    if not texts or sum(bool(TIMELIKE.search(text)) for text in texts) < len(texts) * COVERED_SHARE:
        return []
    plans = _ways(name, pa.array(texts), len(texts))
    if len(plans) < 2:
        return []
    counts = []
    for plan in plans:
        rest = _unread(values, plan)
        counts.append((plan, len(values) - len(rest)))
        values = rest
    return sorted(counts, key=lambda way: -way[1])


def _ways(name: str, rest: pa.Array, total: int) -> list[ColumnPlan]:
    """ISO 8601 first, which every pattern reads too; then whatever pattern reads most of what is left."""
    plans = [ColumnPlan(name, "date"), ColumnPlan(name, "timestamp")]
    ways = []
    for plan in plans:
        left = _unread(rest, plan)
        if len(left) < len(rest):
            ways.append(plan)
            rest = left
    candidates = [ColumnPlan(name, kind, pattern) for kind, pattern in date_patterns()]
    while len(rest) > total * (1 - COVERED_SHARE):
        best = min(candidates, key=lambda plan: len(_unread(rest, plan)))
        left = _unread(rest, best)
        if len(rest) - len(left) < max(1, total * FEWEST_SHARE):
            return []
        ways.append(best)
        rest = left
    return ways


def _unread(values: Column, plan: ColumnPlan) -> Column:
    return values.filter(pc.is_null(convert(values, plan)[0]))
