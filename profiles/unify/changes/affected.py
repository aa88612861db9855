"""Which pairs of records can have come or gone because some records changed: those with a changed one, and those whose
group of candidates has become too large to be compared, or small enough."""

from collections.abc import Iterator

import numpy as np

from profiles.unify.config.rules import MatchRule
from profiles.unify.matching.match import Matches
from profiles.unify.pairs.block import WHOLE_GROUP, beginnings, block_name, initials, keys_of
from profiles.unify.pairs.candidates import HALF_OF, LARGEST_GROUP, NAME, TOLD, comparable, keys
from profiles.unify.pairs.grouping import Groups, Mask, Touched, groups
from profiles.unify.pairs.limits import Limits
from profiles.unify.pairs.scope import Scope
from profiles.unify.reading.records import Records
from profiles.unify.weighing.learned import Learned


def affected(records: Records, learned: Learned, before: Mask, now: Mask, matches: Matches) -> Scope:
    """`records`: of before and of now, changed ones twice; `matches`: of before. In a group that has become too large
    only pairs that matched can be others than before, in one that has become small enough any pair."""
    changed = before ^ now
    touched, crowded, reopened = changed.copy(), np.zeros(len(changed), bool), np.zeros(len(changed), bool)
    for group, edges in _groups(records, learned, changed):
        old = np.bincount(group.keys, weights=before[group.rows])
        new = np.bincount(group.keys, weights=now[group.rows])
        was, is_ = (np.searchsorted(edges, sizes, side="left") for sizes in (old, new))
        crowded[group.rows[(is_ > was)[group.keys]]] = True
        reopened[group.rows[(is_ < was)[group.keys]]] = True
    parted = crowded[matches.left] & crowded[matches.right]
    touched[matches.left[parted]] = touched[matches.right[parted]] = True
    return Scope(touched, reopened)


def _groups(records: Records, learned: Learned, changed: Mask) -> Iterator[tuple[Groups, list[int]]]:
    """The groups in which a changed record is, and the sizes beyond which they are treated in another way."""
    count, features, limits, touched = records.count, records.features, learned.limits, Touched(changed)
    if learned.model is not None:
        told = [name for name in learned.model.overall if name.startswith(TOLD)]
        closely = Limits(limits).asks_for(HALF_OF, otherwise=False)
        named = comparable(features, told, closely=closely)
        by_initials = initials(features[NAME]) if NAME in features else None
        for key in keys(named, closely=closely):
            every = groups([named[name] for name in key.features], count, touched)
            yield every, sorted({limits[str(key)], LARGEST_GROUP})
            if key.divided and by_initials is not None:
                yield every.divided(by_initials, touched), [limits[f"{key} by initials"]]
    for wanted, fuzzy in sorted({_keys_of(records, rule) for rule in learned.rules if rule.active}):
        if wanted and all(name in features for name in wanted):
            name = block_name(wanted, fuzzy)
            every = groups([features[key] for key in wanted], count, touched)
            yield every, [WHOLE_GROUP] if fuzzy else sorted({WHOLE_GROUP, limits[f"{name} 1"]})
            for number, finer in enumerate(beginnings(features[fuzzy[0]]) if fuzzy else (), 1):
                yield every.divided(finer, touched), [limits[f"{name} {number}"]]


def _keys_of(records: Records, rule: MatchRule) -> tuple[tuple[str, ...], tuple[str, ...]]:
    wanted, fuzzy = keys_of(records, rule)
    return tuple(wanted), tuple(fuzzy)
