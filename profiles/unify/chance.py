"""How often two records of different people agree by chance, from the frequencies of values."""

from collections.abc import Sequence

import numpy as np

from profiles.unify.names import Scores
from profiles.unify.records import Feature, Records
from profiles.unify.rules import Condition
from profiles.unify.score import similarity

SAMPLED_PAIRS = 100_000
SEED = 20_240_229
# Subdividing large groups by initials and parts of names leaves about this share of their pairs.
SUBDIVIDED = 10
# Conditions of one family agree together: a postcode says little more once the city is the same.
FAMILIES = {"address.city": "place", "address.postcode": "place", "address.region": "place", "address.line": "place"}


class Chances:
    """Probabilities that conditions hold for two random records; each is estimated once."""

    def __init__(self, records: Records) -> None:
        self._records = records
        draw = np.random.default_rng(SEED)
        left, right = (draw.integers(0, max(1, records.count), SAMPLED_PAIRS) for _side in range(2))
        self._left, self._right = left[left != right], right[left != right]
        self._known: dict[Condition, float] = {}
        self._scores: dict[tuple[str, str], Scores] = {}

    def of_all(self, conditions: Sequence[Condition]) -> float:
        """Independent families multiplied, the rarest condition of each family counted."""
        families: dict[str, float] = {}
        for condition in conditions:
            family = FAMILIES.get(condition.feature, condition.measured_feature)
            families[family] = min(families.get(family, 1.0), self.of(condition))
        return float(np.prod(list(families.values())))

    def compared_pairs(self, conditions: Sequence[Condition]) -> float:
        """How many pairs a rule would look at, about: those with equal keys, less where large groups are subdivided."""
        keys = [self.of(condition) for condition in conditions if condition.is_key]
        pairs = float(np.prod(keys)) * self._records.count**2 / 2
        fuzzy = any(not c.is_key and c.compare not in ("missing", "differs") for c in conditions)
        return pairs / SUBDIVIDED if fuzzy and pairs > self._records.count else pairs

    def of(self, condition: Condition) -> float:
        if condition not in self._known:
            self._known[condition] = self._estimate(condition)
        return self._known[condition]

    def _estimate(self, condition: Condition) -> float:
        feature = self._records.features[condition.measured_feature]
        if condition.compare == "missing":
            return 1.0
        exact = agreement(feature, self._records.count)
        if condition.is_key:
            return exact
        if feature.parts:
            return max(exact, self._of_name(feature, condition))
        key = (feature.name, condition.measure)
        if key not in self._scores:
            codes = feature.codes
            self._scores[key] = similarity(feature, condition.measure, codes[self._left], codes[self._right])
        return max(exact, _rate(self._scores[key], condition.limit))

    def _of_name(self, feature: Feature, condition: Condition) -> float:
        """Given and family names apart: together they are too rare for a sample."""
        one, other = feature.codes[self._left], feature.codes[self._right]
        known = (one >= 0) & (other >= 0)
        rates = []
        for number, part in enumerate(feature.parts):
            key = (feature.name, str(number))
            if key not in self._scores:
                self._scores[key] = feature.words.similarity(part[one[known]], part[other[known]])
            rates.append(_rate(self._scores[key], condition.limit))
        return rates[0] if condition.measure == "given_name" else rates[0] * rates[1]


def _rate(scores: Scores, limit: float) -> float:
    """Never less than what a sample of this size can see."""
    return max(float((scores >= limit).mean()) if len(scores) else 0.0, 1.0 / SAMPLED_PAIRS)


def agreement(feature: Feature, records: int) -> float:
    """The probability that two random records have the same known value."""
    counts = feature.counts().astype(np.float64)
    return float((counts * (counts - 1)).sum() / max(1.0, float(records) * (records - 1)))
