"""How alike names sound, and names of which only initials are known."""

import re
from collections.abc import Sequence
from functools import lru_cache

import cologne_phonetics
import jellyfish
import numpy as np
from rapidfuzz.distance import Levenshtein

from profiles.unify.values.in_pairs import Scores

BOTH_WAYS, IN_ENGLISH, IN_GERMAN = 1.0, 0.95, 0.9
NEARLY = 0.89  # of what sounds alike in no language the most
ALL_INITIALS, WORDS_LEFT_OUT, OTHER_ORDER = 0.9, 0.8, 0.7
KEPT = 100_000
_FOREIGN = re.compile(r"[^a-z ]+")


def sound_alike(left: Sequence[str], right: Sequence[str]) -> Scores:
    """Of normalised text, in Latin letters: 1 where English (Metaphone, Philips 1990) and German (Cologne phonetics,
    Postel 1969) agree, 0.95 and 0.9 where one of them does, below it by how alike the English codes are. Other letters
    have no sound."""
    return np.array([_alike(one, other) for one, other in zip(left, right, strict=True)], np.float32)


def _alike(one: str, other: str) -> float:
    (english, german), (english_too, german_too) = _codes(one), _codes(other)
    if not english or not english_too:
        return 0.0
    if english == english_too:
        return BOTH_WAYS if german == german_too else IN_ENGLISH
    if german and german == german_too:
        return IN_GERMAN
    return NEARLY * Levenshtein.normalized_similarity(english, english_too)


@lru_cache(KEPT)
def _codes(text: str) -> tuple[str, str]:
    plain = " ".join(_FOREIGN.sub("", text).split())
    if not plain:
        return "", ""
    return jellyfish.metaphone(plain), " ".join(code for _word, code in cologne_phonetics.encode(plain))


def initials_alike(left: Sequence[str], right: Sequence[str]) -> Scores:
    """Whether each word is the other's, or its initial: 0.9 word for word, 0.8 where one side has words more, 0.7 in
    the other order ("Smith J"), else 0. At least one word must be written out on both sides."""
    return np.array([_initials(one.split(), other.split()) for one, other in zip(left, right, strict=True)], np.float32)


def _initials(one: list[str], other: list[str]) -> float:
    short, long = sorted((one, other), key=len)
    turned = long[-1:] + long[:-1]
    for words, score in ((long, ALL_INITIALS), (turned, OTHER_ORDER), (long[1:] + long[:1], OTHER_ORDER)):
        if _in_order(short, words):
            return score if len(short) == len(long) else min(score, WORDS_LEFT_OUT)
    return 0.0


def _in_order(short: list[str], long: list[str]) -> bool:
    """All words of the shorter one, in their order, among those of the longer."""
    at, written_out = 0, False
    for word in short:
        while at < len(long) and not _stands_for(word, long[at]):
            at += 1
        if at == len(long):
            return False
        written_out |= len(word) > 1 and word == long[at]
        at += 1
    return written_out


def _stands_for(one: str, other: str) -> bool:
    return one == other or (1 in (len(one), len(other)) and one[:1] == other[:1])
