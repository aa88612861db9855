"""Which generation of one name somebody is: Jr., Sr., III, behind the name or in a column of its own.

A father and a son of one name at one address differ in nothing else that most systems know.
"""

from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from profiles.unify.normalisers.registry import UNREAD, Learner, Reading
from profiles.unify.reading.beside_names import FAMILY, FULL, GIVEN, Meant

GENERATION = "person.generation"
GENERATION_OF_NAMES = "generation of names"
# So many rows are looked at. Of a column, nearly all values say a generation, or a degree, which stands there as well,
# and so many Junior or Senior: II and III alone may be phases. Of names, so many end with one, or none is looked for.
LOOKED_AT, MOST, SENIORS, NAMED = 10_000, 0.9, 0.1, 0.002
_WORDS = {"senior": "sr|snr|senior", "junior": "jr|jnr|jun|junior|ii|2nd", "third": "iii|3rd", "fourth": "iv|4th"}
_DEGREES = "md|phd|esq|dds|dvm|cpa|rn|mba|jd"
_ANY = "|".join(_WORDS.values())
_ALONE = r"(?i)^\s*(?:{})\.?\s*$"
_BEHIND = r"(?i)\pL[\s,.]+(?:{})\.?\s*$"


def as_compared(data: pa.Table, semantics: dict[str, str], table: str, learner: Learner) -> Meant:
    """With a column of generations where one is told. `learner`: which columns tell it."""
    texts = [field.name for field in data.schema if field.type in (pa.string(), pa.large_string())]
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
    found = [_generations(_text(data, name), _ALONE) for name in alone]
    found += [_generations(_text(data, name), _BEHIND) for name in behind]
    return data.append_column(GENERATION_OF_NAMES, pc.coalesce(*found)), semantics | {GENERATION_OF_NAMES: GENERATION}


def _generations(values: pa.Array, pattern: str) -> pa.Array:
    coded = values.dictionary_encode()
    found = pa.nulls(len(coded.dictionary), pa.string())
    for generation, words in _WORDS.items():
        found = pc.if_else(pc.match_substring_regex(coded.dictionary, pattern.format(words)), generation, found)
    return found.take(coded.indices)


def _of_generations(data: pa.Table, name: str) -> Reading:
    values = _known(data, name)
    is_one = _share(values, _ALONE.format(f"{_ANY}|{_DEGREES}")) >= MOST
    return _if(is_one and _share(values, _ALONE.format(r"sr|snr|senior|jr|jnr|junior")) >= SENIORS)


def _with_generations(data: pa.Table, name: str) -> Reading:
    values = _known(data, name)
    return _if(_share(values, _BEHIND.format(_ANY)) * len(values) >= max(1, NAMED * len(values)))


def _if(holds: bool) -> Reading:
    return {"told": "yes"} if holds else UNREAD


def _share(values: pa.Array, pattern: str) -> float:
    return (pc.mean(pc.match_substring_regex(values, pattern).cast(pa.int8())).as_py() or 0.0) if len(values) else 0.0


def _text(data: pa.Table, name: str) -> pa.Array:
    return data.column(name).cast(pa.string()).combine_chunks()


def _known(data: pa.Table, name: str) -> pa.Array:
    return data.column(name).drop_null().slice(0, LOOKED_AT).cast(pa.string()).combine_chunks()
