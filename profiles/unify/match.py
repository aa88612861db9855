"""Rules applied: from records to matched pairs, with what each rule adds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from profiles.unify.block import block
from profiles.unify.names import Scores
from profiles.unify.records import Codes, Records
from profiles.unify.rules import Condition, MatchRule
from profiles.unify.score import holds

CHEAP = ("missing", "differs", "name", "given_name", "date", "jaro_winkler")


@dataclass(frozen=True)
class RuleResult:
    """What a rule did. `compared`: candidate pairs; `matched`: passed; `added`: found by no earlier rule."""

    name: str
    compared: int = 0
    matched: int = 0
    added: int = 0
    vetoed: int = 0
    refused_groups: int = 0
    refused_pairs: int = 0


@dataclass(frozen=True)
class Matches:
    """Matched pairs, each once, with the first rule that found it and the least similarity among its conditions."""

    left: Codes
    right: Codes
    rule: npt.NDArray[np.int16]
    score: Scores
    rules: tuple[RuleResult, ...]


OnRule = Callable[[MatchRule, int, int], None]


def match(records: Records, rules: Sequence[MatchRule], on_rule: OnRule = lambda rule, done, total: None) -> Matches:
    """Within tables and across them. Inactive rules find nothing."""
    known = np.array([], np.int64)
    parts: list[tuple[Codes, Codes, npt.NDArray[np.int16], Scores]] = []
    results: list[RuleResult] = []
    for number, rule in enumerate(rules):
        on_rule(rule, number, len(rules))
        found = apply_rule(records, rule) if rule.active else _idle(rule)
        pairs = np.int64(found.left) * records.count + found.right
        new = ~np.isin(pairs, known)
        known = np.union1d(known, pairs[new])
        added = int(new.sum())
        parts.append((found.left[new], found.right[new], np.full(added, number, np.int16), found.score[new]))
        results.append(replace(found.result, added=added))
    columns = [np.concatenate([part[n] for part in parts]) if parts else np.array([]) for n in range(4)]
    return Matches(
        columns[0].astype(np.int32), columns[1].astype(np.int32), columns[2].astype(np.int16),
        columns[3].astype(np.float32), tuple(results),
    )  # fmt: skip


@dataclass(frozen=True)
class Found:
    """The pairs of one rule."""

    left: Codes
    right: Codes
    score: Scores
    result: RuleResult


def apply_rule(records: Records, rule: MatchRule) -> Found:
    """Pairs of one rule: cheap conditions first, each seeing only what is left."""
    blocked = block(records, rule)
    left, right = blocked.left, blocked.right
    score = np.ones(len(left), np.float32)
    for condition in sorted((c for c in rule.when if not c.is_key), key=_cost):
        passed, alike = holds(records, condition, left, right)
        left, right, score = left[passed], right[passed], np.minimum(score, alike)[passed]
    keep = ~contradicted(records, rule.unless, left, right)
    result = RuleResult(
        name=rule.name,
        compared=len(blocked.left),
        matched=int(keep.sum()),
        vetoed=int((~keep).sum()),
        refused_groups=blocked.refused_groups,
        refused_pairs=blocked.refused_pairs,
    )
    return Found(left[keep], right[keep], score[keep], result)


def _cost(condition: Condition) -> int:
    """Names are compared by their few distinct words, whole addresses character by character."""
    return CHEAP.index(condition.compare) if condition.compare in CHEAP else len(CHEAP)


def contradicted(records: Records, unless: Sequence[Condition], left: Codes, right: Codes) -> npt.NDArray[np.bool_]:
    """Pairs for which any of the exceptions holds."""
    refused = np.zeros(len(left), bool)
    for condition in unless:
        rest = np.flatnonzero(~refused)
        refused[rest] = holds(records, condition, left[rest], right[rest])[0]
    return refused


def _idle(rule: MatchRule) -> Found:
    nothing = np.array([], np.int32)
    return Found(nothing, nothing, np.array([], np.float32), RuleResult(rule.name))
