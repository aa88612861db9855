"""One way to write what names share that differ by transliteration alone."""

import re
from collections.abc import Sequence

# Folded names have none, so that all are changed at once: one by one takes five times as long.
LINE_END = "\n"
# The first of each before the next.
_SPELLINGS = (
    (re.compile(r"\b(?:el|ul)[ ](?=\w{2})"), "al "),
    (re.compile(r"\b(?:ibn|ben)\b"), "bin"),
    (re.compile(r"\babd ?[aeu]l[ ]?(?=\w{2})"), "abdal"),
    (re.compile(r" "), ""),
    (re.compile(r"(?<=\w\w)ee"), "i"),
    (re.compile(r"([aou])e(?=\w)"), r"\1"),
    (re.compile(r"ou|oo|oh"), "o"),
    (re.compile(r"uu"), "u"),
    (re.compile(r"ph"), "f"),
    (re.compile(r"ks"), "x"),
    (re.compile(r"[iyj]+([aeou])"), r"\1"),
    (re.compile(r"(?:[iyj]|ie|ey|ei)+$", re.MULTILINE), "i"),
    (re.compile(r"(.)\1+"), r"\1"),
)
_VOWELS = re.compile(r"[aeiouywh']+")
_DOUBLED = re.compile(r"(.)\1+")


def spellings(texts: Sequence[str]) -> list[str]:
    """Of folded names: "juergen" and "jurgen", "yuliya" and "julia", "abd al rahman" and "abdelrahman" are one."""
    found = LINE_END.join(texts)
    for pattern, plain in _SPELLINGS:
        found = pattern.sub(plain, found)
    return found.split(LINE_END)[: len(texts)]


def skeletons(texts: Sequence[str]) -> list[str]:
    """The consonants, which is all that scripts without vowels say."""
    found = _DOUBLED.sub(r"\1", _VOWELS.sub("", LINE_END.join(texts)))
    return found.replace("q", "k").replace("c", "k").replace("ph", "p").split(LINE_END)[: len(texts)]
