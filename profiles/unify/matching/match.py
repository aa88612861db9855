"""Rules applied: from records to matched pairs, with what each rule adds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from profiles.unify.config.rules import Condition, MatchRule
from profiles.unify.pairs.block import Blocks
from profiles.unify.pairs.score import holds
from profiles.unify.reading.records import Codes, Records
from profiles.unify.values.in_pairs import Scores
from profiles.unify.values.sets import contained, union
from profiles.unify.weighing.evidence import Evidence, as_probability
from profiles.unify.weighing.hopeless import HOPELESS
from profiles.unify.weighing.situations import SITUATIONS

CHEAP = ("missing", "differs", "name", "given_name", "date", "jaro_winkler")


@dataclass(frozen=True)
class RuleResult:
    """What a rule did, in pairs. `known`: candidates that an earlier rule had joined; `compared`: the others, of which
    `vetoed` met an exception and `added` passed. Pairs of refused groups were too many to look at."""

    name: str
    known: int = 0
    compared: int = 0
    vetoed: int = 0
    added: int = 0
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


def match(
    records: Records,
    rules: Sequence[MatchRule],
    evidence: Evidence,
    on_rule: OnRule = lambda rule, done, total: None,
    blocks: Blocks | None = None,
) -> Matches:
    """Within tables and across them. Inactive rules find nothing. Evidence is learned if a rule asks for it. `blocks`:
    where they are known."""
    known = np.array([], np.int64)
    parts: list[Found] = []
    blocks = blocks or Blocks(records, evidence.limits, evidence.scope)
    for number, rule in enumerate(rules):
        on_rule(rule, number, len(rules))
        found = apply_rule(records, rule, blocks, evidence, known) if rule.active else _idle(rule.name)
        known = union(known, np.int64(found.left) * records.count + found.right)
        parts.append(found)
    sizes = [len(found.left) for found in parts]
    nothing = _idle("")
    return Matches(
        left=np.concatenate([found.left for found in [nothing, *parts]]),
        right=np.concatenate([found.right for found in [nothing, *parts]]),
        rule=np.repeat(np.arange(len(parts), dtype=np.int16), sizes),
        score=np.concatenate([found.score for found in [nothing, *parts]]),
        rules=tuple(found.result for found in parts),
    )


@dataclass(frozen=True)
class Found:
    """The pairs of one rule."""

    left: Codes
    right: Codes
    score: Scores
    result: RuleResult


def apply_rule(
    records: Records, rule: MatchRule, blocks: Blocks, evidence: Evidence, known: npt.NDArray[np.int64]
) -> Found:
    """The pairs that this rule adds to the known ones: cheap conditions first, each seeing only what is left."""
    if any(c.is_key for c in rule.when):
        blocked = blocks.of(rule)
        new = np.flatnonzero(~contained(np.int64(blocked.left) * records.count + blocked.right, known))
        compared = len(new)
    else:
        blocked = evidence.candidates.as_block()
        new = _likely_ones(rule, evidence)
        new = new[~contained(np.int64(blocked.left[new]) * records.count + blocked.right[new], known)]
        seen = evidence.candidates.find(*np.divmod(known, max(1, records.count)))[1]
        compared = len(blocked.left) - int(np.count_nonzero(seen))
    left, right = blocked.left[new], blocked.right[new]
    score = np.ones(len(left), np.float32)
    for condition in sorted((c for c in rule.when if not c.is_key), key=_cost):
        passed, alike = _holds(records, evidence, condition, left, right)
        left, right, score = left[passed], right[passed], np.minimum(score, alike)[passed]
    keep = ~contradicted(records, evidence, rule.unless, left, right)
    result = RuleResult(
        name=rule.name,
        known=len(blocked.left) - compared,
        compared=compared,
        vetoed=int((~keep).sum()),
        added=int(keep.sum()),
        refused_groups=blocked.refused_groups,
        refused_pairs=blocked.refused_pairs,
    )
    return Found(left[keep], right[keep], score[keep], result)


def _likely_ones(rule: MatchRule, evidence: Evidence) -> npt.NDArray[np.int64]:
    """The places of the candidates that are as likely as the rule asks: few, and all else costs more than to look."""
    least = max(c.limit for c in rule.when if c.compare == "likely")
    return np.flatnonzero(as_probability(evidence.of_candidates).astype(np.float32) >= least)


def pairs_that_hold(
    records: Records, rule: MatchRule, evidence: Evidence, left: npt.NDArray[np.int64], right: npt.NDArray[np.int64]
) -> npt.NDArray[np.bool_]:
    """Which of some pairs, known to agree exactly as the rule asks, satisfy all of it. Off or not."""
    held = np.arange(len(left))
    low, high = np.minimum(left, right).astype(np.int32), np.maximum(left, right).astype(np.int32)
    for condition in sorted((c for c in rule.when if not c.is_key), key=_cost):
        held = held[_weighed(records, evidence, condition, low[held], high[held])]
    found = np.zeros(len(left), bool)
    found[held] = True
    for condition in rule.unless:
        rest = np.flatnonzero(found)
        found[rest] = ~_weighed(records, evidence, condition, low[rest], high[rest])
    return found


def _weighed(
    records: Records, evidence: Evidence, condition: Condition, left: Codes, right: Codes
) -> npt.NDArray[np.bool_]:
    """Without looking for candidates: each pair is weighed by itself."""
    if not condition.is_evidence:
        return holds(records, condition, left, right)[0]
    likely = as_probability(evidence.weigh(left, right))
    found: npt.NDArray[np.bool_] = (
        likely >= condition.limit if condition.compare == "likely" else likely <= 1 - condition.limit
    )
    return found


def _holds(
    records: Records, evidence: Evidence, condition: Condition, left: Codes, right: Codes
) -> tuple[npt.NDArray[np.bool_], Scores]:
    if condition.compare in SITUATIONS:
        return SITUATIONS[condition.compare](records, left, right), np.ones(len(left), np.float32)
    if not condition.is_evidence:
        return holds(records, condition, left, right)
    if condition.compare == "unlikely" and 1 - condition.limit < as_probability(np.array(HOPELESS)):
        return _weighed(records, evidence, condition, left, right), np.ones(len(left), np.float32)
    likely = evidence.probability(left, right).astype(np.float32)
    if condition.compare == "likely":
        return likely >= condition.limit, likely
    return likely <= 1 - condition.limit, np.ones(len(left), np.float32)


def _cost(condition: Condition) -> int:
    """Names are compared by their few distinct words, whole addresses character by character."""
    return CHEAP.index(condition.compare) if condition.compare in CHEAP else len(CHEAP)


def contradicted(
    records: Records, evidence: Evidence, unless: Sequence[Condition], left: Codes, right: Codes
) -> npt.NDArray[np.bool_]:
    """Pairs for which any of the exceptions holds."""
    refused = np.zeros(len(left), bool)
    for condition in unless:
        rest = np.flatnonzero(~refused)
        refused[rest] = _holds(records, evidence, condition, left[rest], right[rest])[0]
    return refused


def _idle(name: str) -> Found:
    nothing = np.array([], np.int32)
    return Found(nothing, nothing, np.array([], np.float32), RuleResult(name))
