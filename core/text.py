"""Small pure helpers for text."""

import re
import unicodedata

from anyascii import anyascii

_SPACES = re.compile(r"\s+")
_WORD_BREAK = re.compile(r"[_\-.\s]+|(?<=[a-z0-9])(?=[A-Z])")


class _Letters(dict[int, str]):
    """Each character in ASCII, looked up once: texts of many scripts are folded by the hundred thousand."""

    def __missing__(self, point: int) -> str:
        found = self[point] = anyascii(chr(point))
        return found


_LETTERS = _Letters()


def fold(text: str) -> str:
    """For search and comparison: NFKC, transliterated to ASCII, lower case, single spaces, trimmed.

    "  Jürgen  Ñandú" → "jurgen nandu"; "Нина" → "nina". Text of scripts is never dropped, only transliterated.
    """
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text).translate(_LETTERS)
    return " ".join(plain.lower().split())


def is_text(text: str) -> bool:
    """Whether databases and files can hold it: no NUL, and no half of a character (a lone surrogate)."""
    return "\0" not in text and (text.isascii() or not any("\ud800" <= c <= "\udfff" for c in text))


def whole(text: str | None, default: int) -> int:
    """The number of things that an address names; `default` for what is none, or beyond all."""
    return int(text) if text and text.isdecimal() and len(text) < 10 else default


def humanize(name: str) -> str:
    """The default label of a column: `loyalty_points` and `loyaltyPoints` → "Loyalty points".

    What people wrote for people keeps its marks: "E-Mail", "Geb.-Datum".
    """
    if name[:1].isupper() and "_" not in name and re.search(r"[-./(&]", name):
        return _SPACES.sub(" ", name).strip()
    words = [word for word in _WORD_BREAK.split(name) if word]
    text = " ".join(word if word.isupper() and len(word) > 1 else word.lower() for word in words)
    return text[:1].upper() + text[1:] if text else name


def label_key(label: str) -> str:
    """What makes two labels the same: case, spaces, `_` and `-` do not count. "Loyalty Points" = `loyalty_points`."""
    return re.sub(r"[\s_\-]+", "", unicodedata.normalize("NFKC", label)).casefold()
