"""Personal names: taking full names apart, and how alike two names are."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from rapidfuzz.distance import JaroWinkler
from rapidfuzz.process import cpdist

from profiles.unify.words import NICKNAMES, PARTICLES

Scores = npt.NDArray[np.float32]
NICKNAME = np.float32(0.96)  # Bob for Robert
PART_OF = np.float32(0.93)  # Mary for Mary Ann, Garcia for Garcia Lopez
INITIAL = np.float32(0.87)  # J for John: alike at medium, never at high


def split_names(values: pa.Array) -> list[tuple[str, str]]:
    """(given, family) of full names; particles belong to the family name. One word alone is a family name."""
    return [_split(text.split()) for text in values.to_pylist()]


def _split(words: list[str]) -> tuple[str, str]:
    if len(words) < 2:
        return "", " ".join(words)
    start = len(words) - 1
    while start > 1 and words[start - 1] in PARTICLES:
        start -= 1
    return " ".join(words[:start]), " ".join(words[start:])


def join_name(given: str, family: str) -> str:
    return f"{given} {family}".strip()


def word_similarity(left: list[str], right: list[str]) -> Scores:
    """Of given or family names: Jaro-Winkler without spaces, raised for nicknames, parts, initials; 0 for no name."""
    bare_left, bare_right = [t.replace(" ", "") for t in left], [t.replace(" ", "") for t in right]
    scores = cpdist(bare_left, bare_right, scorer=JaroWinkler.normalized_similarity, dtype=np.float32, workers=-1)
    special = [_special(a, b) for a, b in zip(left, right, strict=True)]
    scores = np.maximum(scores, np.array(special, dtype=np.float32))
    known = np.array([bool(a and b) for a, b in zip(left, right, strict=True)], dtype=bool)
    return np.where(known, scores, np.float32(0)).astype(np.float32)


def _special(left: str, right: str) -> float:
    if not left or not right or left == right:
        return 0.0
    if NICKNAMES.get(left, left) == NICKNAMES.get(right, right):
        return float(NICKNAME)
    if (len(left) == 1 or len(right) == 1) and left[0] == right[0]:
        return float(INITIAL)
    if " " not in left and " " not in right:
        return 0.0
    one, other = left.split(), right.split()
    short, long = (one, other) if len(one) < len(other) else (other, one)
    if len(one) != len(other) and all(len(word) > 1 for word in short) and set(short) <= set(long):
        return float(PART_OF)
    if NICKNAMES.get(one[0], one[0]) == NICKNAMES.get(other[0], other[0]) and len(one[0]) > 1 and len(other[0]) > 1:
        return float(PART_OF) if min(len(one), len(other)) == 1 else 0.0
    return 0.0


class NamePairs:
    """Similarities of pairs of (given, family) names; in either order of the two parts."""

    def __init__(self, given: tuple[list[str], list[str]], family: tuple[list[str], list[str]]) -> None:
        (self.g1, self.g2), (self.f1, self.f2) = given, family

    def whole(self) -> Scores:
        """Both parts must be alike. Where a part is missing on one side, or scripts write names as one word, the joined
        letters are compared instead."""
        direct = np.minimum(word_similarity(self.g1, self.g2), word_similarity(self.f1, self.f2))
        swapped = np.minimum(word_similarity(self.g1, self.f2), word_similarity(self.f1, self.g2))
        best = np.maximum(direct, swapped)
        odd = _where(not (a and b and c and d) for a, b, c, d in zip(self.g1, self.f1, self.g2, self.f2, strict=True))
        if odd.size:
            best[odd] = np.maximum(best[odd], self._joined(odd))
        return best

    def given(self) -> Scores:
        """Given names alike, also where one side has the parts swapped or only one part is known; 1 − nothing is said
        when a given name is missing on a side: then the whole names are compared."""
        direct = word_similarity(self.g1, self.g2)
        swapped = np.minimum(word_similarity(self.g1, self.f2), word_similarity(self.f1, self.g2))
        best = np.maximum(direct, swapped)
        odd = _where(not (a and b) for a, b in zip(self.g1, self.g2, strict=True))
        if odd.size:
            best[odd] = np.maximum(best[odd], self._joined(odd))
        return best

    def _joined(self, where: npt.NDArray[np.int64]) -> Scores:
        one = [(self.g1[i] + self.f1[i]).replace(" ", "") for i in where]
        other = [(self.g2[i] + self.f2[i]).replace(" ", "") for i in where]
        turned = [(self.f2[i] + self.g2[i]).replace(" ", "") for i in where]
        scorer = JaroWinkler.normalized_similarity
        straight: Scores = cpdist(one, other, scorer=scorer, dtype=np.float32)
        reverse: Scores = cpdist(one, turned, scorer=scorer, dtype=np.float32)
        return np.maximum(straight, reverse)


def _where(flags: Iterable[bool]) -> npt.NDArray[np.int64]:
    return np.flatnonzero(np.fromiter(flags, dtype=bool))
