"""Personal names: taking full names apart, and how alike two names are."""

import re
from collections.abc import Sequence
from functools import cached_property
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz.distance import OSA, JaroWinkler

from profiles.unify.values.bags import Bags, jaro_winkler
from profiles.unify.values.family_names import is_double
from profiles.unify.values.in_pairs import Scores, in_pairs
from profiles.unify.values.nicknames import groups_of, same_name
from profiles.unify.values.sets import coded, contained, distinct
from profiles.unify.values.spellings import skeletons, spellings
from profiles.unify.values.words import words

Codes = npt.NDArray[np.int32]
Rows = npt.NDArray[np.int64]
NICKNAME = np.float32(0.96)  # Bob for Robert
SPELLING = np.float32(0.95)  # Juergen for Jurgen, Yuliya for Julia
PART_OF = np.float32(0.93)  # Mary for Mary Ann, Garcia for Garcia Lopez
SLIP = np.float32(0.88)  # Aa Lívia for Ana Lívia: mostly a slip, but Văn An is not Văn Anh
UNVOWELLED = np.float32(0.9)  # mhmd for Mohammed: scripts that leave vowels out
INITIAL = np.float32(0.87)  # J for John: alike at medium, never at high
DIFFERENT = np.float32(0.7)  # below it, the other part of the name need not be looked at
SAME_ENOUGH = np.float32(0.92)  # from it on, the swapped order need not be tried

# They belong to the family name.
PARTICLES = frozenset(
    words(
        """
    van von vom vander der den de del della dello dei degli di da dal das dos do du des la le las los el al bin
    ibn bint ben bar ter ten te op st san santa zu zum zur af av auf abu abi umm mac mc ap o y e ould
    """
    )
)
_HAS_VOWEL = re.compile(r"[aeiou]")
# So many consonants, or a name says too little.
SHORTEST_SKELETON = 3


