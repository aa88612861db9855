"""Related blocks: rows that belong to a customer, filtered, counted or summed, then compared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol, cast

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
from django.utils.translation import gettext as _

from core.errors import InvalidInput
from rules import operators
from rules.catalog import ID, Attribute, Names, Snapshot
from rules.language import Condition, Group, Having, Related, Test, Within
from rules.operators import time

VALUE = "value"
_NUMBERS = {"integer", "number", "money"}
_ORDERED = _NUMBERS | {"date", "timestamp"}
_ZERO_MATCHES: dict[str, Callable[[Any], bool]] = {
    "eq": lambda v: v == 0,
    "ne": lambda v: v != 0,
    "gt": lambda v: v < 0,
    "gte": lambda v: v <= 0,
    "lt": lambda v: v > 0,
    "lte": lambda v: v >= 0,
    "between": lambda v: v[0] <= 0 <= v[1],
    "in": lambda v: 0 in v,
    "not_in": lambda v: 0 not in v,
    "is_empty": lambda v: False,
    "is_set": lambda v: True,
}


class Asked(Protocol):
    """Whom a block is asked about, and when: the part of `rules.compiler.Compiler` that it needs."""

    @property
    def snapshot(self) -> Snapshot: ...
    @property
    def now(self) -> datetime: ...
    @property
    def names(self) -> Names: ...
    def narrowed(self, table: ir.Table) -> ir.Table: ...
    def test(
        self, column: ir.Value, about: Attribute, test: Test, path: str
    ) -> tuple[operators.Operator, ir.BooleanValue]: ...


@dataclass
class Rows:
    """One related block, against the rows of one table."""

    compiler: Asked
    node: Related
    path: str
    of_everyone: bool = False
    """Read the table itself, with the rows that belong to nobody known."""

    def __post_init__(self) -> None:
        self.names = self.compiler.names
        find = self.names.source if self.of_everyone else self.names.related
        self.name = find(self.node.related, f"{self.path}.related")

    def customers(self) -> tuple[ir.Table, bool]:
        """(ids, inside): who meets the block. Only customers with rows are listed: where having no rows meets it too,
        the ids are those of customers who do not meet it.
        """
        having = self.node.having
        if having.function == "exists":
            return self.rows().select(ID), bool(having.exists)
        values, about = self.values()
        operator, answer = self.compiler.test(values[VALUE], about, having, f"{self.path}.having")
        absent = self._matches_without_rows(operator, having)
        return values.filter(~answer if absent else filters([answer])).select(ID), not absent

    @property
    def needs_rows(self) -> bool:
        """Whether only customers with rows that are left can meet the block."""
        having = self.node.having
        if having.function == "exists":
            return bool(having.exists)
        operator = operators.find(self._function()[1].type, having.op, f"{self.path}.having")
        return not self._matches_without_rows(operator, having)

    def values(self) -> tuple[ir.Table, Attribute]:
        """(profile_id, value) of the customers with rows that are left, and what the value is."""
        rows, (about, result) = self.rows(), self._function()
        return rows.group_by(ID).aggregate(**{VALUE: self._aggregate(rows, about)}), result

    def total(self) -> tuple[ir.Scalar, Attribute]:
        """The value over all rows that are left, and what it is."""
        rows, (about, result) = self.rows(), self._function()
        return self._aggregate(rows, about), result

    def _function(self) -> tuple[Attribute | None, Attribute]:
        """The column that the function is of, and what its result is."""
        having = self.node.having
        place = f"{self.path}.having.{having.function}"
        about = self.names.column(self.name, having.column, place) if having.column else None
        kind, currency = _result(having, about, place)
        return about, Attribute(self.name, VALUE, kind, about.label if about else "", currency)

    def rows(self) -> ir.Table:
        """The rows that meet the conditions and lie in the time window."""
        table = self.table()
        tests = self.tests(table)
        return table.filter(filters(tests)) if tests else table

    def table(self) -> ir.Table:
        return self.compiler.narrowed(self.compiler.snapshot.table(self.name))

    def tests(self, table: ir.Table) -> list[ir.BooleanValue]:
        """What a row must meet to count."""
        tests: list[ir.BooleanValue] = []
        if self.node.within is not None:
            tests.append(self._window(table, self.node.within))
        if self.node.where is not None:
            tests.append(self._group(table, self.node.where, f"{self.path}.where"))
        if not self.of_everyone and not self.name.startswith("linked."):
            tests.append(table[ID].notnull())
        return tests

    def value_over(self, rows: ir.Table, where: ir.BooleanValue | None) -> ir.Scalar:
        """The block's value over those rows of a customer that meet `where`; the number of rows for `exists`."""
        return self._aggregate(rows, self._function()[0], where)

    def met_by(self, value: ir.Value) -> ir.BooleanValue:
        """Whether a value of `value_over` meets the block; never null."""
        having = self.node.having
        if having.function == "exists":
            count = cast(ir.IntegerValue, value)
            return count > 0 if having.exists else count == 0
        return self.compiler.test(value, self._function()[1], having, f"{self.path}.having")[1]

    def _window(self, table: ir.Table, within: Within) -> ir.BooleanValue:
        place = f"{self.path}.within"
        about = self.names.time(self.name, within.column, f"{place}.column")
        context = operators.Context(self.compiler.now, about.type, None, place)
        column = table[about.column]
        if within.last is not None:
            return time.last(column, within.last, within.unit, context)
        start, end = (date.fromisoformat(text) if text else None for text in (within.since, within.until))
        return time.window(column, start, end, context)

    def _group(self, table: ir.Table, group: Group, path: str) -> ir.BooleanValue:
        answers = [self._node(table, node, f"{path}.{group.mode}[{i}]") for i, node in enumerate(group.nodes)]
        return joined(answers, group.mode)

    def _node(self, table: ir.Table, node: Any, path: str) -> ir.BooleanValue:
        if isinstance(node, Group):
            return self._group(table, node, path)
        if not isinstance(node, Condition):
            raise InvalidInput(_("Conditions on related rows can only speak of these rows."), place=path)
        about = self.names.column(self.name, node.attribute, f"{path}.attribute")
        return self.compiler.test(table[about.column], about, node, path)[1]

    def _aggregate(self, rows: ir.Table, about: Attribute | None, where: ir.BooleanValue | None = None) -> ir.Scalar:
        function = self.node.having.function
        if about is None:
            return rows.count(where=where)
        column = cast(Any, rows[about.column])
        if function in {"first", "last"}:
            within = self.node.within
            moment = self.names.time(self.name, within.column if within else None, f"{self.path}.within.column")
            return _edge(rows, column, moment.column, function, where)
        names = {"average": "mean"}
        value = cast(ir.Scalar, getattr(column, names.get(function, function))(where=where))
        return value.fill_null(0) if function == "sum" else value

    def _matches_without_rows(self, operator: operators.Operator, having: Having) -> bool:
        if having.function in {"count", "sum"}:
            return bool(_ZERO_MATCHES[operator.name](having.value))
        return operator.of_unknown


