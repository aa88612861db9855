"""Which pairs of records a rule looks at: those that agree on its exact conditions."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from profiles.unify.records import Codes, Feature, Records
from profiles.unify.rules import EVIDENCE, MatchRule
from profiles.unify.sets import distinct

Keys = npt.NDArray[np.int64]
NAME = "person.name"
# Groups up to this size are compared whole; larger ones only where names (or other fuzzy values) begin alike.
WHOLE_GROUP = 16
# Larger groups than this are refused and reported: n records make n²/2 pairs.
LARGEST_GROUP = 400
# Nor does one rule ever compare more than this: 16 bytes a pair are held in memory.
MOST_PAIRS = 40_000_000


@dataclass(frozen=True)
class Block:
    """Distinct pairs, `left` < `right`, sorted. Refused groups were too large and would have made so many pairs."""

    left: Codes
    right: Codes
    refused_groups: int = 0
    refused_pairs: int = 0


class Blocks:
    """The candidate pairs of rules. Rules with the same keys share them."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._known: dict[tuple[str, ...], Block] = {}

    def of(self, rule: MatchRule) -> Block:
        """All pairs that share the exact values of the rule. Unknown values share nothing."""
        features = self._records.features
        keys = sorted({c.measured_feature for c in rule.when if c.is_key})
        others = [c for c in rule.when if not c.is_key and c.compare not in ("missing", "differs", *EVIDENCE)]
        fuzzy = sorted({c.measured_feature for c in others} & set(features), key=lambda name: (name != NAME, name))[:1]
        if any(name not in features for name in keys):
            return Block(*nothing())
        wanted = (*keys, "~", *fuzzy)
        if wanted not in self._known:
            rows = np.arange(self._records.count, dtype=np.int64)
            found = combined(rows, [features[name] for name in keys])
            self._known[wanted] = _pairs(*found, [features[name] for name in fuzzy], self._records.count)
        return self._known[wanted]


def nothing() -> tuple[Codes, Codes]:
    return np.array([], np.int32), np.array([], np.int32)


def combined(rows: Keys, features: list[Feature]) -> tuple[Keys, Keys]:
    """(row, group key) for every combination of the features' columns; dense group numbers."""
    keys = np.zeros(len(rows), np.int64)
    for feature in features:
        parts = []
        for codes in feature.columns:
            known = codes[rows] >= 0
            parts.append((rows[known], keys[known] * (len(feature.values) + 1) + codes[rows[known]]))
        rows, keys = np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts])
        keys = np.unique(keys, return_inverse=True)[1].astype(np.int64)
    return rows, keys


def _pairs(rows: Keys, keys: Keys, fuzzy: list[Feature], count: int) -> Block:
    sizes = np.bincount(keys) if len(keys) else np.array([], np.int64)
    small = sizes[keys] <= WHOLE_GROUP if len(keys) else np.array([], bool)
    found = [within(rows[small], keys[small], count)]
    rows, keys = rows[~small], keys[~small]
    refined = [refine(rows, keys, codes) for codes in beginnings(fuzzy[0])] if fuzzy and len(rows) else [(rows, keys)]
    groups = pairs = 0
    for part_rows, part_keys in refined:
        fits, refused = _affordable(part_keys)
        groups, pairs = groups + len(refused), pairs + int((refused * (refused - 1) // 2).sum())
        found.append(within(part_rows[fits], part_keys[fits], count))
    every = distinct(np.concatenate(found))
    return Block((every // count).astype(np.int32), (every % count).astype(np.int32), groups, pairs)


def _affordable(keys: Keys) -> tuple[npt.NDArray[np.bool_], Keys]:
    """Which rows are in groups that can be compared, the small ones first, and the sizes of the groups that cannot."""
    if not len(keys):
        return np.array([], bool), keys
    sizes = np.bincount(keys)
    order = np.argsort(sizes, kind="stable")
    cost = np.empty(len(sizes), np.int64)
    cost[order] = np.cumsum(sizes[order] * (sizes[order] - 1) // 2)
    refused = (sizes > LARGEST_GROUP) | (cost > MOST_PAIRS)
    return ~refused[keys], sizes[refused]


def within(rows: Keys, keys: Keys, count: int) -> Keys:
    """All pairs inside each group, as left × count + right."""
    order = np.lexsort((rows, keys))
    rows, keys = rows[order], keys[order]
    found = []
    for step in range(1, len(rows)):
        same = np.flatnonzero(keys[step:] == keys[:-step])
        if not same.size:
            break
        left, right = rows[same], rows[same + step]
        found.append((left * count + right)[left != right])
    return np.concatenate(found) if found else np.array([], np.int64)


def refine(rows: Keys, keys: Keys, codes: Codes) -> tuple[Keys, Keys]:
    known = codes[rows] >= 0
    rows, sub = rows[known], codes[rows[known]]
    width = int(codes.max(initial=0)) + 1
    return rows, np.unique(keys[known] * width + sub, return_inverse=True)[1].astype(np.int64)


def beginnings(feature: Feature) -> list[Codes]:
    """Coarse codes by which a large group is subdivided: of names the initials (in either order) and each part as a
    whole, of other values the first three characters and the last three."""
    if feature.parts:
        return [initials(feature), *(_of_values(feature, codes) for codes in feature.parts)]
    return [_coarse(feature, pc.utf8_slice_codeunits(feature.values, *ends)) for ends in ((0, 3), (-3, None))]


def initials(name: Feature) -> Codes:
    """One code per record for the first letters of its name, in whichever order the parts stand."""
    given, family = name.parts
    letters = np.unique(np.append(name.words.first_letter, ""), return_inverse=True)[1].astype(np.int32)
    one, other = letters[given], letters[family]
    return _of_values(name, np.minimum(one, other) * (int(letters.max()) + 1) + np.maximum(one, other))


def _of_values(feature: Feature, codes: Codes) -> Codes:
    return np.append(codes, np.int32(-1)).astype(np.int32)[feature.codes]


def _coarse(feature: Feature, key: pa.Array) -> Codes:
    encoded = pc.if_else(pc.equal(key, ""), None, key).dictionary_encode()
    return _of_values(feature, pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False))
