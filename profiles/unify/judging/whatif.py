"""What another way to unify would change: who, by which rules, how probably rightly, and examples."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from profiles.unify.judging.partitions import (
    JOINED,
    KINDS,
    RESHUFFLED,
    SAME,
    SPLIT,
    Index,
    Pairs,
    Partitions,
    beside,
    sizes,
)
from profiles.unify.judging.quality import LEAST_LIKELY, Stratum
from profiles.unify.judging.questions import delivered, ends
from profiles.unify.pairs.grouping import Mask
from profiles.unify.weighing.evidence import Evidence
from profiles.unify.weighing.reasons import reasons

# Of so many pairs the evidence is weighed, evenly over all of them.
MOST_WEIGHED = 300_000
# Shown of each kind, evenly from the most doubtful change to the most certain one.
EXAMPLES = 300
BEYOND = "beyond"


@dataclass(frozen=True)
class Sides:
    """Before and after of the same records. `rows`: the records (by their numbers after) that both know; `before`,
    `after`: their people, as numbers of the ids. `every_after`: of all records after. `gone`: records of before that
    are not there any more."""

    rows: Index
    before: Index
    after: Index
    before_ids: pa.Array
    after_ids: pa.Array
    every_after: Index
    gone: int

    @property
    def partitions(self) -> Partitions:
        return beside(self.before, self.after)

    def before_of(self, records: int) -> Index:
        """Per record after its person of before, −1 for a new one."""
        found = np.full(records, -1, np.int64)
        found[self.rows] = self.before
        return found


def sides(names: pa.Array, profile_ids: pa.Array, links: pa.Table) -> Sides:
    """`names`, `profile_ids`: of every record after; `links`: columns `key, profile_id` of before."""
    known = links.column("key").combine_chunks()
    was = _coded(links.column("profile_id"))
    at = pc.index_in(names, value_set=known)
    rows = np.flatnonzero(at.is_valid().to_numpy(zero_copy_only=False))
    will = _coded(pa.chunked_array([profile_ids]))
    every = will.indices.to_numpy().astype(np.int64)
    return Sides(
        rows=rows.astype(np.int64),
        before=was.indices.to_numpy()[at.drop_null().to_numpy()].astype(np.int64),
        after=every[rows],
        before_ids=was.dictionary,
        after_ids=will.dictionary,
        every_after=every,
        gone=len(known) - len(rows),
    )


def people(ids: pa.ChunkedArray) -> dict[str, Any]:
    """Of one side: `records`, `people`, those with `several` records, the `largest`, and how many of each of
    `partitions.SIZES`. `ids`: the person of every record."""
    codes = _coded(ids).indices.to_numpy().astype(np.int64)
    records = np.bincount(codes) if len(codes) else np.array([], np.int64)
    return {
        "records": len(codes),
        "people": len(records),
        "several": int((records > 1).sum()),
        "largest": int(records.max(initial=0)),
        "sizes": sizes(codes),
    }


def _coded(ids: pa.ChunkedArray) -> pa.DictionaryArray:
    """Ids as numbers in their order, whatever the order of the records."""
    encoded = ids.combine_chunks().dictionary_encode()
    order = pc.sort_indices(encoded.dictionary)
    place = np.empty(len(order), np.int32)
    place[order.to_numpy()] = np.arange(len(order), dtype=np.int32)
    return pa.DictionaryArray.from_arrays(pa.array(place[encoded.indices.to_numpy()]), encoded.dictionary.take(order))


@dataclass(frozen=True)
class Ruled:
    """Pairs that rules matched: the name of the rule of each, as a number in `names`. Ends of −1 are not there."""

    left: Index
    right: Index
    rule: Index
    names: tuple[str, ...]

    def rules_of(self, pairs: Pairs) -> list[str]:
        """The rule that matched each pair, "" for a pair that only others tie together."""
        low, high = np.minimum(self.left, self.right), np.maximum(self.left, self.right)
        known = np.flatnonzero(low >= 0)
        keys = low[known] << 32 | high[known]
        order = np.argsort(keys, kind="stable")
        asked = pairs.left.astype(np.int64) << 32 | pairs.right
        at = np.searchsorted(keys[order], asked)
        found = [""] * len(pairs)
        for n, place in enumerate(at.tolist()):
            if place < len(order) and keys[order[place]] == asked[n]:
                found[n] = self.names[int(self.rule[known[order[place]]])]
        return found

    def crossing(self, inside: Index, across: Index) -> dict[str, int]:
        """Per rule the pairs within one person of `inside` (per record) that are two of `across`."""
        known = (self.left >= 0) & (self.right >= 0)
        left, right, rule = self.left[known], self.right[known], self.rule[known]
        whole = (inside[left] == inside[right]) & (across[left] != across[right])
        whole &= (np.minimum(inside[left], across[left]) >= 0) & (np.minimum(inside[right], across[right]) >= 0)
        counts = np.bincount(rule[whole], minlength=len(self.names)).tolist()
        return dict(zip(self.names, counts, strict=True))


@dataclass(frozen=True)
class Weighed:
    """Some of the pairs of a kind, spread over all of them, with the probability of each that it is one person."""

    pairs: Pairs
    probability: npt.NDArray[np.float64]

    @property
    def share(self) -> float | None:
        return float(self.probability.mean()) if len(self.probability) else None


def weigh(evidence: Evidence, pairs: Pairs) -> Weighed:
    some = pairs.only(_spread(len(pairs), MOST_WEIGHED))
    return Weighed(some, evidence.probability(some.left, some.right))


def _spread(count: int, most: int) -> Index:
    return np.linspace(0, count - 1, min(count, most)).astype(np.int64)


def expected_precision(kept: tuple[int, float | None], others: tuple[int, float | None]) -> float | None:
    """The share of joined pairs that the evidence takes for one person; each part: how many pairs, and their share."""
    parts = [(pairs, share) for pairs, share in (kept, others) if pairs and share is not None]
    total = sum(pairs for pairs, _share in parts)
    return sum(pairs * share for pairs, share in parts) / total if total else None


def strata_after(
    strata: Sequence[Stratum], drawn: Sequence[str], joined: Mask, answers: Sequence[bool | None], beyond: int
) -> list[Stratum]:
    """The strata of a sample of before as they would be after. `drawn`: the stratum of each pair of the sample;
    `joined`: whether it would be one person; `answers`: whether it is (None: nobody said).

    A stratum is divided in the proportion in which its sample is: the random draw of before is one of its parts too
    (Cochran, Sampling Techniques, 3rd ed. 1977, section 2.13). `beyond`: joined pairs that no stratum of before holds;
    nobody was asked about them. The sizes are estimates, which the interval of a share does not allow for.
    """
    names, told = np.array(drawn, str), np.array([-1 if a is None else int(a) for a in answers], np.int8)
    found = []
    for stratum in strata:
        mine = names == stratum.name
        for kind in (True, False):
            part = mine & (joined == kind)
            share = part.sum() / mine.sum() if mine.any() else float(stratum.joined == kind)
            asked = told[part]
            size = round(stratum.size * share)
            found.append(Stratum(stratum.name, kind, size, int((asked >= 0).sum()), int((asked == 1).sum())))
    return [*found, Stratum(BEYOND, True, beyond)]


def unasked(gained: Weighed, pairs: int) -> int:
    """About how many of the pairs gained the sample could not have held: the evidence found them too unlikely."""
    return round(pairs * float((gained.probability < LEAST_LIKELY).mean())) if len(gained.pairs) else 0


def examples(
    evidence: Evidence,
    found: Sides,
    parts: Partitions,
    weighed: dict[str, Weighed],
    ruled: dict[str, Ruled],
    profile_ids: pa.Array,
) -> pa.Table:
    """Per case the pair of records at which it shows best: of all that change sides the most probable. Columns: `case`,
    `kind`, `place` (in the order in which they are shown), `is_gained`, `rule`, then as
    in the table of questions. `profile_ids`: whom each record belongs to before."""
    case_of = np.zeros(len(found.before_ids), np.int64)
    case_of[parts.before] = parts.case
    owner = found.before_of(evidence.records.count)
    pieces = []
    for kind, sources in ((JOINED, ("gained",)), (SPLIT, ("lost",)), (RESHUFFLED, ("gained", "lost"))):
        for source in sources:
            some = weighed[source]
            case = case_of[owner[some.pairs.left]]
            mine = np.flatnonzero(parts.kinds[case] == KINDS.index(kind))
            order = mine[np.lexsort((-some.probability[mine], case[mine]))]
            best = order[np.unique(case[order], return_index=True)[1]]
            doubt = some.probability[best] if source == "gained" else 1 - some.probability[best]
            shown = best[np.lexsort((case[best], doubt))]
            shown = shown[_spread(len(shown), EXAMPLES)]
            pieces.append(_shown(evidence, kind, source, some, shown, case[shown], ruled, profile_ids))
    return pa.concat_tables(pieces)


def _shown(
    evidence: Evidence,
    kind: str,
    source: str,
    some: Weighed,
    chosen: Index,
    case: Index,
    ruled: dict[str, Ruled],
    profile_ids: pa.Array,
) -> pa.Table:
    pairs = some.pairs.only(chosen)
    count = len(pairs)
    return pa.table(
        {
            "case": pa.array(case),
            "kind": pa.array([kind] * count, pa.string()),
            "place": pa.array(np.arange(count, dtype=np.int64)),
            "is_gained": pa.array(np.full(count, source == "gained")),
            **ends(evidence.records, pairs.left, pairs.right, profile_ids),
            "rule": pa.array(ruled[source].rules_of(pairs), pa.string()),
            "probability": pa.array(some.probability[chosen]),
            "left_values": delivered(evidence.records, pairs.left),
            "right_values": delivered(evidence.records, pairs.right),
            "reasons": pa.array(
                [json.dumps([asdict(r) for r in told]) for told in reasons(evidence, pairs.left, pairs.right)],
                pa.string(),
            ),
        }
    )


def cases(found: Sides, parts: Partitions) -> pa.Table:
    """One row per two people who share records and do not stay one and the same: `case, kind, before_id, after_id,
    records`, in the order of kinds and cases."""
    kind = parts.kinds[parts.case]
    rows = np.flatnonzero(kind != KINDS.index(SAME))
    rows = rows[np.lexsort((parts.after[rows], parts.before[rows], parts.case[rows], kind[rows]))]
    return pa.table(
        {
            "case": pa.array(parts.case[rows]),
            "kind": pa.array(list(KINDS), pa.string()).take(pa.array(kind[rows])),
            "before_id": found.before_ids.take(pa.array(parts.before[rows])),
            "after_id": found.after_ids.take(pa.array(parts.after[rows])),
            "records": pa.array(parts.records[rows]),
        }
    )


def stayed(found: Sides, parts: Partitions) -> pa.Table:
    """`before_id, after_id` of the people who stay one and the same."""
    rows = pa.array(np.flatnonzero(parts.kinds[parts.case] == KINDS.index(SAME)))
    one, other = (pa.array(side).take(rows) for side in (parts.before, parts.after))
    return pa.table({"before_id": found.before_ids.take(one), "after_id": found.after_ids.take(other)})
