"""How alike two values are. Comparisons see distinct value pairs only, and characters, not bytes."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice, product

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, JaroWinkler, Levenshtein

from profiles.unify.config.rules import Condition
from profiles.unify.config.tolerances import near_days, near_in_percent, near_numbers
from profiles.unify.reading.records import Codes, Feature, Records
from profiles.unify.values import bags
from profiles.unify.values.in_pairs import Scores, in_pairs
from profiles.unify.values.names import NamePairs
from profiles.unify.values.sets import coded
from profiles.unify.values.sounds import initials_alike, sound_alike

Index = npt.NDArray[np.int32] | npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
SWAPPED_DAY = np.float32(0.9)  # 1980-03-02 typed as 1980-02-03
NO_VALUE = np.float32(-1)
UNEQUAL = np.float32(0.99)
# Of fewer pairs, looking at the letters of all values first takes longer than it saves.
FEW_PAIRS = 10_000


@dataclass(frozen=True)
class Values:
    """Two aligned columns of values of one feature, none of them equal or missing."""

    feature: Feature
    left: pa.Array
    right: pa.Array

    def texts(self) -> tuple[list[str], list[str]]:
        return self.feature.values.take(self.left).to_pylist(), self.feature.values.take(self.right).to_pylist()

    def names(self) -> NamePairs:
        left, right = self.left.to_numpy(), self.right.to_numpy()
        given, family = self.feature.parts
        return NamePairs(self.feature.words, (given[left], given[right]), (family[left], family[right]))


Measure = Callable[[Values], Scores]


def _distance(scorer: Callable[..., float]) -> Measure:
    return lambda values: in_pairs(scorer, *values.texts())


def _texts(scorer: Callable[[list[str], list[str]], Scores]) -> Measure:
    return lambda values: scorer(*values.texts())


def _exact(values: Values) -> Scores:
    return np.zeros(len(values.left), dtype=np.float32)


def _token_set(values: Values) -> Scores:
    scaled: Scores = in_pairs(fuzz.token_set_ratio, *values.texts()) * np.float32(0.01)
    return scaled


def _text(values: Values) -> Scores:
    """As the same words, though never wholly so: values that differ are not equal."""
    return np.minimum(_token_set(values), UNEQUAL)


def _near(values: Values) -> Scores:
    """Of whole numbers: 0.95 one apart, 0.9 two, 0.8 up to a tenth, else 0."""
    left, right = (np.array([_number(text) for text in texts]) for texts in values.texts())
    apart = np.abs(left - right)
    tenth = apart <= 0.1 * np.maximum(np.abs(left), np.abs(right))
    return np.select([apart <= 1, apart <= 2, tenth], [0.95, 0.9, 0.8], 0.0).astype(np.float32)


def _number(text: str) -> float:
    """What is no number is near none."""
    try:
        return float(text)
    except ValueError:
        return np.nan


def _date(values: Values) -> Scores:
    """Of YYYYMMDD: an eighth less per mistyped digit (neighbours swapped count once); day and month swapped 0.9."""
    left, right = values.texts()
    scores = in_pairs(OSA.normalized_similarity, left, right)
    turned = [a[:4] == b[:4] and a[4:6] == b[6:] and a[6:] == b[4:6] for a, b in zip(left, right, strict=True)]
    swapped: Scores = np.where(turned, SWAPPED_DAY, np.float32(0)).astype(np.float32)
    best: Scores = np.maximum(scores, swapped)
    return best


def _name(values: Values) -> Scores:
    return values.names().whole()


def _given_name(values: Values) -> Scores:
    return values.names().given()


MEASURES: dict[str, Measure] = {
    "exact": _exact,
    "missing": _exact,
    "jaro_winkler": _distance(JaroWinkler.normalized_similarity),
    "levenshtein": _distance(Levenshtein.normalized_similarity),
    "damerau": _distance(OSA.normalized_similarity),
    "token_set": _token_set,
    "phonetic": _texts(sound_alike),
    "initials": _texts(initials_alike),
    "number": _texts(near_numbers),
    "percent": _texts(near_in_percent),
    "days": _texts(near_days),
    "text": _text,
    "near": _near,
    "date": _date,
    "name": _name,
    "given_name": _given_name,
}


CEILINGS = {
    "jaro_winkler": bags.jaro_winkler,
    "levenshtein": bags.edits,
    "damerau": bags.edits,
    "date": bags.edits,
    "token_set": bags.token_set,
}


def similarity(feature: Feature, measure: str, one: Codes, other: Codes, least: float = 0.0) -> Scores:
    """Of aligned codes: 1 for equal values, −1 where one is unknown. Below `least`, 0 stands for any similarity."""
    result: Scores = (one == other).astype(np.float32)
    np.putmask(result, np.minimum(one, other) < 0, NO_VALUE)
    open_ = np.flatnonzero(result == 0)
    if measure in CEILINGS and least > 0 and len(open_) >= FEW_PAIRS:
        letters = feature.bags_of_words if measure == "token_set" else feature.bags
        open_ = open_.compress(letters.hopeful(CEILINGS[measure], least, one[open_], other[open_]))
    if measure in ("exact", "missing") or not open_.size:
        return result
    low, high = np.minimum(one[open_], other[open_]), np.maximum(one[open_], other[open_])
    distinct, back = coded(low.astype(np.int64) << 32 | high)
    pairs = Values(feature, pa.array(distinct >> 32), pa.array(distinct & 0xFFFFFFFF))
    result[open_] = MEASURES[measure](pairs)[back]
    return result


def best_similarity(records: Records, condition: Condition, left: Index, right: Index) -> Scores:
    """Of records `left` and `right`, the best over all columns of this meaning; below the limit of the condition, 0
    stands for any similarity. Names are compared as a whole."""
    feature = records.features.get(condition.measured_feature)
    if feature is None:
        return np.full(len(left), NO_VALUE)
    return best_feature_similarity(feature, condition.measure, left, right, condition.limit)


def best_feature_similarity(feature: Feature, measure: str, left: Index, right: Index, least: float = 0.0) -> Scores:
    """Of the feature's values in records `left` and `right`, over all its columns; −1 where one has none.

    Below `least`, 0 stands for any similarity."""
    best = similarity(feature, measure, feature.codes.take(left), feature.codes.take(right), least)
    for one, other in islice(product(feature.columns, repeat=2), 1, None):
        best = np.maximum(best, similarity(feature, measure, one.take(left), other.take(right), least))
    return best


def holds(records: Records, condition: Condition, left: Index, right: Index) -> tuple[Mask, Scores]:
    """Which pairs satisfy the condition, and how well (1 for `missing` and `differs`)."""
    scores = best_similarity(records, condition, left, right)
    if condition.compare == "missing":
        return scores == NO_VALUE, np.ones(len(left), np.float32)
    if condition.compare == "differs":
        return (scores >= 0) & (scores < condition.limit), np.ones(len(left), np.float32)
    return scores >= condition.limit, scores
