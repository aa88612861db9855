"""What has to be said about columns, for the person who checks them."""

import datetime as dt
from collections.abc import Sequence

import pyarrow.compute as pc
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sources.models import SourceColumn
from sources.values import counted
from sources.values.beside import CurrencyColumn
from sources.values.convert import convert
from sources.values.plan import EXAMPLE, ColumnPlan
from sources.values.spellings import date_spellings
from sources.values.text import Column, is_text

NAMED_COLUMNS = 3  # of many with the same note
MOST_CURRENCIES = 5  # in a note
_ISO = {"date": "%Y-%m-%d", "timestamp": "%Y-%m-%d %H:%M:%S"}


def currency_assumed(names: Sequence[str], currency: str) -> str:
    """One sentence for all columns of money that name no currency: an export may have hundreds of them."""
    listed, others = ", ".join(f"“{name}”" for name in names[:NAMED_COLUMNS]), len(names) - NAMED_COLUMNS
    if others > 0:
        more = ngettext("%(names)s and %(count)d more column", "%(names)s and %(count)d more columns", others)
        listed = more % {"names": listed, "count": others}
    text = ngettext(
        "%(names)s states no currency; %(currency)s, the workspace’s, was assumed. State another where that is wrong.",
        "%(names)s state no currency; %(currency)s, the workspace’s, was assumed. State another where that is wrong.",
        len(names),
    )
    return text % {"names": listed, "currency": currency}


def amounts_of_several(names: Sequence[str], column: CurrencyColumn) -> str:
    """Amounts of one column that are in several currencies have no sum."""
    listed = ", ".join(f"“{name}”" for name in names[:NAMED_COLUMNS])
    text = _(
        "The amounts of %(names)s are in the currencies that “%(column)s” names (%(codes)s). They are kept as numbers: "
        "a sum over several currencies means nothing. Ask for one currency in measures and segments, or load a table "
        "of each."
    )
    codes = sorted(column.counts, key=lambda code: -column.counts[code])
    return text % {"names": listed, "column": column.name, "codes": ", ".join(codes[:MOST_CURRENCIES])}


def several_spellings(plan: ColumnPlan, values: Column) -> str:
    """Dates in several ways of writing stay text; "" where there are none."""
    if plan.type != "string" or not is_text(values.type) or not (ways := date_spellings(plan.name, values)):
        return ""
    text = _(
        "“%(name)s” holds dates written in several ways, and is kept as text. Of its first %(total)s values: %(ways)s. "
        "Write them in one way at the source, or state the type and one way: the others are set aside then."
    )
    examples = [(EXAMPLE.strftime(way.format or _ISO[way.type]), count) for way, count in ways]
    total = f"{sum(count for _way, count in ways):,}"
    return text % {
        "name": plan.name,
        "total": total,
        "ways": ", ".join(f"{count:,} × {example}" for example, count in examples),
    }


def maybe_dates(plan: ColumnPlan, values: Column) -> str:
    """Numbers in a column that is named like a date may be one, which only a person can tell; "" where they are not."""
    if plan.type not in ("string", "integer", "number") or not counted.NAMES.search(plan.name):
        return ""
    unit = counted.unit_of(values, counted.LIKELY)
    if not unit:
        return ""
    kind = SourceColumn.Type.DATE if unit == counted.DAYS else SourceColumn.Type.TIMESTAMP
    read = convert(values, ColumnPlan(plan.name, kind.value, unit))[0]
    first = pc.index(pc.is_valid(read), True).as_py()
    when = read[first].as_py()
    text = _("“%(name)s” may hold dates as numbers: %(number)s would be %(date)s. If so, choose the type “%(type)s”.")
    return text % {
        "name": plan.name,
        "number": values[first].as_py(),
        "date": (when.date() if isinstance(when, dt.datetime) else when).isoformat(),
        "type": str(kind.label).capitalize(),
    }
