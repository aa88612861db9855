"""What somebody typed into a search, read as words to look for. No database here."""

import re
import unicodedata
from dataclasses import dataclass

import pyarrow as pa

from core.text import fold
from profiles.search.terms import BEGINNING, LONGEST, SHORT, words_of
from profiles.unify.values.phones import international

MOST_WORDS = 8
_SIGNS = "@._+-"
_PHONE = re.compile(r"^[+\d\s()./-]+$")
_PHONE_DIGITS = 4


@dataclass(frozen=True)
class Word:
    """One word, or a whole telephone number. `query`: the text of a tsquery over names, "" for none; `beginnings`: of
    identifiers, any of which will do. `is_identifier`: it has a digit or an @, so it is hardly a name."""

    query: str
    beginnings: tuple[str, ...]
    is_identifier: bool


@dataclass(frozen=True)
class Typed:
    """`folded` is the whole text as names are sorted, "" where it cannot be the beginning of one."""

    text: str
    folded: str
    words: tuple[Word, ...]


def read(text: str, country: str) -> Typed:
    """`country` is the one of telephone numbers that are typed without."""
    plain = " ".join(text.replace("\0", "").lower().split())[: LONGEST * 2]
    if _PHONE.match(plain) and sum(c.isdigit() for c in plain) >= _PHONE_DIGITS:
        return Typed(plain, "", (Word("", _numbers(plain, country), True),))
    found = [_word(word[:LONGEST]) for word in dict.fromkeys(_typeable(plain).split())]
    words = tuple(word for word in found if word.query or word.beginnings)[:MOST_WORDS]
    return Typed(plain, "" if "@" in plain else " ".join(words_of(plain)), words)


def _typeable(text: str) -> str:
    """Letters with their marks, digits and the signs of addresses and ids, as `profiles.search.terms` keeps them."""
    return "".join(c if c.isalnum() or c in _SIGNS or unicodedata.category(c)[0] == "M" else " " for c in text)


def _word(text: str) -> Word:
    sign = text.lstrip("@.+-")
    spellings = dict.fromkeys(tuple(parts) for parts in (re.findall(r"[^@.+-]+", sign), words_of(text)) if parts)
    is_address = "@" in sign  # found as a whole; its words are shared by too many
    query = "" if is_address else " | ".join(f"({' & '.join(map(_begins, parts))})" for parts in spellings)
    plain = fold(sign).replace(" ", "") if any(c.isdigit() for c in sign) else ""
    beginnings = tuple(dict.fromkeys(b for b in (sign, plain) if b))
    return Word(query, beginnings, is_address or any(c.isdigit() for c in sign))


def _begins(part: str) -> str:
    """Short beginnings are words of their own: looking for them among all words would take long."""
    return quoted(BEGINNING + part) if len(part) <= SHORT else f"{quoted(part)}:*"


def _numbers(text: str, country: str) -> tuple[str, ...]:
    """A telephone number may be typed with or without its country, an id with or without its signs."""
    digits = re.sub(r"\D", "", fold(text))
    found = [digits, digits.lstrip("0"), text.replace(" ", "").lstrip("+")]
    known = international(pa.array([text]), country)[0].as_py()
    return tuple(number for number in dict.fromkeys([*found, (known or "").lstrip("+")]) if number)


def quoted(word: str) -> str:
    """One lexeme of a tsquery, whatever it holds."""
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"
