"""Why somebody meets a rule, or does not: the compiled expressions of every part, evaluated on one customer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import ibis.expr.types as ir
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.errors import NotFound
from core.money import to_major
from lake.queries import Snapshot
from rules.catalog import ID, PROFILES, Attribute
from rules.compiler import Compiler
from rules.language import Condition, Group, Membership, Related, Rule
from rules.related import VALUE, Rows
from rules.words import Words, number


@dataclass(frozen=True)
class Verdict:
    """One part of a rule. `value` is what was found, as a person reads it; `path` is its place in the rule."""

    path: str
    kind: str
    words: str
    met: bool
    value: str = ""
    parts: list[Verdict] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {
            "path": self.path,
            "kind": self.kind,
            "words": self.words,
            "met": self.met,
            "value": self.value,
            "parts": [part.as_json() for part in self.parts],
        }


def explain(rule: Rule, compiler: Compiler, snapshot: Snapshot) -> Verdict:
    """For the one customer whom the compiler is narrowed to. Raises NotFound where there is none, and what compiling
    raises.
    """
    return _Explainer(compiler, snapshot).rule(rule)


class _Explainer:
    def __init__(self, compiler: Compiler, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.compiler = compiler
        self.words = Words(snapshot)

    def rule(self, rule: Rule) -> Verdict:
        nodes = [("rule", rule), *self._nodes(rule, "rule")]
        answers = {
            f"n{i}": self.compiler.boolean(self.compiler.clause(node, path)) for i, (path, node) in enumerate(nodes)
        }
        rows = self.snapshot.arrow(self.compiler.customers.select(**answers)).to_pylist()
        if not rows:
            raise NotFound(_("There is no customer with this id. They may have been merged; search by name instead."))
        met = {path: bool(rows[0][f"n{i}"]) for i, (path, _node) in enumerate(nodes)}
        return self._verdict(rule, "rule", met)

    def _nodes(self, group: Group, path: str) -> list[tuple[str, Any]]:
        found: list[tuple[str, Any]] = []
        for index, node in enumerate(group.nodes):
            here = f"{path}.{group.mode}[{index}]"
            found.append((here, node))
            if isinstance(node, Group):
                found += self._nodes(node, here)
        return found

    def _verdict(self, node: Any, path: str, met: dict[str, bool]) -> Verdict:
        if isinstance(node, Group):
            parts = [self._verdict(n, f"{path}.{node.mode}[{i}]", met) for i, n in enumerate(node.nodes)]
            words = self.words.rule(node) if path == "rule" else _MODES[node.mode]()
            return Verdict(path, node.mode, words, met[path], "", parts)
        kind = "attribute" if isinstance(node, Condition) else "related" if isinstance(node, Related) else "segment"
        return Verdict(path, kind, self.words.node(node), met[path], self._value(node, path))

    def _value(self, node: Condition | Related | Membership, path: str) -> str:
        if isinstance(node, Membership):
            return ""
        if isinstance(node, Condition):
            about = self.compiler.names.attribute(node.attribute, path)
            table = self.compiler.customers if about.table == PROFILES else self.compiler.measures
            return self._shown(table.select(value=table[about.column]), about)
        rows = Rows(self.compiler, node, path)
        if node.having.function == "exists":
            return number(int(self.snapshot.scalar(rows.rows().count())))
        values, about = rows.values()
        zero = about.type != "string" and node.having.function in {"count", "sum"}
        return self._shown(values.drop(ID).rename(value=VALUE), about, 0 if zero else None)

    def _shown(self, expression: ir.Table, about: Attribute, without: Any = None) -> str:
        rows = self.snapshot.arrow(expression, limit=1).column(0).to_pylist()
        return value_text(rows[0] if rows else without, about)


_MODES = {"all": lambda: _("All of these"), "any": lambda: _("Any of these"), "none": lambda: _("None of these")}


def value_text(value: Any, about: Attribute) -> str:
    """A value of the lake as a person reads it; "unknown" for null."""
    if value is None or value == [] or value == "":
        return _("unknown")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if about.type == "money":
        return f"{number(to_major(round(value), about.currency))} {about.currency or ''}".strip()
    if isinstance(value, int | float):
        return number(value)
    if isinstance(value, datetime):
        return str(date_format(value, "DATETIME_FORMAT"))
    if isinstance(value, date):
        return str(date_format(value))
    return ", ".join(str(item) for item in value) if isinstance(value, list) else str(value)
