"""What goes wrong when people write down the same thing twice. Every function draws from the generator it is given."""

from collections.abc import Callable
from random import Random

LETTERS = "abcdefghijklmnopqrstuvwxyz"
_MISREAD = (("rn", "m"), ("cl", "d"), ("vv", "w"), ("l", "1"), ("o", "0"), ("s", "5"), ("i", "j"), ("e", "c"))
_BY_EAR = (
    ("ph", "f"), ("ck", "k"), ("c", "k"), ("y", "i"), ("ie", "y"), ("th", "t"), ("ee", "ea"), ("ou", "u"),
    ("sch", "sh"), ("dt", "t"), ("ai", "ei"), ("v", "w"), ("z", "s"), ("ll", "l"), ("nn", "n"), ("tt", "t"),
)  # fmt: skip


def slip(text: str, draw: Random) -> str:
    """One letter too many, too few, another one, or two swapped."""
    if len(text) < 2:
        return text
    at = draw.randrange(len(text) - 1)
    kind = draw.randrange(4)
    if kind == 0:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    if kind == 1:
        return text[:at] + text[at + 1 :]
    new = draw.choice("0123456789" if text[at].isdigit() else LETTERS)
    return text[:at] + new + text[at + (kind == 2) :]


def misread(text: str, draw: Random) -> str:
    """As a scanner reads it."""
    return _replaced(text, _MISREAD, draw)


def by_ear(text: str, draw: Random) -> str:
    """As one writes what one hears."""
    return _replaced(text, _BY_EAR, draw)


def _replaced(text: str, pairs: tuple[tuple[str, str], ...], draw: Random) -> str:
    lower = text.lower()
    fitting = [(old, new) for old, new in pairs if old in lower[1:]]
    if not fitting:
        return text
    old, new = draw.choice(fitting)
    at = lower.index(old, 1)
    return text[:at] + new + text[at + len(old) :]


def cut(text: str, draw: Random, longest: int = 10) -> str:
    """A field that was too short."""
    return text[:longest]


def initial(text: str, draw: Random) -> str:
    return f"{text[:1]}."


def sometimes(share: float, change: Callable[[str, Random], str], text: str | None, draw: Random) -> str | None:
    return change(text, draw) if text and draw.random() < share else text


def misspelt(text: str | None, draw: Random, share: float) -> str | None:
    """One of the usual mistakes, in this share of the values."""
    return sometimes(share, draw.choice((slip, misread, by_ear)), text, draw)


def missing(value: str | None, draw: Random, share: float) -> str | None:
    return None if draw.random() < share else value


def misdated(day: str, draw: Random, share: float) -> str:
    """Of 1980-03-02: day and month turned, one digit wrong, another year, or the first of January of the year."""
    if draw.random() >= share:
        return day
    year, month, of_month = day.split("-")
    kind = draw.randrange(4)
    if kind == 0 and int(of_month) <= 12:
        return f"{year}-{of_month}-{month}"
    if kind == 1:
        return f"{int(year) + draw.choice((-10, -1, 1, 10))}-{month}-{of_month}"
    if kind == 2:
        return f"{year}-01-01"
    return f"{year}-{month}-{draw.randrange(1, 29):02d}"
