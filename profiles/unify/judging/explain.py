"""Why some records are one person, or are not: the strongest chain of pairs between them, and what each pair says."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from profiles.unify.config.rules import Condition, MatchRule
from profiles.unify.matching.graph import Groups
from profiles.unify.pairs.score import holds
from profiles.unify.reading.records import Records
from profiles.unify.weighing.evidence import Evidence, as_probability
from profiles.unify.weighing.reasons import Reason, reasons
from profiles.unify.weighing.situations import SITUATIONS

DECISION = "decision"


@dataclass(frozen=True)
class Link:
    """Two record numbers that a rule matched, or that a person joined (`rule` is "decision")."""

    left: int
    right: int
    rule: str
    score: float | None = None


@dataclass(frozen=True)
class Step:
    """A pair with its evidence. `probability`: None where no rule asks for evidence, for then none was learned."""

    left: int
    right: int
    rule: str
    score: float | None
    probability: float | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Verdict:
    """What a rule makes of a pair: the conditions that fail, and the exceptions that hold."""

    rule: MatchRule
    failing: tuple[Condition, ...]
    vetoed_by: tuple[Condition, ...]


def chain(links: Sequence[Link], start: int, end: int, evidence: Evidence | None) -> list[Step]:
    """From `start` to `end` by the way whose weakest pair is the strongest; empty where no links lead there."""
    strongest = tree(links, evidence)
    reached = Groups()
    for step in strongest:
        reached.join(step.left, step.right, {})
    return _way(strongest, start, end) if reached.together(start, end) else []


def tree(links: Sequence[Link], evidence: Evidence | None) -> list[Step]:
    """The strongest pairs that hold all together, the strongest first: no pair too many."""
    joined, found = Groups(), list[Step]()
    for step in sorted(_steps(links, evidence), key=lambda step: (-_strength(step), step.left, step.right)):
        if not joined.together(step.left, step.right):
            joined.join(step.left, step.right, {})
            found.append(step)
    return found


def weigh(left: int, right: int, evidence: Evidence | None) -> Step:
    """A pair that no rule matched."""
    return _steps([Link(left, right, "")], evidence)[0]


def verdicts(
    records: Records, rules: Sequence[MatchRule], left: int, right: int, evidence: Evidence | None
) -> list[Verdict]:
    """Of the active rules, in their order. Without evidence, conditions that ask for it neither hold nor fail."""
    found = []
    for rule in (rule for rule in rules if rule.active):
        failing = tuple(c for c in rule.when if _holds(records, c, left, right, evidence) is False)
        vetoed = tuple(c for c in rule.unless if _holds(records, c, left, right, evidence))
        found.append(Verdict(rule, failing, vetoed))
    return found


def _holds(records: Records, condition: Condition, left: int, right: int, evidence: Evidence | None) -> bool | None:
    pair = np.array([min(left, right)]), np.array([max(left, right)])
    if condition.compare in SITUATIONS:
        return bool(SITUATIONS[condition.compare](records, *pair)[0])
    if not condition.is_evidence:
        return bool(holds(records, condition, *pair)[0][0])
    if evidence is None:
        return None
    likely = float(as_probability(evidence.weigh(*pair))[0])
    return likely >= condition.limit if condition.compare == "likely" else likely <= 1 - condition.limit


def _steps(links: Sequence[Link], evidence: Evidence | None) -> list[Step]:
    if evidence is None or not links:
        return [Step(link.left, link.right, link.rule, link.score, None, ()) for link in links]
    left = np.array([min(link.left, link.right) for link in links])
    right = np.array([max(link.left, link.right) for link in links])
    chances, told = as_probability(evidence.weigh(left, right)), reasons(evidence, left, right)
    return [
        Step(link.left, link.right, link.rule, link.score, float(chance), tuple(parts))
        for link, chance, parts in zip(links, chances, told, strict=True)
    ]


def _strength(step: Step) -> float:
    """A person's word is the strongest."""
    if step.rule == DECISION:
        return 2.0
    return step.probability if step.probability is not None else step.score or 0.0


def _way(tree: Sequence[Step], start: int, end: int) -> list[Step]:
    """The only way there is in a tree."""
    came: dict[int, Step | None] = {start: None}
    waiting = [start]
    for here in waiting:
        for step in tree:
            if here in (step.left, step.right):
                there = step.right if step.left == here else step.left
                if there not in came:
                    came[there] = step
                    waiting.append(there)
    way: list[Step] = []
    here = end
    while (last := came[here]) is not None:
        way.append(last)
        here = last.left if last.right == here else last.right
    return way[::-1]
