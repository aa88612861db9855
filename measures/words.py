"""Measures in words."""

from django.utils.translation import gettext as _

from core.text import humanize
from lake.queries import Snapshot
from lake.words import title
from measures.models import Measure
from rules.language import Within
from rules.words import window


def describe(measure: Measure, current: Snapshot) -> str:
    """What is calculated, e.g. "sum of “Total” in Orders, in the last 90 days"."""
    table, column = measure.table, humanize(measure.column)
    if current.has(measure.table):
        info = current.info(measure.table)
        table = title(info)
        known = info.column(measure.column)
        column = known.label if known else column
    what = _("%(function)s “%(column)s” in %(table)s") if measure.column else _("%(function)s %(table)s")
    text = what % {"function": measure.get_function_display(), "column": column, "table": table}
    return f"{text}, {window(Within.model_validate(measure.within))}" if measure.within else text
