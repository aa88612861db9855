"""The registry of normalisers: what each is called, what it makes equal, and examples that the tests assert.

A normaliser is a pure function on an array of distinct text: text of the same length comes back, null where a value
says nothing. What only a column as a whole tells of its values (whether the day or the month stands first) is a second
step: `read` learns it from all values, `finish` takes every value by itself and what was learned. So a value becomes
the same whoever asks, and whatever else is looked at.

Rules name normalisers one after the other (`normalise: [case, spaces]`); without a list each meaning has its usual one.
The texts are English here and translated where they are shown.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from core.shapes import gettext_noop, problem
from profiles.unify.normalisers.standins import common_stand_ins


@dataclass(frozen=True)
class Context:
    """What a value does not say itself. `country`: two letters, "" where none is known. `column`: where it stands,
    `source.table.column`, where that matters."""

    country: str = "US"
    column: str = ""


@dataclass(frozen=True)
class Part:
    """Values of one context: as they were `written`, and what the first step `made` of each."""

    written: pa.Array
    made: pa.Array
    context: Context


# What was learned of values as a whole: small, text to text.
Reading = Mapping[str, str]
UNREAD: Reading = {}


@dataclass(frozen=True)
class Learning:
    """The second step. `read`: from all values of a meaning, or, with `per_column`, of one column. `finish`: the values
    of one part as `made`, given what was read; `UNREAD` where nothing was."""

    read: Callable[[Sequence[Part]], Reading]
    finish: Callable[[Part, Reading], pa.Array]
    per_column: bool = False


Function = Callable[[pa.Array, Context], pa.Array]
# What was learned for a normaliser and a column, "" for all columns, or what its `read` finds now.
Learner = Callable[[str, str, Callable[[], Reading]], Reading]
StandIns = Callable[[pa.Array], pa.Array]


@dataclass(frozen=True)
class Example:
    """`written` becomes `wanted`, None where it says nothing; in a column with the values `beside` it."""

    written: str
    wanted: str | None
    country: str = "US"
    beside: tuple[str, ...] = ()


@dataclass(frozen=True)
class Normaliser:
    """`semantics`: the meanings it is the usual one of; one may end with `*`. `stand_ins`: which normalised values
    stand for "no value". `by_country`: the country of the record's own address counts before the default one."""

    name: str
    label: str
    description: str
    function: Function
    examples: tuple[Example, ...]
    semantics: tuple[str, ...] = ()
    stand_ins: StandIns = field(default=common_stand_ins)
    learning: Learning | None = None
    by_country: bool = False


_registry: dict[str, Normaliser] = {}
_usual: dict[str, Normaliser] = {}


def register(
    name: str,
    label: str,
    description: str,
    examples: Sequence[Example],
    semantics: Sequence[str] = (),
    stand_ins: StandIns = common_stand_ins,
    learning: Learning | None = None,
    by_country: bool = False,
) -> Callable[[Function], Function]:
    def add(function: Function) -> Function:
        made = Normaliser(
            name, label, description, function, tuple(examples), tuple(semantics), stand_ins, learning, by_country
        )
        _registry[name] = made
        _usual.update(dict.fromkeys(semantics, made))
        return function

    return add


def all_normalisers() -> list[Normaliser]:
    return list(_registry.values())


def names() -> list[str]:
    return list(_registry)


def named(name: str) -> Normaliser:
    """Raises a problem, as validators do, that names the known ones."""
    if name not in _registry:
        message = gettext_noop("There is no normaliser “%(name)s”. Known: %(known)s.")
        raise problem(message, name=name, known=", ".join(_registry))
    return _registry[name]


def usual(semantic: str) -> Normaliser:
    """Of a semantic type, of its family (`id.*`), or the general one for text."""
    return _usual.get(semantic) or _usual.get(f"{semantic.split('.')[0]}.*") or _registry["text"]


def apply(parts: Sequence[tuple[pa.Array, Context]], chain: Sequence[Normaliser], learner: Learner) -> list[pa.Array]:
    """One after the other, all values of each part; null for what becomes empty. Stand-ins are still there."""
    values = [part for part, _context in parts]
    for normaliser in chain:
        made = [Part(v, normaliser.function(v, c), c) for v, (_part, c) in zip(values, parts, strict=True)]
        values = _finished(made, normaliser, learner)
    return [pc.if_else(pc.equal(found, ""), None, found) for found in values]


def _finished(parts: Sequence[Part], normaliser: Normaliser, learner: Learner) -> list[pa.Array]:
    learning = normaliser.learning
    if learning is None:
        return [part.made for part in parts]
    columns = [part.context.column if learning.per_column else "" for part in parts]
    alike = {name: [part for part, of in zip(parts, columns, strict=True) if of == name] for name in columns}
    readings = {
        name: learner(normaliser.name, name, partial(learning.read, members)) for name, members in alike.items()
    }
    return [learning.finish(part, readings[name]) for part, name in zip(parts, columns, strict=True)]
