"""What rules are asked: how many, who for example, which of these, and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

import ibis
import ibis.expr.types as ir
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import InvalidInput
from core.models import Workspace
from lake.queries import Snapshot
from lake.queries import snapshot as newest_snapshot
from profiles.models import Profile
from rules import operators, references
from rules.catalog import ID, PROFILES
from rules.compiler import Compiler
from rules.explain import Verdict
from rules.explain import explain as explain_one
from rules.language import Condition, Group, Related, Rule, parse, walk
from rules.questions import question

Unwanted: TypeAlias = Callable[[], bool]
"""Whether nobody waits for the answer any more. Asked from another thread, while the query runs."""
SECONDS = 30.0  # the longest a live question may take; a refresh has no such limit


@dataclass(frozen=True)
class Block:
    """A node at the top of a rule. `alone`: who meets it. `left`: who is left after it and the blocks above it."""

    path: str
    alone: int
    left: int


@dataclass(frozen=True)
class Count:
    """`total` customers of `of_all` meet the rule. `blocks` is empty unless the funnel was asked for."""

    total: int
    of_all: int
    blocks: list[Block] = field(default_factory=list)

    @property
    def share(self) -> float:
        """0 to 1; 0 where there are no customers."""
        return self.total / self.of_all if self.of_all else 0.0


@dataclass(frozen=True)
class Person:
    """Someone who meets a rule, as the serving copy knows them; names are empty where it does not."""

    profile_id: str
    name: str
    email: str


def moment() -> datetime:
    """Now, in the workspace's time zone: what relative times of rules are relative to."""
    return timezone.now().astimezone(Workspace.current().zone)


def compiler(
    rule: Rule, snapshot: Snapshot | None = None, now: datetime | None = None, among: Sequence[str] | None = None
) -> Compiler:
    """A compiler that knows the rules of the segments that this rule speaks of: they count as they are now."""
    return Compiler(snapshot or newest_snapshot(), now or moment(), among, references.segment_rules(rule))


def members(rule: Rule | Any, snapshot: Snapshot | None = None, now: datetime | None = None) -> ir.Table:
    """Everyone who meets the rule now: an expression of one column `profile_id`, distinct."""
    return question(parse(rule), snapshot or newest_snapshot(), now or moment()).members


def check(rule: Rule | Any, snapshot: Snapshot | None = None) -> Rule:
    """The rule, when it fits the catalog of today. Raises InvalidInput with the place in the rule, or Conflict."""
    parsed = parse(rule)
    compiler(parsed, snapshot).members(parsed)
    return parsed


def refuse_unknown_operators(rule: Group) -> None:
    """Raises InvalidInput for a word that is an operator of no type: no data could make it one."""
    for path, node in walk(rule):
        test = node.having if isinstance(node, Related) else node if isinstance(node, Condition) else None
        if test is not None and test.op not in operators.names():
            place = f"{path}.having.op" if isinstance(node, Related) else f"{path}.op"
            message = _("“%(op)s” is no operator. Known: %(known)s.")
            raise InvalidInput(message % {"op": test.op, "known": ", ".join(operators.names())}, place=place)


def count(
    rule: Rule | Any,
    snapshot: Snapshot | None = None,
    now: datetime | None = None,
    *,
    funnel: bool = False,
    unwanted: Unwanted | None = None,
) -> Count:
    """How many meet the rule; with `funnel` also how many each block at the top finds and leaves. One query.

    Raises InvalidInput with the place in the rule, Conflict where there are no customers, Unavailable after 30 seconds,
    QueryUnwanted soon after `unwanted` has become true.
    """
    parsed, lake, at = parse(rule), snapshot or newest_snapshot(), now or moment()
    if funnel and parsed.nodes:
        return _funnel(parsed, compiler(parsed, lake, at), lake, unwanted)
    total = lake.scalar(question(parsed, lake, at).total, timeout=SECONDS, unwanted=unwanted)
    return Count(int(total), lake.info(PROFILES).rows)


def sample(
    rule: Rule | Any,
    n: int = 5,
    snapshot: Snapshot | None = None,
    now: datetime | None = None,
    *,
    unwanted: Unwanted | None = None,
) -> list[Person]:
    """The first n who meet the rule, by id: the same people as long as the answer is the same. Raises as `count`."""
    lake = snapshot or newest_snapshot()
    found = members(rule, lake, now).order_by(ID)
    return people(lake.arrow(found, limit=n, timeout=SECONDS, unwanted=unwanted).column(ID).to_pylist())


def people(profile_ids: Sequence[str]) -> list[Person]:
    """Names and addresses from the serving copy, in the order of the ids."""
    rows = {row.pk: row for row in Profile.objects.filter(pk__in=profile_ids).only("id", "name", "email")}
    return [
        Person(key, row.name if row else "", row.email if row else "")
        for key, row in ((key, rows.get(key)) for key in profile_ids)
    ]


def matches(
    rule: Rule | Any, profile_ids: Sequence[str], snapshot: Snapshot | None = None, now: datetime | None = None
) -> set[str]:
    """Which of these customers meet the rule: one query for the whole batch."""
    if not profile_ids:
        return set()
    parsed, lake = parse(rule), snapshot or newest_snapshot()
    found = compiler(parsed, lake, now, profile_ids).members(parsed)
    return set(lake.arrow(found).column(ID).to_pylist())


def explain(rule: Rule | Any, profile_id: str) -> Verdict:
    """Why a customer meets the rule, or does not: a verdict for every part, with the values it was made on.

    The same expressions as for everyone, evaluated on one customer. Raises NotFound for an unknown id.
    """
    parsed, lake = parse(rule), newest_snapshot()
    return explain_one(parsed, compiler(parsed, lake, among=[profile_id]), lake)


def _funnel(rule: Rule, parts: Compiler, lake: Snapshot, unwanted: Unwanted | None) -> Count:
    """Every block as a column of yes and no over all customers, and the sums of what they leave."""
    paths = [f"rule.{rule.mode}[{index}]" for index in range(len(rule.nodes))]
    answers = {
        f"b{index}": parts.boolean(parts.clause(node, path))
        for index, (node, path) in enumerate(zip(rule.nodes, paths, strict=True))
    }
    table = parts.customers.select(**answers)
    sums: dict[str, Any] = {"of_all": table.count()}
    running: ir.BooleanValue = ibis.literal(rule.mode != "any")
    for name in answers:
        running = _after(rule.mode, running, table[name])
        sums |= {f"{name}_alone": table[name].sum(), f"{name}_left": running.sum()}
    found = lake.arrow(table.aggregate(**sums), timeout=SECONDS, unwanted=unwanted).to_pylist()[0]
    row = {key: int(value or 0) for key, value in found.items()}
    blocks = [Block(path, row[f"{b}_alone"], row[f"{b}_left"]) for b, path in zip(answers, paths, strict=True)]
    return Count(blocks[-1].left, row["of_all"], blocks)


def _after(mode: str, running: ir.BooleanValue, block: ir.BooleanValue) -> ir.BooleanValue:
    if mode == "any":
        return running | block
    return running & (~block if mode == "none" else block)
