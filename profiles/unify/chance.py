"""How often two records of different people agree by chance, from the frequencies of values."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from profiles.unify.names import Scores, word_similarity
from profiles.unify.records import Feature, Records
from profiles.unify.rules import Condition
from profiles.unify.score import similarity

SAMPLED_PAIRS = 200_000
SEED = 20_240_229
# Conditions of one family agree together: a postcode says little more once the city is the same.
FAMILIES = {"address.city": "place", "address.postcode": "place", "address.region": "place", "address.line": "place"}


def chance(records: Records, conditions: Sequence[Condition]) -> float:
    """The probability that all conditions hold for two random records: independent families multiplied, the rarest
    condition of each family counted."""
    families: dict[str, float] = {}
    for condition in conditions:
        family = FAMILIES.get(condition.feature, condition.measured_feature)
        families[family] = min(families.get(family, 1.0), _of(records, condition))
    return float(np.prod(list(families.values())))


def _of(records: Records, condition: Condition) -> float:
    feature = records.features[condition.measured_feature]
    if condition.compare == "missing":
        return 1.0
    exact = agreement(feature, records.count)
    if condition.is_key:
        return exact
    left, right = _sample(records.count)
    if feature.parts:
        return max(exact, _of_name(feature, condition, left, right))
    scores = similarity(feature, condition.measure, feature.codes[left], feature.codes[right])
    return max(exact, float((scores >= condition.limit).mean()), 1.0 / SAMPLED_PAIRS)


def agreement(feature: Feature, records: int) -> float:
    """The probability that two random records have the same known value."""
    counts = feature.counts().astype(np.float64)
    return float((counts * (counts - 1)).sum() / max(1.0, float(records) * (records - 1)))


def _of_name(
    feature: Feature, condition: Condition, left: npt.NDArray[np.int64], right: npt.NDArray[np.int64]
) -> float:
    """Given and family names apart: together they are too rare for a sample."""
    one, other = feature.codes[left], feature.codes[right]
    known = (one >= 0) & (other >= 0)
    rates = [_rate(part, one[known], other[known], condition.limit) for part in feature.parts]
    return rates[0] if condition.measure == "given_name" else rates[0] * rates[1]


def _rate(part: pa.Array, one: npt.NDArray[np.int32], other: npt.NDArray[np.int32], limit: float) -> float:
    scores: Scores = word_similarity(part.take(pa.array(one)).to_pylist(), part.take(pa.array(other)).to_pylist())
    return max(float((scores >= limit).mean()) if len(scores) else 0.0, 1.0 / SAMPLED_PAIRS)


def _sample(count: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    draw = np.random.default_rng(SEED)
    left, right = draw.integers(0, count, SAMPLED_PAIRS), draw.integers(0, count, SAMPLED_PAIRS)
    different = left != right
    return left[different], right[different]
