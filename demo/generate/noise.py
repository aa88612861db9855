"""How systems get people wrong: typing mistakes, nicknames, swapped names, other scripts, spellings of phones."""

from typing import Any

import numpy as np
from anyascii import anyascii
from numpy.typing import NDArray

from demo.generate.names import NICKNAMES

Texts = NDArray[Any]


def some(size: int, share: float, rng: np.random.Generator) -> NDArray[np.intp]:
    """Positions of a random share, ascending."""
    return np.flatnonzero(rng.random(size) < share)


def with_typos(texts: Texts, share: float, rng: np.random.Generator) -> Texts:
    """One edit (drop, double, swap or replace a character) in a share of the texts."""
    made = texts.copy()
    where = some(len(texts), share, rng)
    kinds, places, letters = rng.integers(0, 4, len(where)), rng.random(len(where)), rng.integers(97, 123, len(where))
    for at, kind, place, letter in zip(where, kinds, places, letters, strict=True):
        text = made[at]
        if text and len(text) > 2:
            made[at] = _edit(text, int(kind), 1 + int(place * (len(text) - 2)), chr(letter))
    return made


def _edit(text: str, kind: int, place: int, letter: str) -> str:
    if kind == 0:
        return text[:place] + text[place + 1 :]
    if kind == 1:
        return text[:place] + text[place] + text[place:]
    if kind == 2:
        return text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    return text[:place] + letter + text[place + 1 :]


def with_nicknames(first: Texts, share: float, rng: np.random.Generator) -> Texts:
    made = first.copy()
    for at in some(len(first), share, rng):
        made[at] = NICKNAMES.get(made[at], made[at])
    return made


def swapped(first: Texts, last: Texts, share: float, rng: np.random.Generator) -> tuple[Texts, Texts]:
    """A share of people whose first and last name stand in each other's field."""
    a, b = first.copy(), last.copy()
    where = some(len(first), share, rng)
    a[where], b[where] = last[where], first[where]
    return a, b


def in_ascii(texts: Texts, where: NDArray[np.bool_]) -> Texts:
    """What a till without the script prints."""
    made = texts.copy()
    known = {text: anyascii(text) for text in set(texts[where])}
    made[where] = [known[text] for text in texts[where]]
    return made


def missing(texts: Texts, share: float, rng: np.random.Generator) -> Texts:
    made = texts.copy()
    made[some(len(texts), share, rng)] = None
    return made


def placeholders(texts: Texts, value: str, share: float, rng: np.random.Generator) -> Texts:
    """A share of the texts replaced by what clerks type when a field must not be empty."""
    made = texts.copy()
    made[some(len(texts), share, rng)] = value
    return made


def phone_spellings(phones: Texts, rng: np.random.Generator) -> Texts:
    """North American numbers in five spellings, others with or without spaces; always dialable from the US."""
    style = rng.integers(0, 5, len(phones))
    return np.array([None if p is None else _spell(p, int(s)) for p, s in zip(phones, style, strict=True)], object)


def _spell(phone: str, style: int) -> str:
    if not phone.startswith("+1"):
        return phone if style < 3 else f"{phone[:3]} {phone[3:6]} {phone[6:]}"
    area, exchange, line = phone[2:5], phone[5:8], phone[8:]
    return (
        phone,
        f"({area}) {exchange}-{line}",
        f"{area}-{exchange}-{line}",
        f"+1 {area} {exchange} {line}",
        f"{area}.{exchange}.{line}",
    )[style]
