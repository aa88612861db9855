"""Columns without a meaning that may tell records apart all the same: a place of birth, an occupation, a title, a year.

Nothing is known of them beforehand but their names and types; whether one says anything is learned from the data.
"""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from profiles.unify.config.rules import Compared
from profiles.unify.reading.beside_names import names_initials
from profiles.unify.reading.kana import part_read
from profiles.unify.reading.records import Feature, TableInput

PLAIN = "column:"
WORDS_OF = "words of "
# Of wide tables no more are looked at, in the order in which they stand.
MOST_COLUMNS = 20
# Two records find each other by any of so many words of a text, the longest ones, which are the rarest.
LONGEST_WORDS = 3
# Less known than this, or so often the same by chance, a column says too little to be looked at pair by pair.
LEAST_KNOWN = 0.05
MOST_CHANCE = 0.2


def plain_columns(tables: Sequence[TableInput]) -> list[Compared]:
    """Text and whole numbers that stand under one name in several tables (in the only one, if there is but one), and
    are neither keys, nor of a known meaning, nor initials, which are given names."""
    seen: dict[str, int] = {}
    for table in tables:
        for field in table.data.schema:
            usable = pa.types.is_string(field.type) or pa.types.is_large_string(field.type)
            usable |= pa.types.is_integer(field.type)
            usable &= not names_initials(field.name) and not part_read(field.name)
            if usable and field.name not in table.key and not table.semantics.get(field.name) and "#" not in field.name:
                seen[field.name] = seen.get(field.name, 0) + 1
    shared = [name for name, count in seen.items() if count >= min(2, len(tables))]
    return [Compared(PLAIN + name, name) for name in shared[:MOST_COLUMNS]]


def is_number(name: str, tables: Sequence[TableInput]) -> bool:
    """Whether every table that has the plain column of this feature holds whole numbers in it."""
    column = name.removeprefix(PLAIN)
    types = [t.data.schema.field(column).type for t in tables if column in t.data.column_names]
    return all(map(pa.types.is_integer, types))


def says_something(feature: Feature, records: int) -> bool:
    """Known often enough, some values of several records, and not equal by mere chance."""
    counts = feature.counts.astype(np.float64)
    known = counts.sum()
    if known < LEAST_KNOWN * records or counts.max(initial=0) < 2:
        return False
    return bool((counts * (counts - 1)).sum() <= MOST_CHANCE * known * (known - 1))


def by_words(feature: Feature) -> Feature:
    """The longest words of each value, of equals the first in the alphabet, as several columns of one feature."""
    chosen = [_longest(text) for text in feature.values.to_pylist()]
    words, codes = np.unique([word for row in chosen for word in row], return_inverse=True)
    unknown = int(words.size > 0 and not words[0])  # places that are left empty come first
    table = np.append(codes.reshape(-1, LONGEST_WORDS) - unknown, [[-1] * LONGEST_WORDS], axis=0).astype(np.int32)
    columns = tuple(np.ascontiguousarray(part)[feature.codes] for part in table.T)
    return Feature(WORDS_OF + feature.name, columns, pa.array(words[unknown:], pa.string()))


def _longest(text: str) -> list[str]:
    words = sorted(set(text.split()), key=lambda word: (-len(word), word))[:LONGEST_WORDS]
    return [*words, *[""] * (LONGEST_WORDS - len(words))]
