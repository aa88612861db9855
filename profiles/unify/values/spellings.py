"""One way to write what names share that differ by transliteration alone."""

import re

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
    (re.compile(r"(?:[iyj]|ie|ey|ei)+$"), "i"),
    (re.compile(r"(.)\1+"), r"\1"),
)
_VOWELS = re.compile(r"[aeiouywh']+")
_DOUBLED = re.compile(r"(.)\1+")


def spelling(text: str) -> str:
    """Of a folded name: "juergen" and "jurgen", "yuliya" and "julia", "abd al rahman" and "abdelrahman" are one."""
    for pattern, plain in _SPELLINGS:
        text = pattern.sub(plain, text)
    return text


def skeleton(text: str) -> str:
    """The consonants, which is all that scripts without vowels say."""
    return _DOUBLED.sub(r"\1", _VOWELS.sub("", text)).replace("q", "k").replace("c", "k").replace("ph", "p")
