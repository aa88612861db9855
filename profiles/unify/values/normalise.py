"""Values made comparable, distinct values only: by the usual normaliser of their meaning, or by those a rule names."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

import profiles.unify.normalisers  # noqa: F401  (registers the kinds)
from profiles.unify.normalisers.arrays import folded
from profiles.unify.normalisers.registry import Context, Learner, Normaliser, Reading, apply, named, usual
from profiles.unify.normalisers.standins import common_stand_ins

__all__ = ["Context", "Normalised", "chain_of", "folded", "normalise", "normalised"]


@dataclass(frozen=True)
class Normalised:
    """`values`: text, null where nothing can be compared. `stand_ins`: which of these nulls stood for "no value"."""

    values: pa.Array
    stand_ins: pa.Array


def normalise(values: pa.Array, semantic: str, country: str = "US", names: Sequence[str] = ()) -> pa.Array:
    """Values of one column, which are all there are: normalised text, null where nothing can be compared. Raises
    ValueError for the name of no normaliser."""
    return normalised([(values, Context(country))], chain_of(semantic, names), _at_once)[0].values


def _at_once(normaliser: str, column: str, read: Callable[[], Reading]) -> Reading:
    return read()


def chain_of(semantic: str, names: Sequence[str] = ()) -> list[Normaliser]:
    """Those that are named, or the usual one. Raises ValueError for the name of no normaliser."""
    return [named(name) for name in names] or [usual(semantic)]


def normalised(
    parts: Sequence[tuple[pa.Array, Context]],
    chain: Sequence[Normaliser],
    learner: Learner,
    trusted: Sequence[str] = (),
) -> list[Normalised]:
    """Per part. `trusted`: values, as written, that stand for themselves though they look like stand-ins."""
    texts = [(values.cast(pa.string()), context) for values, context in parts]
    found = apply(texts, chain, learner)
    return [
        _without_stand_ins(written, made, chain, _known(trusted, context, chain, learner))
        for (written, context), made in zip(texts, found, strict=True)
    ]


def _known(trusted: Sequence[str], context: Context, chain: Sequence[Normaliser], learner: Learner) -> pa.Array:
    """Trusted values as those of this context are compared."""
    if not trusted:
        return pa.array([], pa.string())
    return apply([(pa.array(list(trusted), pa.string()), context)], chain, learner)[0].drop_null()


def _without_stand_ins(texts: pa.Array, found: pa.Array, chain: Sequence[Normaliser], trusted: pa.Array) -> Normalised:
    # Words for "no value" may have any case where a rule leaves it.
    in_any_case = found if chain[-1].semantics else pc.utf8_lower(found)
    stand_ins = pc.fill_null(chain[-1].stand_ins(in_any_case), False)
    if len(trusted):
        stand_ins = pc.and_not(stand_ins, pc.is_in(found, value_set=trusted))
    found = pc.if_else(stand_ins, None, found)
    return Normalised(found, pc.or_(stand_ins, _lost_words(texts, found)))


def _lost_words(texts: pa.Array, found: pa.Array) -> pa.Array:
    """Texts that are not of their kind because they are words for "no value": n/a in a column of dates."""
    lost = pc.and_(pc.is_valid(texts), pc.is_null(found))
    if not pc.any(lost).as_py():
        return lost
    words = folded(texts.filter(lost))
    shown = pc.and_(common_stand_ins(words), pc.not_equal(words, ""))
    return pc.replace_with_mask(lost, lost, shown)
