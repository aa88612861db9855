"""What two records may be other than one person, although much is the same: twins, or members of a household."""

import numpy as np
import numpy.typing as npt

from profiles.unify.pairs.score import best_feature_similarity
from profiles.unify.reading.records import Codes, Records
from profiles.unify.values.in_pairs import Scores

Index = npt.NDArray[np.int32] | npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
NAME, BIRTH, LINE = "person.name", "person.birth_date", "address.line"
# A nickname, an initial, a slip of the pen is no other given name.
OTHER_GIVEN, SAME_FAMILY, SAME_LINE = 0.75, 0.92, 0.9


def twins(records: Records, left: Index, right: Index) -> Mask:
    """Born on one day under one family name, the given names differ; the addresses do not, as far as both are known."""
    born = _alike(records, BIRTH, "exact", left, right) == 1
    line = _alike(records, LINE, "token_set", left, right)
    found: Mask = born & _named_apart(records, left, right) & ((line < 0) | (line >= SAME_LINE))
    return found


def household(records: Records, left: Index, right: Index) -> Mask:
    """One address and family name, the given names differ; so do the birth dates, as far as both are known."""
    line = _alike(records, LINE, "token_set", left, right)
    born = _alike(records, BIRTH, "exact", left, right)
    found: Mask = (line >= SAME_LINE) & _named_apart(records, left, right) & (born < 1)
    return found


SITUATIONS = {"twins": twins, "household": household}


def _named_apart(records: Records, left: Index, right: Index) -> Mask:
    """One family name, and two given names that are not ways to write one."""
    feature = records.features.get(NAME)
    if feature is None:
        return np.zeros(len(left), bool)
    given, family = (np.append(part, -1)[feature.codes].astype(np.int32) for part in feature.parts)
    known = (given[left] >= 0) & (given[right] >= 0)
    one, other = _similar(records, given, left, right), _similar(records, family, left, right)
    found: Mask = known & (one < OTHER_GIVEN) & (other >= SAME_FAMILY)
    return found


def _similar(records: Records, part: Codes, left: Index, right: Index) -> Scores:
    return records.features[NAME].words.similarity(part[left], part[right])


def _alike(records: Records, name: str, measure: str, left: Index, right: Index) -> Scores:
    feature = records.features.get(name)
    if feature is None:
        return np.full(len(left), np.float32(-1))
    return best_feature_similarity(feature, measure, left, right)
