"""From matched pairs to people."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from profiles.unify.config.rules import Condition, MatchRule
from profiles.unify.matching.contested import Claims, contested, no_claims
from profiles.unify.matching.decisions import Decided, nothing_decided
from profiles.unify.matching.graph import Groups, Labels, components, neighbours
from profiles.unify.matching.match import Matches, contradicted
from profiles.unify.pairs.grouping import within
from profiles.unify.reading.records import Codes, Records
from profiles.unify.values.sets import contained
from profiles.unify.weighing.evidence import Evidence

# Every pair inside a cluster is checked for contradictions. A chain of more records than this is cut first.
LARGEST_CHECKED = 200


@dataclass(frozen=True)
class Guarded:
    """People as rules and evidence alone see them, the pairs that must not meet in one of them, and who claims records
    that are therefore nobody's."""

    labels: Labels
    enemy_left: Codes
    enemy_right: Codes
    claims: Claims = field(default_factory=no_claims)


def cluster(
    records: Records,
    matches: Matches,
    rules: Sequence[MatchRule],
    evidence: Evidence,
    decisions: Decided | None = None,
) -> Labels:
    """The smallest record number of each record's person: what the rules joined, less what contradicts itself, and
    above all as people decided. Deterministic."""
    return obey(guarded(records, matches, rules, evidence), matches, decisions or nothing_decided())


def guarded(records: Records, matches: Matches, rules: Sequence[MatchRule], evidence: Evidence) -> Guarded:
    """Connected records are one person, unless the chain joins two that contradict each other: such a cluster is built
    again from its strongest pair downwards, and no step may bring a contradiction together. Pairs that a rule matched
    are no contradiction, whatever else differs. A record without a name that two such people claim alike is of
    neither."""
    labels = _cut(components(records.count, matches.left, matches.right), matches)
    none = np.array([], np.int32)
    if not len(matches.left):
        return Guarded(labels, none, none)
    left, right = inner_pairs(labels, 3)
    matched = np.sort(np.int64(matches.left) * records.count + matches.right)
    direct = contained(np.int64(left) * records.count + right, matched)
    left, right = left[~direct], right[~direct]
    bad = contradicted(records, evidence, _exclusions(rules), left, right)
    by_evidence = any(rule.asks_for_evidence for rule in rules)
    if by_evidence:
        rest = np.flatnonzero(~bad)
        bad[rest] = evidence.contradicts(left[rest], right[rest])
        rest = np.flatnonzero(~bad)
        bad[rest] = _doubled(labels, matches, evidence, left[rest], right[rest])
    if not bad.any():
        return Guarded(labels, none, none)
    apart = np.zeros(len(labels), bool)
    apart[labels[left[bad]]] = True
    torn = apart[labels]
    enemies, claims = (left[bad], right[bad]), no_claims()
    claimed = contested(records, matches, evidence, *enemies) if by_evidence else None
    if claimed:
        others = _both(enemies, (claimed.record.astype(np.int32), claimed.other.astype(np.int32)))
        *parted, claims = claimed.enemies(_rebuild(labels, torn, matches, none, none, *others))
        enemies = _both(enemies, (parted[0], parted[1]))
    return Guarded(_rebuild(labels, torn, matches, none, none, *enemies), *enemies, claims)


def _both(one: tuple[Codes, Codes], other: tuple[Codes, Codes]) -> tuple[Codes, Codes]:
    return np.concatenate([one[0], other[0]]), np.concatenate([one[1], other[1]])


def _doubled(labels: Labels, matches: Matches, evidence: Evidence, left: Codes, right: Codes) -> npt.NDArray[np.bool_]:
    """Which pairs inside clusters, matched by no rule, are likelier two people, some link between whom is wrong, than
    one person who stands twice in a table that seldom has anybody twice."""
    rare = evidence.doubles(left, right)
    found = np.zeros(len(left), bool)
    if not (rare < 0).any():
        return found
    asked = np.zeros(len(labels), bool)
    asked[labels[left[rare < 0]]] = True
    links = np.flatnonzero(asked[labels[matches.left]])
    one, other = matches.left[links], matches.right[links]
    odds = evidence.odds(one, other)
    for chance in np.unique(rare[rare < 0]):
        sure = odds >= -chance
        surely = components(len(labels), one[sure], other[sure])
        found |= (rare == chance) & (surely[left] != surely[right])
    return found


def _cut(labels: Labels, matches: Matches) -> Labels:
    """Chains that are too long to be checked, built again from their strongest pair down up to that size."""
    large = np.bincount(labels, minlength=len(labels))[labels] > LARGEST_CHECKED
    none = np.array([], np.int32)
    return _rebuild(labels, large, matches, none, none, none, none, LARGEST_CHECKED) if large.any() else labels


def obey(found: Guarded, matches: Matches, decisions: Decided) -> Labels:
    """People as they were decided upon. A join brings two people together with all of their records; two records that
    are to be kept apart tear theirs, which is then built again from what was decided and the strongest pair down."""
    if not decisions.count:
        return found.labels
    labels = found.labels
    if len(decisions.join_left):
        labels = components(len(labels), labels[decisions.join_left], labels[decisions.join_right])[labels]
    one, other = labels[decisions.apart_left], labels[decisions.apart_right]
    if not (one == other).any():
        return labels
    torn = np.isin(labels, one[one == other])
    enemy_left = np.concatenate([found.enemy_left, decisions.apart_left])
    enemy_right = np.concatenate([found.enemy_right, decisions.apart_right])
    return _rebuild(labels, torn, matches, decisions.join_left, decisions.join_right, enemy_left, enemy_right)


def _exclusions(rules: Sequence[MatchRule]) -> list[Condition]:
    """What keeps two people apart inside a chain: differences that any rule excludes."""
    return list(dict.fromkeys(c for rule in rules if rule.active for c in rule.unless if c.compare == "differs"))


def inner_pairs(labels: Labels, smallest: int = 2, largest: int = LARGEST_CHECKED) -> tuple[Codes, Codes]:
    """All pairs inside clusters of these sizes."""
    sizes = np.bincount(labels, minlength=len(labels))[labels]
    rows = np.flatnonzero((sizes >= smallest) & (sizes <= largest))
    pairs = within(rows, labels[rows].astype(np.int64), len(labels))
    left, right = np.divmod(pairs, max(1, len(labels)))
    return left.astype(np.int32), right.astype(np.int32)


def _rebuild(
    labels: Labels,
    torn: npt.NDArray[np.bool_],
    matches: Matches,
    seed_left: Codes,
    seed_right: Codes,
    enemy_left: Codes,
    enemy_right: Codes,
    largest: int | None = None,
) -> Labels:
    """The torn records (all of their clusters) in groups that bring no enemies together, the seeds first, and have no
    more than `largest` records."""
    seeds = torn[seed_left]
    inside = np.flatnonzero(torn[matches.left] & (labels[matches.left] == labels[matches.right]))
    by = (part[inside] for part in (matches.right, matches.left, -matches.score, matches.rule))
    order = inside[np.lexsort(tuple(by))]
    hostile = torn[enemy_left]
    enemies, groups = neighbours(enemy_left[hostile], enemy_right[hostile]), Groups()
    for one, other in zip(seed_left[seeds].tolist(), seed_right[seeds].tolist(), strict=True):
        groups.join(one, other, {})
    for one, other in zip(matches.left[order].tolist(), matches.right[order].tolist(), strict=True):
        groups.join(one, other, enemies, largest)
    members = np.flatnonzero(torn)
    result = labels.copy()
    result[members] = groups.smallest(members.tolist())
    return result
