"""The registry of normalisers: what each is called, what it makes equal, and examples that the tests assert.

A normaliser is a pure function on an array of distinct text: text of the same length comes back, null where a value
says nothing. Rules name normalisers one after the other (`normalise: [case, spaces]`); without a list each meaning has
its usual one. The texts are English here and translated where they are shown.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from profiles.unify.normalisers.standins import common_stand_ins


@dataclass(frozen=True)
class Context:
    """What a value does not say itself. `country`: two letters, "" where none is known."""

    country: str = "US"


Function = Callable[[pa.Array, Context], pa.Array]
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
    stand for "no value"."""

    name: str
    label: str
    description: str
    function: Function
    examples: tuple[Example, ...]
    semantics: tuple[str, ...] = ()
    stand_ins: StandIns = field(default=common_stand_ins)


_registry: dict[str, Normaliser] = {}
_usual: dict[str, Normaliser] = {}


def gettext_noop(text: str) -> str:
    """Marks a text for translation; the pages translate it. (No Django in here.)"""
    return text


def register(
    name: str,
    label: str,
    description: str,
    examples: Sequence[Example],
    semantics: Sequence[str] = (),
    stand_ins: StandIns = common_stand_ins,
) -> Callable[[Function], Function]:
    def add(function: Function) -> Function:
        made = Normaliser(name, label, description, function, tuple(examples), tuple(semantics), stand_ins)
        _registry[name] = made
        _usual.update(dict.fromkeys(semantics, made))
        return function

    return add


def all_normalisers() -> list[Normaliser]:
    return list(_registry.values())


def names() -> list[str]:
    return list(_registry)


def named(name: str) -> Normaliser:
    """Raises ValueError that names the known ones."""
    if name not in _registry:
        raise ValueError(f"there is no normaliser “{name}”; known are {', '.join(_registry)}")
    return _registry[name]


def usual(semantic: str) -> Normaliser:
    """Of a semantic type, of its family (`id.*`), or the general one for text."""
    return _usual.get(semantic) or _usual.get(f"{semantic.split('.')[0]}.*") or _registry["text"]


def apply(values: pa.Array, chain: Sequence[Normaliser], context: Context) -> pa.Array:
    """One after the other; null for what becomes empty. Stand-ins are still there."""
    for normaliser in chain:
        values = normaliser.function(values, context)
    return pc.if_else(pc.equal(values, ""), None, values)
