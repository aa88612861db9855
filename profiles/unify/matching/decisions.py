"""What people decided about pairs of records, as the numbers of those records.

Decisions that contradict each other cannot all be obeyed. They are taken from the newest down: one that cannot hold
together with the newer ones is set aside, and reported.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from profiles.unify.matching.graph import Enemies, Groups, components, make_enemies
from profiles.unify.reading.keys import SEPARATOR
from profiles.unify.reading.records import Codes

JOIN, APART, UNSURE = "join", "apart", "unsure"
SHOWN = 50  # of those that contradict each other
Row = tuple[str, str, str, str]


@dataclass(frozen=True)
class Decided:
    """Decisions that hold together. `join` pairs are one person, `apart` pairs never are.

    `known`: every pair that was answered, "don't know" included, as sorted left × records + right.
    `contradicted`: decisions that newer ones rule out, as (table, record id, table, record id).
    `missing`: how many name a record that is not there.
    """

    join_left: Codes
    join_right: Codes
    apart_left: Codes
    apart_right: Codes
    known: npt.NDArray[np.int64]
    contradicted: tuple[Row, ...] = ()
    missing: int = 0

    @property
    def count(self) -> int:
        return len(self.join_left) + len(self.apart_left)

    def numbered(self, place: Codes) -> "Decided":
        """By other numbers: `place` has that of each record, −1 for those that are left out."""
        joins = (place[self.join_left] >= 0) & (place[self.join_right] >= 0)
        aparts = (place[self.apart_left] >= 0) & (place[self.apart_right] >= 0)
        return Decided(
            place[self.join_left[joins]], place[self.join_right[joins]],
            place[self.apart_left[aparts]], place[self.apart_right[aparts]], np.array([], np.int64),
        )  # fmt: skip


def nothing_decided() -> Decided:
    none = np.array([], np.int32)
    return Decided(none, none, none, none, np.array([], np.int64))


def decided(rows: pa.Table | None, names: pa.Array) -> Decided:
    """`rows`: columns `left_table, left_id, right_table, right_id, verdict, at`, each pair once, in any order; of two
    of the same moment the one whose names come first counts as the newer. `names`: per record its table and id."""
    if rows is None or not rows.num_rows:
        return nothing_decided()
    rows = rows.sort_by([("at", "descending"), *((name, "ascending") for name in rows.column_names[:4])])
    left, right = numbers_of(rows, names)
    found = (left >= 0) & (right >= 0) & (left != right)
    verdict = rows.column("verdict").to_numpy(zero_copy_only=False)
    low, high = np.minimum(left, right), np.maximum(left, right)
    joins, aparts = np.flatnonzero(found & (verdict == JOIN)), np.flatnonzero(found & (verdict == APART))
    keep = _consistent(len(names), low, high, joins, aparts)
    kept_joins, kept_aparts = joins[keep[joins]], aparts[keep[aparts]]
    lost = np.sort(np.concatenate([joins[~keep[joins]], aparts[~keep[aparts]]]))
    return Decided(
        join_left=low[kept_joins].astype(np.int32),
        join_right=high[kept_joins].astype(np.int32),
        apart_left=low[kept_aparts].astype(np.int32),
        apart_right=high[kept_aparts].astype(np.int32),
        known=np.unique(low[found].astype(np.int64) * len(names) + high[found]),
        contradicted=tuple(_rows(rows, lost)),
        missing=int((~found).sum()),
    )


def numbers_of(rows: pa.Table, names: pa.Array) -> tuple[Codes, Codes]:
    """The records that pairs name by `left_table, left_id, right_table, right_id`, −1 where there is none."""
    asked = [
        pc.binary_join_element_wise(rows.column(f"{side}_table"), rows.column(f"{side}_id"), SEPARATOR)
        for side in ("left", "right")
    ]
    wanted = pa.chunked_array([chunk for column in asked for chunk in column.chunks], pa.string()).unique()
    at = pc.index_in(names, value_set=wanted)  # the small side is hashed, however many records there are
    places = np.flatnonzero(at.is_valid().to_numpy(zero_copy_only=False))
    numbers = np.full(len(wanted), -1, np.int32)
    numbers[at.drop_null().to_numpy()] = places
    one, other = (numbers[pc.index_in(column, value_set=wanted).to_numpy()] for column in asked)
    return one, other


def _consistent(
    count: int, left: Codes, right: Codes, joins: npt.NDArray[np.int64], aparts: npt.NDArray[np.int64]
) -> npt.NDArray[np.bool_]:
    """Which decisions, the newest first, hold together with all newer ones."""
    keep = np.ones(len(left), bool)
    labels = components(count, left[joins], right[joins])
    torn = labels[left[aparts[labels[left[aparts]] == labels[right[aparts]]]]]
    if not len(torn):
        return keep
    concerned = np.zeros(count, bool)
    concerned[torn] = True
    every = np.sort(np.concatenate([joins, aparts]))
    every = every[concerned[labels[left[every]]] & (labels[left[every]] == labels[right[every]])]
    is_join = np.isin(every, joins)
    groups = Groups()
    enemies: Enemies = {}
    for row, joining, one, other in zip(
        every.tolist(), is_join.tolist(), left[every].tolist(), right[every].tolist(), strict=True
    ):
        if joining:
            keep[row] = groups.join(one, other, enemies)
        elif groups.together(one, other):
            keep[row] = False
        else:
            make_enemies(enemies, one, other)
    return keep


def _rows(rows: pa.Table, places: npt.NDArray[np.int64]) -> Sequence[Row]:
    chosen = rows.take(pa.array(places)).select(["left_table", "left_id", "right_table", "right_id"])
    return [(row["left_table"], row["left_id"], row["right_table"], row["right_id"]) for row in chosen.to_pylist()]


def tell(decisions: Decided) -> dict[str, Any]:
    """For the report."""
    return {
        "joins": len(decisions.join_left),
        "aparts": len(decisions.apart_left),
        "missing": decisions.missing,
        "contradicted": len(decisions.contradicted),
        "contradicted_pairs": [list(row) for row in decisions.contradicted[:SHOWN]],
    }
