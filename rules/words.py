"""A rule in plain words, in the reader's language. Never fails: what the catalog does not know is called as written."""

from __future__ import annotations

import calendar
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import dates
from django.utils.formats import date_format, number_format
from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.errors import KindredError
from core.text import humanize
from lake.queries import snapshot as newest_snapshot
from rules import labels, references
from rules.catalog import Attribute, Snapshot, names_of
from rules.language import Condition, Group, Membership, Related, Rule, Test, Within, parse

MAX_SHOWN = 4  # values of a long list that are named


def describe(rule: Rule | Any, snapshot: Snapshot | None = None) -> str:
    """The whole rule as one sentence without its full stop, e.g. "Loyalty points is more than 1,000"."""
    return Words(snapshot or newest_snapshot()).rule(parse(rule))


class Words:
    """Words for the nodes of rules, with the labels of one snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.names = names_of(snapshot)

    def rule(self, rule: Group) -> str:
        if not rule.nodes:
            return _("Nobody") if rule.mode == "any" else _("All customers")
        return str(capfirst(self.group(rule, top=True)))

    def node(self, node: Any) -> str:
        if isinstance(node, Condition):
            return self._test(self._attribute(node.attribute), node)
        if isinstance(node, Related):
            return self._related(node)
        if isinstance(node, Membership):
            name = references.segment_names([node.segment]).get(node.segment, node.segment)
            text = _("is in the segment “%(name)s”") if node.is_ == "in" else _("is not in the segment “%(name)s”")
            return text % {"name": name}
        return self.group(node)

    def group(self, group: Group, top: bool = False) -> str:
        return _joined([self.node(node) for node in group.nodes], group.mode, top)

    def conditions(self, node: Related) -> str:
        """What is asked of the rows of a block, e.g. "Store is Boston"; "" where every row counts."""
        return self._where(node.where, self._table(node)) if node.where is not None and node.where.nodes else ""

    def _related(self, node: Related) -> str:
        having, table = node.having, self._table(node)
        rows = self._rows(node, table)
        if having.function == "exists":
            pattern = labels.FUNCTIONS["exists"].sentence if having.exists else labels.NO_ROWS
            return str(pattern) % {"table": rows}
        column = self._column(table, having.column, having.function)
        what = str(labels.FUNCTIONS[having.function].sentence) % {"column": column.label, "table": rows}
        return self._test(Attribute("", "", column.type, what, column.currency), having)

    def _rows(self, node: Related, table: str | None) -> str:
        text = self.names.table_label(table) if table else humanize(node.related.rpartition(".")[2])
        if node.within is not None:
            text = _("%(table)s %(window)s") % {"table": text, "window": window(node.within)}
        if where := self.conditions(node):
            text = _("%(table)s where %(conditions)s") % {"table": text, "conditions": where}
        return text

    def _where(self, group: Group, table: str | None) -> str:
        parts = [
            self._where(node, table)
            if isinstance(node, Group)
            else self._test(self._column(table, node.attribute, "first"), node)
            for node in group.nodes
            if isinstance(node, Group | Condition)
        ]
        return _joined(parts, group.mode, False)

    def _test(self, about: Attribute, test: Test) -> str:
        label = labels.of_type(about.type, test.op)
        if label is None:
            return f"{about.label} {test.op} {test.value}"
        return str(label.sentence) % {"what": about.label, "value": value_text(test.value, test.op, about)}

    def _attribute(self, name: str) -> Attribute:
        try:
            return self.names.attribute(name, "")
        except KindredError:
            return Attribute("", name, "string", humanize(name))

    def _table(self, node: Related) -> str | None:
        try:
            return self.names.related(node.related, "")
        except KindredError:
            return None

    def _column(self, table: str | None, name: str | None, function: str) -> Attribute:
        if name is None or function == "count":
            return Attribute("", "", "integer", "")
        try:
            return self.names.column(table or "", name, "")
        except KindredError:
            return Attribute("", name, "string", humanize(name))


def window(within: Within) -> str:
    """A time window in words: "in the last 90 days"."""
    if within.last is not None:
        return _("in the last %(span)s") % {"span": span(within.last, within.unit)}
    start, end = (_day(text) if text else "" for text in (within.since, within.until))
    if start and end:
        return _("from %(start)s to %(end)s") % {"start": start, "end": end}
    return _("since %(start)s") % {"start": start} if start else _("until %(end)s") % {"end": end}


def span(n: int, unit: str) -> str:
    patterns = {
        "minutes": ngettext("%(n)s minute", "%(n)s minutes", n),
        "hours": ngettext("%(n)s hour", "%(n)s hours", n),
        "days": ngettext("%(n)s day", "%(n)s days", n),
        "weeks": ngettext("%(n)s week", "%(n)s weeks", n),
        "months": ngettext("%(n)s month", "%(n)s months", n),
        "years": ngettext("%(n)s year", "%(n)s years", n),
    }
    return patterns.get(unit, "%(n)s") % {"n": number(n)}


def value_text(value: Any, op: str, about: Attribute) -> str:
    """What an operator compares with, as a person writes it."""
    if isinstance(value, dict) or op == "anniversary":
        n = value.get("n", 0) if isinstance(value, dict) else value
        return span(n, value.get("unit", "days") if isinstance(value, dict) else "days") if isinstance(n, int) else ""
    if op == "month_is":
        months = value if isinstance(value, list) else [value]
        return _either(
            [str(dates.MONTHS[m]) for m in months if isinstance(m, int) and 1 <= m <= len(calendar.month_name)]
        )
    if op == "between" and isinstance(value, list) and len(value) == 2:
        low, high = (_one(item, about) for item in value)
        return _("%(low)s and %(high)s") % {"low": low, "high": high}
    if isinstance(value, list):
        return _either([_one(item, about) for item in value])
    return _one(value, about)


def number(value: int | float | Decimal) -> str:
    """By locale, with thousands separators."""
    return str(number_format(value, use_l10n=True, force_grouping=True))


def _one(value: Any, about: Attribute) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | float):
        return f"{number(value)} {about.currency}".strip() if about.type == "money" else number(value)
    if about.type in {"date", "timestamp"} and isinstance(value, str):
        return _day(value)
    return str(value)


def _day(text: str) -> str:
    try:
        return str(date_format(date.fromisoformat(text)))
    except ValueError:
        pass
    try:
        return str(date_format(datetime.fromisoformat(text), "DATETIME_FORMAT"))
    except ValueError:
        return text


def _either(values: list[str]) -> str:
    shown = values[:MAX_SHOWN]
    if rest := len(values) - len(shown):
        shown = [*shown, ngettext("%(count)s other", "%(count)s others", rest) % {"count": number(rest)}]
    return str(get_text_list(shown, _("or")))


def _joined(parts: list[str], mode: str, top: bool) -> str:
    if mode == "none":
        words = _("none of these: %(conditions)s") % {"conditions": "; ".join(parts)}
        return words if top or len(parts) < 2 else f"({words})"
    if len(parts) == 1:
        return parts[0]
    if not parts:
        return _("nobody") if mode == "any" else _("everybody")
    word = _(" or ") if mode == "any" else _(" and ")
    return word.join(parts) if top else f"({word.join(parts)})"