def filters(answers: list[ir.BooleanValue]) -> list[ir.BooleanValue]:
    """Conjuncts of a filter. There null is as good as false, so what makes null false is taken away, as long as nothing
    is negated: the engine can then skip whole row groups by their statistics.
    """
    found: list[ir.BooleanValue] = []
    for answer in answers:
        node = answer.op()
        if isinstance(node, ops.And):
            found += filters([node.left.to_expr(), node.right.to_expr()])
        elif isinstance(node, ops.Or):
            sides = (joined(filters([side.to_expr()]), "all") for side in (node.left, node.right))
            found.append(ibis.or_(*sides))
        elif isinstance(node, ops.Coalesce) and node.arg[1] == ibis.literal(False).op():
            found += filters([node.arg[0].to_expr()])
        else:
            found.append(answer)
    return found


def together(blocks: list[Rows]) -> ir.Table:
    """Who meets all of these blocks about one table, in one pass over it. At least one of them must need rows."""
    table = blocks[0].table()
    asked = [tests for block in blocks if (tests := block.tests(table))]
    rows = table
    if len(asked) == len(blocks):
        rows = table.filter(filters([joined([joined(tests, "all") for tests in asked], "any")]))
    values = {f"v{i}": block.value_over(rows, _where(block.tests(rows))) for i, block in enumerate(blocks)}
    grouped = rows.group_by(ID).aggregate(**values)
    met = [block.met_by(grouped[name]) for name, block in zip(values, blocks, strict=True)]
    return grouped.filter(filters(met)).select(ID)


def _where(tests: list[ir.BooleanValue]) -> ir.BooleanValue | None:
    """For an aggregate, which leaves out where it is null, too."""
    return joined(filters(tests), "all") if tests else None


def joined(answers: list[ir.BooleanValue], mode: str) -> ir.BooleanValue:
    """All, any or none of some answers; of no answers: all and none hold, any does not."""

    if mode == "all":
        return ibis.and_(*answers) if answers else ibis.literal(True)
    either = ibis.or_(*answers) if answers else ibis.literal(False)
    return ~either if mode == "none" else either


def _edge(rows: ir.Table, column: Any, moment: str, function: str, where: ir.BooleanValue | None) -> ir.Scalar:
    """The value of the earliest or latest row in which it is known; of several at the same moment, the smallest and the
    largest."""

    known = column.notnull() & rows[moment].notnull()
    known = known if where is None else known & where
    pick = ibis.struct({"moment": rows[moment], "value": column})
    if function == "last":
        return cast(ir.Scalar, column.argmax(pick, where=known))
    return cast(ir.Scalar, column.argmin(pick, where=known))


def _result(having: Having, about: Attribute | None, place: str) -> tuple[str, str | None]:
    """The type and currency of what a function gives. Raises InvalidInput where it does not suit the column."""
    if about is None or having.function == "count":
        return "integer", None
    allowed = {"sum": _NUMBERS, "average": _NUMBERS, "min": _ORDERED, "max": _ORDERED}.get(having.function)
    if allowed and about.type not in allowed:
        raise InvalidInput(_("“%(name)s” holds no numbers to calculate with.") % {"name": about.label}, place=place)
    kind = "number" if having.function == "average" and about.type == "integer" else about.type
    return kind, about.currency
