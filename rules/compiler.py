"""From a rule to a table expression: the one place that decides who meets a rule.

Live counts, member lists, journey branches and explanations all come from here. Values are bound as literals of the
column's type; names come from the catalog. No text of a rule becomes a statement.

A rule becomes a filter over `unified.profiles`. What lives in other tables (measures, related rows, other segments)
becomes sets of ids; conjuncts are joined to (or kept from) the customers. Sets inside "any of" become one set; beside
other conditions they are looked up in place.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeAlias

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from core.errors import Conflict
from rules import operators
from rules.catalog import ID, MEASURES, MEMBERS, PROFILES, Attribute, Names, Snapshot, names_of
from rules.language import Condition, Group, Membership, Related, Rule, Test
from rules.problems import no_customers
from rules.related import Rows, filters, joined, together


@dataclass(frozen=True)
class Ids:
    """Customers whose id is in a set (not `inside`: is not). Without `unique` it may repeat ids; it has no null."""

    table: ir.Table
    inside: bool = True
    unique: bool = False

    def negated(self) -> Ids:
        return replace(self, inside=not self.inside)


Clause: TypeAlias = "ir.BooleanValue | Ids"
Node: TypeAlias = Condition | Related | Membership | Group


def compile(
    rule: Rule,
    snapshot: Snapshot,
    now: datetime,
    *,
    among: Sequence[str] | None = None,
    segments: Mapping[str, Rule] | None = None,
) -> ir.Table:
    """Who meets the rule: one column `profile_id`, distinct, in no order.

    `now` must be aware; its zone is the workspace's and decides where days begin. `among` restricts the answer to these
    ids. `segments` holds rules of segments by short name: membership in these is their rule at this moment, in others
    it is what the last refresh published. Raises InvalidInput with the place in the rule for names and values that do
    not fit the catalog, Conflict where there are no customers yet.
    """
    return Compiler(snapshot, now, among, segments or {}).members(rule)


@dataclass
class Compiler:
    """Compiles the nodes of rules against one snapshot at one moment."""

    snapshot: Snapshot
    now: datetime
    among: Sequence[str] | None = None
    segments: Mapping[str, Rule] = field(default_factory=dict)
    names: Names = field(init=False)

    def __post_init__(self) -> None:
        if self.now.tzinfo is None:
            raise ValueError("now must be aware")
        if not self.snapshot.has(PROFILES):
            raise Conflict(no_customers())
        self.names = names_of(self.snapshot)

    @functools.cached_property
    def customers(self) -> ir.Table:
        """`unified.profiles`, or the part of it that is asked about."""
        return self.narrowed(self.snapshot.table(PROFILES))

    @functools.cached_property
    def _asked(self) -> ir.Table:
        return ibis.memtable(pa.table({ID: pa.array(list(dict.fromkeys(self.among or [])), pa.string())}))

    def narrowed(self, table: ir.Table) -> ir.Table:
        """Only rows of the customers that are asked about. A single one is a constant: the engine skips all others."""
        if self.among is None:
            return table
        if len(self.among) == 1:
            return table.filter(table[ID] == self.among[0])
        return table.semi_join(self._asked, ID)

    def members(self, rule: Rule) -> ir.Table:
        clauses = self.conjuncts(rule, "rule")
        plain = [clause for clause in clauses if not isinstance(clause, Ids)]
        inside = [clause for clause in clauses if isinstance(clause, Ids) and clause.inside]
        outside = [clause.table for clause in clauses if isinstance(clause, Ids) and not clause.inside]
        if inside and not plain:
            first = inside.pop(0)
            found = first.table if first.unique else first.table.distinct()
        else:
            found = (self.customers.filter(filters(plain)) if plain else self.customers).select(ID)
        for ids in inside:
            found = found.semi_join(ids.table, ID)
        for away in outside:
            found = found.anti_join(away, ID)
        return found

    def conjuncts(self, group: Group, path: str) -> list[Clause]:
        """The group as clauses that must all hold. Conditions on the same measures table become one set."""
        if group.mode == "any":
            return [self._any(group, path)]
        clauses: list[Clause] = []
        measured: list[ir.BooleanValue] = []
        blocks: dict[str, list[Rows]] = {}
        for index, node in enumerate(group.nodes):
            here = f"{path}.{group.mode}[{index}]"
            if group.mode == "none":
                clauses.append(self._not(self.clause(node, here)))
            elif isinstance(node, Group):
                clauses.extend(self.conjuncts(node, here))
            elif isinstance(node, Condition) and self._is_plain_measure(node, here):
                measured.append(self._measure_test(node, here)[1])
            elif isinstance(node, Related):
                block = Rows(self, node, here)
                blocks.setdefault(block.name, []).append(block)
            else:
                clauses.append(self.clause(node, here))
        clauses.extend(clause for about in blocks.values() for clause in _block_clauses(about))
        if measured:
            clauses.insert(0, self._measured(measured))
        return clauses

    def clause(self, node: Node, path: str) -> Clause:
        if isinstance(node, Condition):
            return self._condition(node, path)
        if isinstance(node, Related):
            return _ids_of(Rows(self, node, path))
        if isinstance(node, Membership):
            return Ids(self._segment(node.segment), node.is_ == "in", unique=True)
        if node.mode == "any":
            return self._any(node, path)
        clauses = self.conjuncts(node, path)
        return clauses[0] if len(clauses) == 1 else self._and(clauses)

    def boolean(self, clause: Clause) -> ir.BooleanValue:
        """The clause as an expression over `customers`; never null."""
        if not isinstance(clause, Ids):
            return clause
        found = self.customers[ID].isin(clause.table[ID])
        return found if clause.inside else ~found

    def test(
        self, column: ir.Value, about: Attribute, test: Test, path: str
    ) -> tuple[operators.Operator, ir.BooleanValue]:
        """The operator's answer for a column, never null."""
        operator = operators.find(about.type, test.op, path)
        context = operators.Context(self.now, about.type, about.currency, path, test.exact)
        return operator, operator.build(column, test.value, context)

    def _condition(self, node: Condition, path: str) -> Clause:
        about = self.names.attribute(node.attribute, f"{path}.attribute")
        if about.table == PROFILES:
            return self.test(self.customers[about.column], about, node, path)[1]
        operator, answer = self._measure_test(node, path)
        return self._measured([~answer]).negated() if operator.of_unknown else self._measured([answer])

    def _measured(self, tests: list[ir.BooleanValue]) -> Ids:
        """Those whose measures meet all tests."""
        return Ids(self.measures.filter(filters(tests)).select(ID), unique=True)

    def _is_plain_measure(self, node: Condition, path: str) -> bool:
        about = self.names.attribute(node.attribute, f"{path}.attribute")
        return about.table == MEASURES and not operators.find(about.type, node.op, path).of_unknown

    def _measure_test(self, node: Condition, path: str) -> tuple[operators.Operator, ir.BooleanValue]:
        about = self.names.attribute(node.attribute, f"{path}.attribute")
        return self.test(self.measures[about.column], about, node, path)

    @functools.cached_property
    def measures(self) -> ir.Table:
        return self.narrowed(self.snapshot.table(MEASURES))

    def _segment(self, slug: str) -> ir.Table:
        if slug in self.segments:
            others = {name: rule for name, rule in self.segments.items() if name != slug}  # no circle can close
            return replace(self, segments=others).members(self.segments[slug])
        if not self.snapshot.has(MEMBERS):
            return self.customers.filter(ibis.literal(False)).select(ID)
        members = self.snapshot.table(MEMBERS)
        return self.narrowed(members.filter(members.segment == slug)).select(ID)

    def _any(self, group: Group, path: str) -> Clause:
        """Sets alone become one set: cheaper than looking every customer up in each."""
        clauses: list[Clause] = []
        measured: list[ir.BooleanValue] = []
        for index, node in enumerate(group.nodes):
            here = f"{path}.{group.mode}[{index}]"
            if isinstance(node, Condition) and self._is_plain_measure(node, here):
                measured.append(self._measure_test(node, here)[1])
            else:
                clauses.append(self.clause(node, here))
        if measured:
            clauses.append(self._measured([joined(measured, "any")]))
        if len(clauses) == 1:
            return clauses[0]
        inside = [clause.table for clause in clauses if isinstance(clause, Ids) and clause.inside]
        if inside and len(inside) == len(clauses):
            return Ids(ibis.union(*inside))
        return joined([self.boolean(clause) for clause in clauses], "any")

    def _and(self, clauses: list[Clause]) -> ir.BooleanValue:
        return joined([self.boolean(clause) for clause in clauses], "all")

    def _not(self, clause: Clause) -> Clause:
        return clause.negated() if isinstance(clause, Ids) else ~clause


def _block_clauses(blocks: list[Rows]) -> list[Clause]:
    """Related blocks about one table that must all hold: one pass over it where that is possible."""
    if len(blocks) > 1 and any(block.needs_rows for block in blocks):
        return [Ids(together(blocks), unique=True)]
    return [_ids_of(block) for block in blocks]


def _ids_of(block: Rows) -> Ids:
    table, inside = block.customers()
    return Ids(table, inside, unique=block.node.having.function != "exists")
