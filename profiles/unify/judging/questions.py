"""What people are asked: the queue and the sample as one table, with all that a page shows of a pair."""

import json
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from profiles.unify.judging.quality import Sample, Stratum, draw
from profiles.unify.judging.review import CLAIMED, KINDS, Queue, queue
from profiles.unify.matching.cluster import Guarded
from profiles.unify.matching.decisions import APART, Decided, numbers_of
from profiles.unify.matching.graph import Labels
from profiles.unify.matching.match import Matches
from profiles.unify.pairs.grouping import Mask
from profiles.unify.reading.records import Codes, Records
from profiles.unify.values.jsontext import as_type
from profiles.unify.weighing.evidence import Evidence
from profiles.unify.weighing.reasons import reasons

SAMPLE = "sample"
LEFT, RIGHT = "left", "right"
LONGEST_VALUE = 300
SCHEMA = pa.schema(
    [("number", pa.int64())]
    + [(name, pa.string()) for name in ("left_table", "left_id", "right_table", "right_id")]
    + [(name, pa.string()) for name in ("left_profile", "right_profile", "reason", "about", "stratum")]
    + [("probability", pa.float64()), ("gain", pa.float64())]
    + [(name, pa.string()) for name in ("left_values", "right_values", "reasons")]
)


@dataclass(frozen=True)
class Questions:
    """`table`: one row per pair, numbered in the order in which they are best asked, the queue first and then the
    sample (reason "sample"). `about`: the side of the record that is asked whose it is, "" for most. `…_values` and
    `reasons` are JSON."""

    table: pa.Table
    strata: tuple[Stratum, ...]


def questions(
    evidence: Evidence,
    matches: Matches,
    people: Guarded,
    clusters: Labels,
    answers: Decided,
    names: pa.Array,
    profile_ids: pa.Array,
) -> Questions:
    records = evidence.records
    sample = draw(evidence, people.labels, names)
    aside = np.unique(sample.left.astype(np.int64) * records.count + sample.right)
    asked = queue(records, evidence, matches, clusters, answers, aside, people.claims)
    left, right = np.concatenate([asked.left, sample.left]), np.concatenate([asked.right, sample.right])
    table = pa.table(
        {
            "number": pa.array(np.arange(1, len(left) + 1)),
            **ends(records, left, right, profile_ids),
            **_kinds(asked, sample),
            "left_values": delivered(records, left),
            "right_values": delivered(records, right),
            "reasons": [json.dumps([asdict(r) for r in told]) for told in reasons(evidence, left, right)],
        }
    )
    return Questions(table.select(SCHEMA.names).cast(SCHEMA), sample.strata)


def after_changes(table: pa.Table, answers: pa.Table | None, names: pa.Array, profile_ids: pa.Array) -> pa.Table:
    """The questions of an earlier run as they stand now: without those that were answered or that follow from an answer
    (the sample keeps them, for the estimate) and those about records that are gone, and with the people of now. `names`
    and `profile_ids` are of the records that are asked for or were answered about, at least."""
    left, right = numbers_of(table, names)
    keep = (left >= 0) & (right >= 0)
    left, right, table = left[keep], right[keep], table.filter(pa.array(keep))
    keep = pc.equal(table.column("reason"), SAMPLE).to_numpy()
    keep = keep | ~_settled(table, left, right, answers, names, profile_ids)
    left, right, kept = left[keep], right[keep], table.filter(pa.array(keep))
    for name, values in (
        ("number", pa.array(np.arange(1, len(left) + 1))),
        ("left_profile", profile_ids.take(pa.array(left))),
        ("right_profile", profile_ids.take(pa.array(right))),
    ):
        kept = kept.set_column(kept.column_names.index(name), name, values)
    return kept


def _settled(
    table: pa.Table, left: Codes, right: Codes, answers: pa.Table | None, names: pa.Array, profile_ids: pa.Array
) -> Mask:
    """Pairs that were answered, of people whom an answer keeps apart, and those about a record that is one of its
    claimants' now."""
    if answers is None or not answers.num_rows:
        return np.zeros(len(left), bool)
    person = profile_ids.dictionary_encode().indices.to_numpy()
    one, other = person[left], person[right]
    settled: Mask = np.isin(_pair_keys(left, right), _pair_keys(*numbers_of(answers, names)))
    parted = numbers_of(answers.filter(pc.equal(answers.column("verdict"), APART)), names)
    here = (parted[0] >= 0) & (parted[1] >= 0)
    parted_people = _pair_keys(person[parted[0][here]], person[parted[1][here]])
    settled |= (one != other) & np.isin(_pair_keys(one, other), parted_people)
    is_about = pc.not_equal(table.column("about"), "").to_numpy()
    about = np.where(pc.equal(table.column("about"), RIGHT).to_numpy(), right, left)
    settled |= is_about & np.isin(about, about[is_about & (one == other)])
    return settled


def _pair_keys(left: Codes, right: Codes) -> npt.NDArray[np.int64]:
    low, high = np.minimum(left, right).astype(np.int64), np.maximum(left, right)
    keys: npt.NDArray[np.int64] = low << 32 | high
    return keys


def ends(records: Records, left: Codes, right: Codes, profile_ids: pa.Array) -> dict[str, pa.Array]:
    tables = pa.array([table.name for table in records.tables], pa.string())
    found = {}
    for side, numbers in (("left", left), ("right", right)):
        found[f"{side}_table"] = tables.take(pa.array(records.table_index[numbers]))
        found[f"{side}_id"] = records.record_ids.take(pa.array(numbers))
        found[f"{side}_profile"] = profile_ids.take(pa.array(numbers))
    return found


def _kinds(asked: Queue, sample: Sample) -> dict[str, pa.Array]:
    kinds = [KINDS[kind] for kind in asked.kind.tolist()] + [SAMPLE] * len(sample.left)
    about = np.where(asked.kind == KINDS.index(CLAIMED), np.where(asked.about == asked.left, LEFT, RIGHT), "")
    strata = [""] * len(asked.left) + [sample.strata[number].name for number in sample.stratum.tolist()]
    probability = np.concatenate([asked.probability, sample.probability])
    return {
        "reason": pa.array(kinds, pa.string()),
        "about": pa.array([*about.tolist(), *[""] * len(sample.left)], pa.string()),
        "stratum": pa.array(strata, pa.string()),
        "probability": pa.array(probability, mask=np.isnan(probability)),
        "gain": pa.array(np.concatenate([asked.gain, np.zeros(len(sample.left))])),
    }


def delivered(records: Records, numbers: Codes) -> pa.Array:
    """What the records hold, as delivered, by column; unknown values are left out."""
    found = [""] * len(numbers)
    offsets = records.offsets()
    for place, table in enumerate(records.tables):
        mine = np.flatnonzero(records.table_index[numbers] == place)
        rows = table.data.take(pa.array(numbers[mine] - offsets[place]))
        texts = pa.table({name: _text(rows.column(name)) for name in rows.column_names})
        for position, row in zip(mine.tolist(), texts.to_pylist(), strict=True):
            found[position] = json.dumps(_known(row), ensure_ascii=False)
    return pa.array(found, pa.string())


def _text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pa.chunked_array([as_type(column.combine_chunks(), pa.string())])


def _known(row: dict[str, Any]) -> dict[str, str]:
    return {name: value[:LONGEST_VALUE] for name, value in row.items() if value not in (None, "")}
