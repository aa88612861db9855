"""Which generation of one name somebody is: Jr., Sr., III, behind the name or in a column of its own.

A father and a son of one name at one address differ in nothing else that most systems know.
"""

from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from profiles.unify.normalisers.registry import Learner, Reading
from profiles.unify.reading.beside_names import FAMILY, FULL, GIVEN
from profiles.unify.reading.columns import Meant, if_told, share_of, some_of, text_of, texts_of

GENERATION = "person.generation"
GENERATION_OF_NAMES = "generation of names"
# Of a column, nearly all values say a generation, or a degree, which stands there as well, and so many Junior or
# Senior: II and III alone may be phases. Of names, so many end with one, or none is looked for.
MOST, SENIORS, NAMED = 0.9, 0.1, 0.002
_WORDS = {"senior": "sr|snr|senior", "junior": "jr|jnr|jun|junior|ii|2nd", "third": "iii|3rd", "fourth": "iv|4th"}
_DEGREES = "md|phd|esq|dds|dvm|cpa|rn|mba|jd"
_ANY = "|".join(_WORDS.values())
_ALONE = r"(?i)^\s*(?:{})\.?\s*$"
_BEHIND = r"(?i)\pL[\s,.]+(?:{})\.?\s*$"


def as_compared(data: pa.Table, semantics: dict[str, str], table: str, learner: Learner) -> Meant:
    """With a column of generations where one is told. `learner`: which columns tell it."""
    texts = texts_of(data)
    plain = [name for name in texts if name not in semantics]
    names = [name for name in texts if semantics.get(name) in (FULL, GIVEN, FAMILY)]
    if not names:
        return data, semantics
    alone = [name for name in plain if learner("generations", f"{table}.{name}", partial(_of_generations, data, name))]
    behind = [
        name for name in names if learner("generations", f"{table}.{name}", partial(_with_generations, data, name))
    ]
    if not alone and not behind:
        return data, semantics
    found = [_generations(text_of(data, name), _ALONE) for name in alone]
    found += [_generations(text_of(data, name), _BEHIND) for name in behind]
    return data.append_column(GENERATION_OF_NAMES, pc.coalesce(*found)), semantics | {GENERATION_OF_NAMES: GENERATION}


def _generations(values: pa.Array, pattern: str) -> pa.Array:
    coded = values.dictionary_encode()
    found = pa.nulls(len(coded.dictionary), pa.string())
    for generation, words in _WORDS.items():
        found = pc.if_else(pc.match_substring_regex(coded.dictionary, pattern.format(words)), generation, found)
    return found.take(coded.indices)


def _of_generations(data: pa.Table, name: str) -> Reading:
    values = some_of(data, name)
    is_one = share_of(values, _ALONE.format(f"{_ANY}|{_DEGREES}")) >= MOST
    return if_told(is_one and share_of(values, _ALONE.format(r"sr|snr|senior|jr|jnr|junior")) >= SENIORS)


def _with_generations(data: pa.Table, name: str) -> Reading:
    values = some_of(data, name)
    return if_told(share_of(values, _BEHIND.format(_ANY)) * len(values) >= max(1, NAMED * len(values)))