def split_names(values: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Given and family names of full names, null where there is none; particles belong to the family name, as do both
    of two family names (García López). One word alone is a family name."""
    texts = values.cast(pa.string())
    parts = pc.split_pattern(texts, " ", max_splits=1, reverse=True)
    several = pc.greater(pc.list_value_length(parts), 1)
    given = pc.if_else(several, pc.list_element(parts, 0), None)
    family = pc.replace_with_mask(texts, several, pc.list_element(parts.filter(several), 1))
    many = pc.fill_null(pc.match_substring(given, " "), False)
    if pc.any(many).as_py():
        split = [_split(text.split()) for text in texts.filter(many).to_pylist()]
        given, family = (
            pc.replace_with_mask(part, many, pa.array(found, pa.string()))
            for part, found in zip((given, family), zip(*split, strict=True), strict=True)
        )
    return given, family


def _split(words: list[str]) -> tuple[str, str]:
    start = family_start(words)
    return " ".join(words[:start]), " ".join(words[start:])


def family_start(words: Sequence[str]) -> int:
    """Where the family name begins, of the folded words of a full name that ends with it."""
    start = len(words) - 1
    if start > 1 and is_double(words[start - 1], words[start]):
        start -= 1
    while start > 1 and words[start - 1] in PARTICLES:
        start -= 1
    return start


class Words:
    """The distinct given and family names of all records, by number; −1 is no name."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = list(texts)

    @cached_property
    def bare(self) -> npt.NDArray[np.object_]:
        return np.array([text.replace(" ", "") for text in self.texts], dtype=object)

    @cached_property
    def related(self) -> npt.NDArray[np.int64]:
        """Pairs of a name and its other forms, as lesser << 32 | greater, sorted."""
        members: dict[int, list[int]] = {}
        for number, text in enumerate(self.texts):
            for group in groups_of(text):
                members.setdefault(group, []).append(number)
        pairs = [one << 32 | other for same in members.values() for one, other in combinations(same, 2)]
        return distinct(np.array(pairs, np.int64))

    @cached_property
    def spelling(self) -> Codes:
        """A number shared by the ways to write one name in Latin letters."""
        return _numbered(spellings(self.texts))

    @cached_property
    def skeleton(self) -> Codes:
        """A number shared by names of the same consonants; −1 for those of few."""
        found = skeletons(self.bare.tolist())
        long = np.array([len(text) >= SHORTEST_SKELETON for text in found], bool)
        return np.where(long, _numbered(found), np.int32(-1))

    @cached_property
    def unvowelled(self) -> npt.NDArray[np.bool_]:
        return np.array([len(text) > 2 and not _HAS_VOWEL.search(text) for text in self.bare], dtype=bool)

    @cached_property
    def first_letter(self) -> npt.NDArray[np.str_]:
        return np.array([text[:1] for text in self.texts])

    @cached_property
    def letters(self) -> Codes:
        """A number per first letter; the last one, 0, is of no name."""
        signs = np.append(self.first_letter, "").astype("U1").view(np.uint32)
        return np.unique(signs, return_inverse=True)[1].astype(np.int32)

    @cached_property
    def is_initial(self) -> npt.NDArray[np.bool_]:
        return np.array([len(text) == 1 for text in self.texts], dtype=bool)

    @cached_property
    def several_initials(self) -> npt.NDArray[np.bool_]:
        """ "j p": all words are of one letter."""
        return np.array([len(text) > 1 and max(map(len, text.split())) == 1 for text in self.texts], dtype=bool)

    @cached_property
    def length(self) -> npt.NDArray[np.int64]:
        """In words."""
        return np.array([len(text.split()) for text in self.texts], dtype=np.int64)

    @cached_property
    def bags(self) -> Bags:
        return Bags(pa.array(self.bare, pa.string()))

    def similarity(self, one: Codes, other: Codes, least: float = 0.0) -> Scores:
        """Jaro-Winkler without spaces, of as many words that of the least alike; raised for nicknames, spellings, names
        without vowels, parts and initials; 0 where a name is missing. Below `least`, 0 stands for any similarity."""
        result = np.where((one == other) & (one >= 0), np.float32(1), np.float32(0))
        open_ = np.flatnonzero((one != other) & (one >= 0) & (other >= 0))
        if open_.size:
            low, high = np.minimum(one[open_], other[open_]), np.maximum(one[open_], other[open_])
            distinct, back = coded(low.astype(np.int64) << 32 | high)
            pairs = (distinct >> 32).astype(np.int32), (distinct & 0xFFFFFFFF).astype(np.int32)
            result[open_] = self._distinct(*pairs, least)[back]
        return result

    def _distinct(self, one: Codes, other: Codes, least: float) -> Scores:
        scores: Scores = np.zeros(len(one), np.float32)
        hope = np.flatnonzero(self.bags.hopeful(jaro_winkler, least, one, other))
        scores[hope] = in_pairs(JaroWinkler.normalized_similarity, self.bare[one[hope]], self.bare[other[hope]])
        self._by_words(one, other, scores)
        nicknames = contained(one.astype(np.int64) << 32 | other, self.related)
        spellings = self.spelling[one] == self.spelling[other]
        bones = (self.unvowelled[one] | self.unvowelled[other]) & (self.skeleton[one] == self.skeleton[other])
        bones &= self.skeleton[one] >= 0
        initials = (self.is_initial[one] | self.is_initial[other]) & (
            self.first_letter[one] == self.first_letter[other]
        )
        scores = np.where(nicknames, np.maximum(scores, NICKNAME), scores)
        scores = np.where(spellings, np.maximum(scores, SPELLING), scores)
        scores = np.where(bones, np.maximum(scores, UNVOWELLED), scores)
        scores = np.where(initials, np.maximum(scores, INITIAL), scores)
        for row in np.flatnonzero((self.length[one] != self.length[other]) & (scores < PART_OF)).tolist():
            if _is_part(self.texts[one[row]].split(), self.texts[other[row]].split()):
                scores[row] = PART_OF
        initials = self.several_initials[one] | self.several_initials[other]
        for row in np.flatnonzero(initials & (self.bare[one] != self.bare[other])).tolist():
            scores[row] = _by_initials(self.texts[one[row]].split(), self.texts[other[row]].split())
        return scores

    def _by_words(self, one: Codes, other: Codes, scores: Scores) -> None:
        """Abdul Rahman is not Abdul Rahim, though they begin alike; John A is John Albert, and not John B."""
        same_length = (self.length[one] == self.length[other]) & (self.length[one] > 1)
        for row in np.flatnonzero(same_length & (scores >= DIFFERENT) & (scores < 1)).tolist():
            text, known = self.texts[one[row]], self.texts[other[row]]
            least = least_alike(text.split(), known.split(), scores[row])
            scores[row] = SLIP if least < SLIP and _one_slip(text, known) else least

    def divided(self, one: tuple[Codes, Codes], other: tuple[Codes, Codes]) -> Scores:
        """Given and family names of as many words in all, of which the line between the two is drawn elsewhere (Luiz
        Miguel | Casa Grande, Luiz Miguel Casa | Grande): how alike the least alike words are; 0 for all others."""
        result: Scores = np.zeros(len(one[0]), np.float32)
        length = np.append(self.length, 0)
        (g1, f1), (g2, f2) = one, other
        elsewhere = (length[g1] != length[g2]) & (length[g1] + length[f1] == length[g2] + length[f2])
        for row in np.flatnonzero(elsewhere & (g1 >= 0) & (g2 >= 0) & (f1 >= 0) & (f2 >= 0)).tolist():
            text, known = (f"{self.texts[g[row]]} {self.texts[f[row]]}".split() for g, f in (one, other))
            result[row] = least_alike(text, known, np.float32(1))
        return result


def _numbered(texts: list[str]) -> Codes:
    """Equal texts have one number."""
    found: Codes = pa.array(texts, pa.string()).dictionary_encode().indices.to_numpy()
    return found


def _one_slip(one: str, other: str) -> bool:
    """Names of several words, none of them an initial, that are one letter apart. Alone, a word of three letters with a
    slip would be taken for another one."""
    if any(len(word) == 1 for text in (one, other) for word in text.split()):
        return False
    return OSA.distance(one, other, score_cutoff=1) <= 1


def least_alike(one: list[str], other: list[str], joined: np.float32) -> np.float32:
    """How alike the least alike words of two names are, in their order. Particles do not count, and a later word may
    be an initial."""
    least = joined
    for number, (word, known) in enumerate(zip(one, other, strict=True)):
        if word == known or {word, known} <= PARTICLES or same_name(word, known):
            continue
        if 1 in (len(word), len(known)):
            alike = (PART_OF if number else INITIAL) if word[0] == known[0] else np.float32(0)
        else:
            alike = np.float32(JaroWinkler.normalized_similarity(word, known))
        least = min(least, alike)
    return least


def _is_part(one: list[str], other: list[str]) -> bool:
    """Whether all words of the shorter name, none of them an initial, are among those of the longer one."""
    short, long = sorted((one, other), key=len)
    if len(short) == len(long) or any(len(word) == 1 for word in short):
        return False
    return all(any(same_name(word, known) for known in long) for word in short)


def _by_initials(one: list[str], other: list[str]) -> np.float32:
    """Of names of which one is known by initials alone: "j p" may be John, John Peter and "j", but is not John Mark."""
    letters = [word[0] for word in one], [word[0] for word in other]
    return INITIAL if all(a == b for a, b in zip(*letters, strict=False)) else np.float32(0)


class NamePairs:
    """Pairs of (given, family) names, by number in `words`; alike in either order of the two parts."""

    def __init__(self, words: Words, given: tuple[Codes, Codes], family: tuple[Codes, Codes]) -> None:
        self.words = words
        (self.g1, self.g2), (self.f1, self.f2) = given, family

    def whole(self) -> Scores:
        """Both parts must be alike. Where a part is missing on one side, the joined letters are compared instead."""
        best = self._both(self.f1, self.f2, self.g1, self.g2)
        self._try_swapped(best)
        rest = np.flatnonzero(best < SAME_ENOUGH)
        names = (self.g1[rest], self.f1[rest]), (self.g2[rest], self.f2[rest])
        best[rest] = np.maximum(best[rest], self.words.divided(*names))
        odd = np.flatnonzero((self.g1 < 0) | (self.g2 < 0) | (self.f1 < 0) | (self.f2 < 0))
        best[odd] = np.maximum(best[odd], self._joined(odd))
        return best

    def given(self) -> Scores:
        """The given names alike, also where one side has the parts swapped. Where a given name is missing, the joined
        letters are compared instead."""
        best = self.words.similarity(self.g1, self.g2)
        self._try_swapped(best)
        odd = np.flatnonzero((self.g1 < 0) | (self.g2 < 0))
        best[odd] = np.maximum(best[odd], self._joined(odd))
        return best

    def _try_swapped(self, best: Scores) -> None:
        rest = np.flatnonzero(best < SAME_ENOUGH)
        swapped = self._both(self.g1[rest], self.f2[rest], self.f1[rest], self.g2[rest])
        best[rest] = np.maximum(best[rest], swapped)

    def _both(self, one: Codes, other: Codes, then: Codes, with_: Codes) -> Scores:
        """The lesser of two similarities; the second is computed where the first leaves a hope."""
        scores = self.words.similarity(one, other)
        hope = np.flatnonzero(scores >= DIFFERENT)
        scores[hope] = np.minimum(scores[hope], self.words.similarity(then[hope], with_[hope]))
        return scores

    def _joined(self, rows: Rows) -> Scores:
        """All letters of the name in a row, in either order."""
        bare = np.append(self.words.bare, "")
        one, other = bare[self.g1[rows]] + bare[self.f1[rows]], bare[self.g2[rows]] + bare[self.f2[rows]]
        turned = bare[self.f2[rows]] + bare[self.g2[rows]]
        scorer = JaroWinkler.normalized_similarity
        return np.maximum(in_pairs(scorer, one, other), in_pairs(scorer, one, turned))
