"""Which pairs of records a rule looks at: those that agree on its exact conditions."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from profiles.unify.config.rules import NEVER_KEYS, MatchRule
from profiles.unify.pairs.grouping import Finer, Keys, groups
from profiles.unify.pairs.limits import Limits
from profiles.unify.pairs.scope import Scope
from profiles.unify.reading.records import Codes, Feature, Records
from profiles.unify.values.sets import coded, distinct_of

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
    """The candidate pairs of rules. Rules with the same keys share them. With `scope`, only those in it are of
    interest."""

    def __init__(self, records: Records, limits: Limits | None = None, scope: Scope | None = None) -> None:
        self._records = records
        self._limits = limits or Limits()
        self._scope = scope
        self._known: dict[tuple[str, ...], Block] = {}

    def of(self, rule: MatchRule) -> Block:
        """All pairs that share the exact values of the rule. Unknown values share nothing."""
        keys, fuzzy = keys_of(self._records, rule)
        if any(name not in self._records.features for name in keys):
            return Block(*nothing())
        wanted = (*keys, "~", *fuzzy)
        if wanted not in self._known:
            self._known[wanted] = self._block(keys, fuzzy)
        return self._known[wanted]

    def numbered(self, part: Records, place: npt.NDArray[np.int64]) -> "Blocks":
        """Of some of the records, among which are those of all pairs that were asked for: `place` has their numbers."""
        found = Blocks(part, self._limits, self._scope)
        found._known = {
            wanted: replace(block, left=place[block.left].astype(np.int32), right=place[block.right].astype(np.int32))
            for wanted, block in self._known.items()
        }
        return found

    def _block(self, keys: Sequence[str], fuzzy: Sequence[str]) -> Block:
        name = block_name(keys, fuzzy)
        features, count, scope = self._records.features, self._records.count, self._scope
        touched = None if scope is None else scope.around
        every = groups([features[key] for key in keys], count, touched)
        large = every.where(every.sizes > WHOLE_GROUP)
        found = [every.where(every.sizes <= WHOLE_GROUP).pairs(count)]
        finer = beginnings(features[fuzzy[0]]) if fuzzy else []
        refused = [np.array([], np.int64)]
        for part in [large.divided(codes, touched) for codes in finer] if finer else [large]:
            sizes = part.all_sizes()
            limit = self._limits.largest(f"{name} {len(refused)}", sizes, LARGEST_GROUP, MOST_PAIRS)
            refused.append(sizes[sizes > limit])
            found.append(part.where(part.sizes <= limit).pairs(count))
        pairs = distinct_of(found)
        left, right = (side.astype(np.int32) for side in np.divmod(pairs, max(1, count)))
        if scope is not None:
            mine = scope.pairs(left, right)
            left, right = left[mine], right[mine]
        too_large = np.concatenate(refused)
        return Block(left, right, len(too_large), int((too_large * (too_large - 1) // 2).sum()))


def block_name(keys: Sequence[str], fuzzy: Sequence[str]) -> str:
    """By which the limits of its groups are known."""
    return " ".join([*keys, "~", *fuzzy])


def keys_of(records: Records, rule: MatchRule) -> tuple[list[str], list[str]]:
    """What the rule's pairs share exactly, and by what else large groups are divided."""
    keys = sorted({c.measured_feature for c in rule.when if c.is_key})
    others = [c for c in rule.when if not c.is_key and c.compare not in NEVER_KEYS]
    known = {c.measured_feature for c in others} & set(records.features)
    return keys, sorted(known, key=lambda name: (name != NAME, name))[:1]


def nothing() -> tuple[Codes, Codes]:
    return np.array([], np.int32), np.array([], np.int32)


def beginnings(feature: Feature) -> list[Finer]:
    """By what a large group is subdivided: of names the initials (in either order) and each part as a whole, of other
    values the first three characters and the last three."""
    if feature.parts:
        return [initials(feature), *(partial(_of_values, feature, codes) for codes in feature.parts)]
    return [partial(_coarse, feature, ends) for ends in ((0, 3), (-3, None))]


def initials(name: Feature) -> Finer:
    """The first letters of a name, in whichever order its parts stand."""
    given, family = name.parts
    letters = name.words.letters
    one, other = letters[given], letters[family]
    return partial(_of_values, name, np.minimum(one, other) * (int(letters.max()) + 1) + np.maximum(one, other))


def _of_values(feature: Feature, codes: Codes, rows: Keys) -> Codes:
    return np.append(codes, np.int32(-1)).astype(np.int32, copy=False)[feature.codes[rows]]


def _coarse(feature: Feature, ends: tuple[int, int | None], rows: Keys) -> Codes:
    used, place = coded(feature.codes[rows].astype(np.int64))
    parts = pc.utf8_slice_codeunits(feature.values.take(pa.array(used, mask=used < 0)), *ends)
    found: Codes = pc.if_else(pc.equal(parts, ""), None, parts).dictionary_encode().indices.fill_null(-1).to_numpy()
    return found[place]
