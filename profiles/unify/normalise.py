"""Values made comparable, distinct values only: by the usual normaliser of their meaning, or by those a rule names."""

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

import profiles.unify.normalisers  # noqa: F401  (registers the kinds)
from profiles.unify.normalisers.arrays import folded
from profiles.unify.normalisers.registry import Context, apply, named, usual
from profiles.unify.normalisers.standins import common_stand_ins

__all__ = ["Normalised", "folded", "normalise", "normalised"]


@dataclass(frozen=True)
class Normalised:
    """`values`: text, null where nothing can be compared. `stand_ins`: which of these nulls stood for "no value"."""

    values: pa.Array
    stand_ins: pa.Array


def normalise(values: pa.Array, semantic: str, country: str = "US", names: Sequence[str] = ()) -> pa.Array:
    """Normalised text, null where nothing can be compared. Raises ValueError for the name of no normaliser."""
    return normalised(values, semantic, country, names).values


def normalised(
    values: pa.Array, semantic: str, country: str, names: Sequence[str] = (), trusted: Sequence[str] = ()
) -> Normalised:
    """`trusted`: values, as written, that stand for themselves though they look like stand-ins."""
    chain = [named(name) for name in names] or [usual(semantic)]
    context = Context(country)
    texts = values.cast(pa.string())
    found = apply(texts, chain, context)
    # Words for "no value" may have any case where a rule leaves it.
    stand_ins = pc.fill_null(chain[-1].stand_ins(pc.utf8_lower(found) if names else found), False)
    if trusted:
        known = apply(pa.array(list(trusted), pa.string()), chain, context)
        stand_ins = pc.and_not(stand_ins, pc.is_in(found, value_set=known.drop_null()))
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
