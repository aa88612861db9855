"""From matched pairs to people."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from profiles.unify.evidence import Evidence
from profiles.unify.match import Matches, contradicted
from profiles.unify.records import Codes, Records
from profiles.unify.rules import Condition, MatchRule
from profiles.unify.sets import contained

Labels = npt.NDArray[np.int32]
# Inside clusters up to this size every pair is checked for contradictions; in larger ones, the matched pairs alone.
LARGEST_CHECKED = 60


def components(count: int, left: Codes, right: Codes) -> Labels:
    """The smallest record number of each record's component."""
    from scipy.sparse import coo_matrix  # half a second that only a unification has to wait for
    from scipy.sparse.csgraph import connected_components

    graph = coo_matrix((np.ones(len(left), np.int8), (left, right)), shape=(count, count))
    _total, found = connected_components(graph, directed=False)
    smallest: Labels = np.full(int(found.max(initial=-1)) + 1, count, np.int32)
    np.minimum.at(smallest, found, np.arange(count, dtype=np.int32))
    labels: Labels = smallest[found]
    return labels


def cluster(records: Records, matches: Matches, rules: Sequence[MatchRule], evidence: Evidence) -> Labels:
    """Connected records are one person, unless the chain joins two that contradict each other: such a cluster is built
    again from its strongest pair downwards, and no step may bring a contradiction together. Pairs that a rule matched
    are no contradiction, whatever else differs. Deterministic."""
    labels = components(records.count, matches.left, matches.right)
    if not len(matches.left):
        return labels
    left, right = _inner_pairs(labels)
    matched = np.sort(np.int64(matches.left) * records.count + matches.right)
    direct = contained(np.int64(left) * records.count + right, matched)
    left, right = left[~direct], right[~direct]
    bad = contradicted(records, evidence, _exclusions(rules), left, right)
    if any(c.is_evidence for rule in rules if rule.active for c in (*rule.when, *rule.unless)):
        rest = np.flatnonzero(~bad)
        bad[rest] = evidence.contradicts(left[rest], right[rest])
    if not bad.any():
        return labels
    enemies = _neighbours(left[bad], right[bad])
    torn = np.isin(labels[matches.left], labels[left[bad]])
    order = np.lexsort((matches.right, matches.left, -matches.score, matches.rule))
    order = order[torn[order]]
    return _rebuild(labels, zip(matches.left[order].tolist(), matches.right[order].tolist(), strict=True), enemies)


def _exclusions(rules: Sequence[MatchRule]) -> list[Condition]:
    """What keeps two people apart inside a chain: differences that any rule excludes."""
    return list(dict.fromkeys(c for rule in rules if rule.active for c in rule.unless if c.compare == "differs"))


def _inner_pairs(labels: Labels) -> tuple[Codes, Codes]:
    """All pairs inside clusters of three and more."""
    order = np.argsort(labels, kind="stable")
    sizes = np.bincount(labels, minlength=len(labels))[labels]
    order = order[(sizes[order] > 2) & (sizes[order] <= LARGEST_CHECKED)]
    inside, lefts, rights = labels[order], [], []
    for step in range(1, LARGEST_CHECKED):
        same = np.flatnonzero(inside[step:] == inside[:-step])
        if not same.size:
            break
        lefts.append(order[same])
        rights.append(order[same + step])
    empty = np.array([], np.int64)
    return np.concatenate([empty, *lefts]).astype(np.int32), np.concatenate([empty, *rights]).astype(np.int32)


def _neighbours(left: Codes, right: Codes) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for one, other in zip(left.tolist(), right.tolist(), strict=True):
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return found


def _rebuild(labels: Labels, pairs: "zip[tuple[int, int]]", enemies: dict[int, set[int]]) -> Labels:
    groups: dict[int, set[int]] = {}
    touched: set[int] = set()
    for one, other in pairs:
        touched |= {one, other}
        first, second = groups.get(one) or {one}, groups.get(other) or {other}
        if first is second or not _friends(first, second, enemies):
            continue
        joined = first | second
        for member in joined:
            groups[member] = joined
    result = labels.copy()
    for member in touched:
        result[member] = min(groups.get(member, {member}))
    return result


def _friends(first: set[int], second: set[int], enemies: dict[int, set[int]]) -> bool:
    return all(enemies.get(member, set()).isdisjoint(second) for member in first)
