"""Rules as questions to the engine, compiled once where the question stays the same until the data change."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from datetime import datetime, tzinfo

import ibis.expr.types as ir

from lake.queries import Snapshot
from rules import references
from rules.compiler import Compiler
from rules.language import Rule, is_relative, parse, segments_in

MOST_KEPT = 64
"""Questions of one process, with the publications that they are about: people change a rule, look, and change it
back."""


@dataclass
class Question:
    """Who meets a rule: one column `profile_id`, distinct, in no order."""

    members: ir.Table

    @functools.cached_property
    def total(self) -> ir.Table:
        """How many: one row of one column."""
        return self.members.count().as_table()


def question(rule: Rule, lake: Snapshot, now: datetime) -> Question:
    """The rule, compiled against one snapshot at one moment. Raises what compiling raises.

    What does not move with the clock, and speaks of no segment (whose rule may change), is kept for the next who asks.
    """
    if is_relative(rule) or segments_in(rule):
        return Question(Compiler(lake, now, None, references.segment_rules(rule)).members(rule))
    return _kept(json.dumps(rule.as_json()), lake, now.tzinfo)


@functools.lru_cache(MOST_KEPT)
def _kept(rule: str, lake: Snapshot, zone: tzinfo | None) -> Question:
    """Of `now`, only the zone matters here: days begin in it."""
    return Question(Compiler(lake, datetime.now(zone)).members(parse(json.loads(rule))))
