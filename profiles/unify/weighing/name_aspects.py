"""The aspects of names: given and family name, and whether other given names are both in use."""

from collections.abc import Callable, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from profiles.unify.reading.generations import GENERATION
from profiles.unify.reading.records import Codes, Feature
from profiles.unify.values.in_pairs import Scores
from profiles.unify.values.remembered import Remembered
from profiles.unify.weighing.aspect import DIFFERENT, Aspect, Comparer, Index, Levels, Mask, level

Alike = Callable[[Codes, Codes], Scores]
NAME = "person.name"
NAMES = ("given name", "family name")
# Of two who have other given names, whether each is a name that so many records have: a slip of the pen, or of the ear,
# hardly ever makes one name another one that is in use.
BOTH_IN_USE, IN_USE = "given names in use", 5
USUAL_IN_USE = (0.75, 0.25)
# A single word that so many times as many people with two names have for the given one than for the family name.
ALONE, MOSTLY_GIVEN = "given names alone", 4
# All that names tell.
OF_NAMES = (*NAMES, BOTH_IN_USE, GENERATION)
# A name whose parts stand in the other order is as good as a small spelling mistake.
TURNED = np.float32(0.95)
NAME_LIMITS = (0.75, 0.86, 0.92, 1.0)


def of_names(names: Feature, known: Mapping[str, pa.Table] | None, *, told: bool) -> Comparer:
    """`known`: of the names of all records, where these are a part, by kind, how many `records` have each `value`;
    `told`: whether both given names being in use is an aspect."""
    alone = given_alone(names) if known is None else _known_among(names, known.get(ALONE))
    in_use = _in_use(names, None if known is None else known.get(NAMES[0]))
    return _compared(names, in_use, np.append(alone, False), told=told)


def _in_use(names: Feature, known: pa.Table | None) -> Mask:
    """Which words enough records have for a given name; the last one is of no name."""
    given, texts = np.append(names.parts[0], -1)[names.codes], names.words.texts
    if known is None:
        found: Mask = np.bincount(given + 1, minlength=len(texts) + 1)[1:] >= IN_USE
    else:
        found = _known_among(names, known.filter(pc.greater_equal(known.column("records"), IN_USE)))
    return np.append(found, False)


def given_alone(names: Feature) -> Mask:
    """Which words are given names where they stand alone: enough people with two names have them for one, and hardly
    anybody for a family name."""
    given, family = (np.append(part, -1)[names.codes] for part in names.parts)
    two, size = (given >= 0) & (family >= 0), len(names.words.texts)
    first, last = (np.bincount(part[two], minlength=size) for part in (given, family))
    found: Mask = (first >= IN_USE) & (first >= MOSTLY_GIVEN * last)
    return found


def _known_among(names: Feature, known: pa.Table | None) -> Mask:
    if known is None:
        return np.zeros(len(names.words.texts), bool)
    found: Mask = pc.is_in(
        pa.array(names.words.texts, pa.string()), value_set=known.column("value").combine_chunks()
    ).to_numpy(zero_copy_only=False)
    return found


def _compared(feature: Feature, in_use: Mask, given_alone: Mask, *, told: bool) -> Comparer:
    """Given and family name. Where they fit better in the other order of the two parts, they are taken in it; so is a
    single word, which may be either name. Two single words are given names where one of them is known for one."""
    usual_given, usual_family = (0.01, 0.005, 0.02, 0.1, 0.865), (0.03, 0.01, 0.02, 0.1, 0.84)
    source = frozenset({NAME})
    aspects = [Aspect(NAMES[0], usual_given, True, source), Aspect(NAMES[1], usual_family, False, source)]
    aspects += [Aspect(BOTH_IN_USE, USUAL_IN_USE, True, source)] if told else []
    given, family = (np.append(part, -1)[feature.codes].astype(np.int32) for part in feature.parts)
    used = [np.bincount(part[part >= 0], minlength=len(feature.words.texts)) for part in (given, family)]
    alike = Remembered(feature.words, used[0] + used[1], NAME_LIMITS[0]).similarity

    def compare(left: Index, right: Index) -> tuple[Levels, ...]:
        g1, g2, f1, f2 = given[left], given[right], family[left], family[right]
        alone = np.flatnonzero((g1 < 0) & (g2 < 0) & (given_alone[f1] | given_alone[f2]) & (f1 >= 0) & (f2 >= 0))
        g1[alone], g2[alone], f1[alone], f2[alone] = f1[alone], f2[alone], -1, -1
        of_given, of_family = alike(g1, g2), alike(f1, f2)
        straight = np.minimum(of_given, of_family)
        least = np.maximum(straight, np.float32(NAME_LIMITS[0]))
        open_ = np.flatnonzero(straight < NAME_LIMITS[-2])
        divided = feature.words.divided((g1[open_], f1[open_]), (g2[open_], f2[open_]))
        better = divided > least[open_]
        found = np.minimum(divided[better], TURNED)
        of_given[open_[better]] = of_family[open_[better]] = least[open_[better]] = found
        one = alike(g1[open_], f2[open_])
        open_, one = open_[one > least[open_]], one[one > least[open_]]
        other = alike(f1[open_], g2[open_])
        better = other > least[open_]
        of_given[open_[better]] = np.minimum(one[better], TURNED)
        of_family[open_[better]] = np.minimum(other[better], TURNED)
        of_given[(g1 < 0) | (g2 < 0)] = -1
        of_family[(f1 < 0) | (f2 < 0)] = -1
        for mine, theirs in (((g1, f1), (g2, f2)), ((g2, f2), (g1, f1))):
            rows, found = _single(alike, mine, theirs)
            better = found > of_family[rows]
            of_given[rows[better]], of_family[rows[better]] = found[better], -1
            rows, found = _single(alike, mine[::-1], theirs[::-1])
            better = found > of_given[rows]
            of_given[rows[better]], of_family[rows[better]] = -1, found[better]
        named = level(of_given, NAME_LIMITS), level(of_family, NAME_LIMITS)
        both = np.where(named[0] == DIFFERENT, 1 + (in_use[g1] & in_use[g2]), 0).astype(np.uint8)
        return (*named, both) if told else named

    return Comparer(tuple(aspects), compare)


def _single(alike: Alike, one: tuple[Codes, Codes], other: tuple[Codes, Codes]) -> tuple[Index, Scores]:
    """Names as (this part, that part). Where one has a single word, for that part: how alike it is to this part of the
    other one."""
    rows = np.flatnonzero((one[0] < 0) & (one[1] >= 0) & (other[0] >= 0) & (other[1] >= 0))
    return rows, np.minimum(alike(one[1][rows], other[0][rows]), TURNED)
