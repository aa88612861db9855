"""Measures in words."""

from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core.text import humanize
from lake.queries import Snapshot, snapshot
from lake.words import title
from measures import expressions
from measures.models import Measure
from rules.language import Within
from rules.words import Words, window


def describe(measure: Measure, current: Snapshot) -> str:
    """What is calculated, e.g. "sum of “Total” in Orders, in the last 90 days, where Store is Boston"."""
    table, column = measure.table, humanize(measure.column)
    if current.has(measure.table):
        info = current.info(measure.table)
        table = title(info)
        known = info.column(measure.column)
        column = known.label if known else column
    what = _("%(function)s “%(column)s” in %(table)s") if measure.column else _("%(function)s %(table)s")
    text = what % {"function": measure.get_function_display(), "column": column, "table": table}
    if measure.within:
        text = f"{text}, {window(Within.model_validate(measure.within))}"
    if measure.where and (conditions := Words(current).conditions(expressions.node(measure))):
        text = _("%(what)s, where %(conditions)s") % {"what": text, "conditions": conditions}
    return text


def told(details: dict[str, Any]) -> str:
    """A measure that the audit keeps, as its page tells it: "Sum of “Total” in Orders, for each customer"."""
    measure = Measure(**{name: value for name, value in details.items() if name != "description"})
    words = {"what": capfirst(describe(measure, snapshot())), "whom": measure.get_of_display()}
    return " · ".join(filter(None, [_("%(what)s, for %(whom)s") % words, details.get("description")]))
