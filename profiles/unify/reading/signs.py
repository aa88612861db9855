"""How Japanese names in signs are read, as the tables tell that have the reading beside the name: names of the tables
that do not are read alike.

What most people of a name say counts: 裕子 is Yuko or Hiroko, and nobody knows better.
"""

from collections.abc import Callable, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from profiles.unify.normalisers.eastern import without_honorific
from profiles.unify.normalisers.kana import in_latin
from profiles.unify.normalisers.registry import Reading

FAMILY_OF, GIVEN_OF = "family ", "given "
LONGEST_FAMILY = 4
_TWO = r"^\s*(?P<family>\S+)\s+(?P<given>\S+)\s*$"


def learned(known: Sequence[tuple[str, pa.Array, pa.Array]]) -> Reading:
    """`known`: which part of the name, its signs and its reading; null where there is none."""
    tables = [
        pa.table({"part": pa.repeat(part, len(texts)), "signs": texts, "read": read}) for part, texts, read in known
    ]
    counted = pa.concat_tables(tables).drop_null().group_by(["part", "signs", "read"]).aggregate([([], "count_all")])
    order = [("count_all", "ascending"), ("read", "descending")]  # of equally many, the first in the alphabet
    rows = counted.sort_by(order).to_pylist()
    return {row["part"] + row["signs"]: row["read"] for row in rows}


def in_two(values: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Family and given name of names that are written in two words; null of others."""
    two = pc.extract_regex(values, _TWO)
    return pc.struct_field(two, "family"), pc.struct_field(two, "given")


def read_part(values: pa.Array, part: str, reading: Reading) -> pa.Array:
    """A family or a given name in Latin letters; null where nobody tells."""
    return _each(values, lambda text: in_latin(text) if _is_kana(text) else reading.get(part + text))


def read_whole(values: pa.Array, reading: Reading) -> pa.Array:
    """The given name first, both in Latin letters; a family name alone as it is; null where nobody tells."""
    return _each(values, lambda text: _whole(text, reading))


def _each(values: pa.Array, read: Callable[[str], str | None]) -> pa.Array:
    coded = values.dictionary_encode()
    texts = [None if text is None else read(text.strip()) for text in coded.dictionary.to_pylist()]
    return pa.array(texts, pa.string()).take(coded.indices)


def _whole(text: str, reading: Reading) -> str | None:
    words = without_honorific(text).split()
    if _is_kana(text):
        return " ".join(in_latin(word) for word in reversed(words)) if len(words) == 2 else None
    if len(words) == 2:
        found = _given(words[1], reading), _family(words[0], reading)
        return " ".join(filter(None, found)) if all(found) else None
    if len(words) != 1:
        return None
    for size in range(min(LONGEST_FAMILY, len(words[0]) - 1), 0, -1):
        given, family = _given(words[0][size:], reading), _family(words[0][:size], reading)
        if given and family:
            return f"{given} {family}"
    return _family(words[0], reading)


def _family(text: str, reading: Reading) -> str | None:
    return reading.get(FAMILY_OF + text)


def _given(text: str, reading: Reading) -> str | None:
    return in_latin(text) if _is_kana(text) else reading.get(GIVEN_OF + text)


def _is_kana(text: str) -> bool:
    return all("\u3040" <= sign <= "\u30ff" or "\uff66" <= sign <= "\uff9f" or sign.isspace() for sign in text)
