"""Records without a name: a sign-up that is an e-mail address and nothing else, a call of which the number is known.

Whose it is cannot be told by comparing two records: who has the address may be the person, or another member of the
household. But the records with names tell how many people one address has. Where nearly all have one, a record without
a name belongs to who has its address; where couples share theirs, it may be anybody's. Who is tied to two different
people alike is tied to neither (`matching.contested`).
"""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from profiles.unify.reading.records import Feature, Records
from profiles.unify.weighing.aspect import DIFFERENT
from profiles.unify.weighing.aspects import NAMELESS, WAYS_NAMELESS, Aspects, nameless
from profiles.unify.weighing.model import LEAST, MOST_SHARING, Model, Numbers
from profiles.unify.weighing.name_aspects import NAMES

Index = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
# So many values are looked at. Of a value this share has several people, which counts as much as so many values.
DRAWN, USUAL, EXPECTED = 20_000, 0.03, 20.0
# Of those who share a value with a person whom nobody else has it with, at least so many are somebody else (telephones
# stand in homes, and numbers are given away again); and members of a household whom no record names are at most so many
# times those who are named.
FEWEST_OTHERS, FEWEST = 0.02, {"contact.phone": 0.08}
MOST_UNSEEN = 1.5
MOST_OTHERS = 0.9
# Of pairs with one identifier, so many are strangers.
STRANGERS = 0.02


def others_of(aspects: Aspects, draw: np.random.Generator) -> Numbers:
    """By level of the aspect (0 unused), the share of those pairs that are two people of one household; empty where
    everybody has a name."""
    without = nameless(aspects.records)
    if without is None or all(aspect.name != NAMELESS for aspect in aspects.all):
        return np.array([])
    ways = zip(*(_of_each(aspects, name, without, draw) for name in aspects.identifiers), strict=True)
    least = [FEWEST.get(name, FEWEST_OTHERS) for name in aspects.identifiers]
    shares: Numbers = np.clip([share for way in ways for share in way], least * WAYS_NAMELESS, MOST_OTHERS)
    return np.append(0.0, shares)


def _of_each(aspects: Aspects, name: str, without: Mask, draw: np.random.Generator) -> tuple[float, float, float]:
    """Of an identifier: where one of two has a name, where neither has, in two tables and in one."""
    feature = aspects.records.features[name]
    several, known = _of_several(aspects, feature, ~without, draw), _known(feature, without)
    unseen = min(MOST_UNSEEN, (1 - known) / max(LEAST, known))
    twice = _twice(aspects.records, feature, without)
    return several / (1 - several) * unseen, 2 * several / (1 + several), several / max(twice, several)


def _of_several(aspects: Aspects, feature: Feature, named: Mask, draw: np.random.Generator) -> float:
    """Of the values that records with names have, the share that different people have in common."""
    rows = np.flatnonzero(named & (feature.codes >= 0))
    used = np.bincount(feature.codes[rows], minlength=len(feature.values))
    values = np.flatnonzero((used > 0) & (used <= MOST_SHARING))
    values = np.sort(draw.choice(values, min(DRAWN, len(values)), replace=False))
    chosen = np.zeros(len(used), bool)
    chosen[values] = True
    rows = rows[chosen[feature.codes[rows]]]
    rows = rows[np.argsort(feature.codes[rows], kind="stable")]
    codes = feature.codes[rows]
    begins = np.append(True, codes[1:] != codes[:-1])[: len(rows)]
    first = rows[np.maximum.accumulate(np.where(begins, np.arange(len(rows)), 0))]
    left, right, codes = first[~begins], rows[~begins], codes[~begins]
    given, family = (aspects.levels_of(name, left, right) for name in NAMES)
    apart = (given == DIFFERENT) | ((given == 0) & (family == DIFFERENT))
    return (len(np.unique(codes[apart])) + USUAL * EXPECTED) / (len(values) + EXPECTED)


def _twice(records: Records, feature: Feature, without: Mask) -> float:
    """Of the values of records without a name, the share that several of one table have."""
    rows = np.flatnonzero(without & (feature.codes >= 0))
    keys = np.int64(feature.codes[rows]) * len(records.tables) + records.table_index[rows]
    times = np.unique(keys, return_counts=True)[1]
    return float((np.count_nonzero(times > 1) + USUAL * EXPECTED) / (len(times) + EXPECTED))


def _known(feature: Feature, without: Mask) -> float:
    """The share of values of records without names that one with a name has, too."""
    known = np.zeros(len(feature.values), bool)
    known[feature.codes[~without & (feature.codes >= 0)]] = True
    asked = feature.codes[without & (feature.codes >= 0)]
    return float(known[asked].mean()) if len(asked) else 1.0


def with_nameless(model: Model, others: Numbers) -> Model:
    """The model with what was found, whatever share of all pairs is of one person or household."""
    if not len(others):
        return model
    household = others / (1 - others) * model.matches / model.households
    strangers = np.full(len(others), STRANGERS / (1 - STRANGERS) * model.matches)
    household[0] = strangers[0] = 0.0
    return replace(
        model,
        person=model.person | {NAMELESS: np.ones(len(others))},
        household=model.household | {NAMELESS: household},
        overall=model.overall | {NAMELESS: strangers},
        strangers=tuple(group | {NAMELESS: strangers} for group in model.strangers),
    )
