"""What two records are weighed by: each aspect says how alike they are in it, as one of a few levels.

Level 0 means that one of the two has no value; from 1, which is different, the levels rise to the last, which is equal.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from profiles.unify.pairs.score import best_feature_similarity
from profiles.unify.reading.hubs import MANY_SHARE
from profiles.unify.reading.plain import PLAIN, is_number, says_something
from profiles.unify.reading.records import Codes, Feature, Records
from profiles.unify.values.names import Scores
from profiles.unify.values.remembered import Remembered
from profiles.unify.weighing.places import PLACE_PARTS, usual_places

Levels = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]
# What was learned of all levels, by the name of the aspect.
Overall = Mapping[str, npt.NDArray[np.float64]]
Alike = Callable[[Codes, Codes], Scores]
Index = npt.NDArray[np.int32] | npt.NDArray[np.int64]
DIFFERENT = 1
NAME = "person.name"
NAMES = ("given name", "family name")
# Of two who have other given names, whether each is a name that so many records have: a slip of the pen, or of the ear,
# hardly ever makes one name another one that is in use.
BOTH_IN_USE, IN_USE = "given names in use", 5
USUAL_IN_USE = (0.75, 0.25)
# A single word that so many times as many people with two names have for the given one than for the family name.
ALONE, MOSTLY_GIVEN = "given names alone", 4
# All that names tell.
OF_NAMES = (*NAMES, BOTH_IN_USE)
PLACE = "address"
BIRTH = "person.birth_date"
# Of two dates that differ, whether the year is the same, or day and month, comes between nothing and a slip.
DATE_LIMITS, IN_PART = (0.7, 0.85, 1.0), 2
USUAL_BORN = (0.01, 0.04, 0.02, 0.03, 0.9)
# A name whose parts stand in the other order is as good as a small spelling mistake.
TURNED = np.float32(0.95)
NAME_LIMITS = (0.75, 0.86, 0.92, 1.0)
# Whether both records stand in one table, and in which, or in two. Of more tables than this nothing is told.
TABLES = "tables"
MOST_TABLES = 50
# Which identifier two records have in common of which one holds no name, or neither does: in two tables, or in one.
NAMELESS, WAYS_NAMELESS = "nameless", 3
# Of a table in which more than this share holds no name, most hold none.
MOSTLY_NAMELESS = 0.5
# Columns of which nothing is known beforehand; whole numbers may be one off, or two.
TEXT_LIMITS = (0.6, 0.8, 0.92, 1.0)
NUMBER_LIMITS = (0.8, 0.9, 0.95, 1.0)
USUAL_PLAIN = (0.35, 0.05, 0.05, 0.05, 0.5)
# Of a value that many share, whether the other one has it, too.
USUAL_OF_MANY = (0.5, 0.5)


@dataclass(frozen=True)
class Aspect:
    """`usual`: how often records of one person reach each level, as expected before anything was learned.

    `personal`: members of a household do not have it in common. `features`: what it is made from.
    """

    name: str
    usual: tuple[float, ...]
    personal: bool
    features: frozenset[str]

    @property
    def levels(self) -> int:
        return len(self.usual) + 1

    @property
    def equal(self) -> int:
        return len(self.usual)

    @property
    def rare_in_household(self) -> bool:
        """Whether a rare value is as rare among members of a household."""
        return self.personal and not self.may_be_common

    @property
    def may_be_common(self) -> bool:
        """Whether members of a household have any value of it in common now and then: twins were born on one day, a
        child is known by the number of a parent, a couple has one card."""
        return self.personal and (self.name == BIRTH or self.name.startswith("id."))

    @property
    def is_identifier(self) -> bool:
        """Something that one person, or one household, has to itself."""
        return self.name.startswith(("contact.", "id."))


@dataclass(frozen=True)
class Comparer:
    """Aspects that are computed together."""

    aspects: tuple[Aspect, ...]
    compare: Callable[[Index, Index], tuple[Levels, ...]]


@dataclass(frozen=True)
class Known:
    """The distinct values of an aspect, and the code of each record's, −1 for unknown."""

    codes: Codes
    texts: pa.Array


class Aspects:
    """The aspects that the records at hand can be weighed by; of a part of all records, those `named`, and what is
    `known` of the names of all, by kind: how many `records` have each `value`."""

    def __init__(
        self, records: Records, named: Overall | None = None, known: Mapping[str, pa.Table] | None = None
    ) -> None:
        self.records = records
        found = tuple(_comparers(records, named, known))
        found = (*found, *_tables(records, named)) if found else found
        self._values: dict[str, Known | None] = {}
        self.identifiers = _identifiers(found)
        self.comparers = (*found, *_nameless(self.identifiers, records, named))
        self.all = tuple(aspect for comparer in self.comparers for aspect in comparer.aspects)

    def named(self, name: str) -> Aspect:
        return next(aspect for aspect in self.all if aspect.name == name)

    def levels(self, left: Index, right: Index) -> dict[str, Levels]:
        """Per aspect the level of every pair of record numbers."""
        found: dict[str, Levels] = {}
        for comparer in self.comparers:
            names = (aspect.name for aspect in comparer.aspects)
            found |= zip(names, comparer.compare(left, right), strict=True)
        return self.told_once(found)

    def told_once(self, levels: dict[str, Levels]) -> dict[str, Levels]:
        """An identifier that two have in common of which one holds no name is told by that alone, and so are tables."""
        if NAMELESS not in levels:
            return levels
        which = levels[NAMELESS]
        for number, name in enumerate(self.identifiers):
            here = (which > 0) & ((which - 1) % len(self.identifiers) == number)
            levels[name] = np.where(here, np.uint8(0), levels[name])
        if TABLES in levels:
            levels[TABLES] = np.where(which > 0, np.uint8(0), levels[TABLES])
        return levels

    def levels_of(self, name: str, left: Index, right: Index) -> Levels:
        """Of one aspect alone."""
        comparer = next(one for one in self.comparers if any(aspect.name == name for aspect in one.aspects))
        names = [aspect.name for aspect in comparer.aspects]
        return comparer.compare(left, right)[names.index(name)]

    def shared_identifier(self, left: Index, right: Index) -> npt.NDArray[np.int64]:
        """Of pairs of which one holds no name, the number of the identifier by which they are told, from 1; else 0."""
        if all(aspect.name != NAMELESS for aspect in self.all):
            return np.zeros(len(left), np.int64)
        found = self.levels_of(NAMELESS, left, right).astype(np.int64)
        return np.where(found > 0, (found - 1) % max(1, len(self.identifiers)) + 1, 0)

    def values(self, name: str) -> Known | None:
        """For aspects whose rare values say more than common ones."""
        if name not in self._values:
            self._values[name] = self._known(name)
        return self._values[name]

    def _known(self, name: str) -> Known | None:
        if name in NAMES:
            feature = self.records.features[NAME]
            part = feature.parts[NAMES.index(name)]
            texts = pa.array(feature.words.texts, pa.string())
            return Known(np.append(part, -1)[feature.codes].astype(np.int32), texts)
        known = self.records.features.get(name)
        return Known(known.codes, known.values) if known is not None and name != "person.gender" else None


def _identifiers(comparers: Sequence[Comparer]) -> tuple[str, ...]:
    """The names of those aspects, the most personal ones first."""
    kinds = (aspect.name for comparer in comparers for aspect in comparer.aspects if aspect.is_identifier)
    return tuple(sorted(kinds, key=lambda name: (not name.startswith("id."), name)))


def _comparers(records: Records, named: Overall | None, known: Mapping[str, pa.Table] | None) -> Iterator[Comparer]:
    features = records.features
    if NAME in features:
        names = features[NAME]
        alone = given_alone(names) if known is None else _known_among(names, known.get(ALONE))
        in_use = _in_use(names, None if known is None else known.get(NAMES[0]))
        yield _names(names, in_use, np.append(alone, False), told=named is None or BOTH_IN_USE in named)
    if BIRTH in features:
        yield _born(features[BIRTH])
    for name, measure, limits, usual, personal in (
        ("person.gender", "exact", (1.0,), (0.03, 0.97), True),
        ("contact.email", "jaro_winkler", (0.92, 1.0), (0.3, 0.05, 0.65), False),
        ("contact.phone", "damerau", (0.88, 1.0), (0.3, 0.03, 0.67), False),
        ("organization.name", "token_set", (0.8, 1.0), (0.2, 0.1, 0.7), False),
    ):
        if name in features:
            yield _plain(features[name], measure, limits, usual, personal=personal)
    for name in sorted(features):
        if name.startswith("id.") and (_is_shared(features[name]) if named is None else name in named):
            yield _plain(features[name], "damerau", (0.85, 1.0), (0.3, 0.05, 0.65), personal=True)
    for name in sorted(features):
        if name.startswith(MANY_SHARE) and (NAME in features if named is None else name in named):
            yield _of_many(features[name], features[name.removeprefix(MANY_SHARE)])
    if any(name in features for name, *_rest in PLACE_PARTS):
        yield _place(records)
    for name in sorted(features):
        if name.startswith(PLAIN) and (
            says_something(features[name], records.count) if named is None else name in named
        ):
            how = ("near", NUMBER_LIMITS) if is_number(name, records.tables) else ("text", TEXT_LIMITS)
            yield _plain(features[name], *how, USUAL_PLAIN, personal=False)


def _is_shared(feature: Feature) -> bool:
    """The key of one table alone says nothing."""
    return bool(feature.counts.max(initial=0) > 1)


def _plain(
    feature: Feature, measure: str, limits: tuple[float, ...], usual: tuple[float, ...], *, personal: bool
) -> Comparer:
    aspect = Aspect(feature.name, usual, personal, frozenset({feature.name}))

    def compare(left: Index, right: Index) -> tuple[Levels, ...]:
        return (level(best_feature_similarity(feature, measure, left, right, limits[0]), limits),)

    return Comparer((aspect,), compare)


def _born(feature: Feature) -> Comparer:
    days = pc.if_else(pc.match_substring_regex(feature.values, r"^\d{8}$"), feature.values, None)
    number = np.append(pc.fill_null(days.cast(pa.int32()), -1).to_numpy(zero_copy_only=False), np.int32(-1))
    years, others = number // 10_000, np.where(number < 0, -1, number % 10_000)
    each = [(years.take(codes), others.take(codes)) for codes in feature.columns]

    def compare(left: Index, right: Index) -> tuple[Levels, ...]:
        found = level(best_feature_similarity(feature, "date", left, right, DATE_LIMITS[0]), DATE_LIMITS)
        found += found > DIFFERENT
        open_ = np.flatnonzero(found == DIFFERENT)
        one, other = left[open_], right[open_]
        for mine, theirs in product(each, repeat=2):
            first, second = mine[0].take(one), mine[1].take(one)
            same = (first == theirs[0].take(other)) | (second == theirs[1].take(other))
            found[open_[same & (first >= 0)]] = IN_PART
        return (found,)

    return Comparer((Aspect(BIRTH, USUAL_BORN, True, frozenset({BIRTH})),), compare)


def _of_many(many: Feature, few: Feature) -> Comparer:
    """Whether one of two has a value that many share, and the other the same one; known where both have any."""
    aspect = Aspect(many.name, USUAL_OF_MANY, False, frozenset({many.name}))

    def compare(left: Index, right: Index) -> tuple[Levels, ...]:
        one, other = _has_any(many, left), _has_any(many, right)
        both = (one | _has_any(few, left)) & (other | _has_any(few, right))
        found = ((one | other) & both).astype(np.uint8)
        asked = np.flatnonzero(one & other)
        found[asked] += best_feature_similarity(many, "exact", left[asked], right[asked]) == 1
        return (found,)

    return Comparer((aspect,), compare)


def _has_any(feature: Feature, records: Index) -> npt.NDArray[np.bool_]:
    found: npt.NDArray[np.bool_] = np.logical_or.reduce([codes[records] >= 0 for codes in feature.columns])
    return found


def level(scores: Scores, limits: tuple[float, ...]) -> Levels:
    """0 for an unknown score (below 0), 1 below the first limit, and so on."""
    found: Levels = (scores >= 0).astype(np.uint8)
    for limit in limits:
        found += scores >= np.float32(limit)
    return found


def _tables(records: Records, named: Overall | None) -> Iterator[Comparer]:
    """Who has a table without doubles knows that two of its records are two people, however alike they are. How many it
    has nobody can tell where most hold no name: nothing is known of such a table, which has 0 in all of `named`."""
    tables = len(records.tables)
    if not 1 < tables <= MOST_TABLES or (named is not None and TABLES not in named):
        return
    sizes = np.bincount(records.table_index, minlength=tables).astype(np.float64)
    shares = (sizes / max(1.0, sizes.sum())) ** 2
    told = ~mostly_nameless(records) if named is None else np.asarray(named[TABLES][1:-1]) > 0
    aspect = Aspect(TABLES, (*shares.tolist(), float(1 - shares.sum())), True, frozenset())

    def compare(left: Index, right: Index) -> tuple[Levels, ...]:
        one, other = records.table_index[left], records.table_index[right]
        return ((np.where(one == other, one + 1, tables + 1) * (told[one] & told[other])).astype(np.uint8),)

    yield Comparer((aspect,), compare)


def nameless(records: Records) -> Mask | None:
    """Which records hold no name; None where no column of names is known, or everybody has one."""
    if NAME not in records.features:
        return None
    found: Mask = records.features[NAME].codes < 0
    return found if found.any() else None


def mostly_nameless(records: Records) -> Mask:
    """In which tables most records hold no name, although others do."""
    sizes, without = np.bincount(records.table_index, minlength=len(records.tables)), nameless(records)
    if without is None:
        return np.zeros(len(sizes), bool)
    found: Mask = np.bincount(records.table_index, without, len(sizes)) > MOSTLY_NAMELESS * sizes
    return found if not found.all() else ~found


def _nameless(kinds: Sequence[str], records: Records, named: Overall | None) -> Iterator[Comparer]:
    """Whether two records, of which at least one holds no name, have an identifier in common, and the first that they
    do: what it tells is another thing than between two who have names."""
    without = nameless(records)
    features = [records.features[name] for name in kinds]
    if not kinds or (without is None if named is None else NAMELESS not in named):
        return
    if without is None:
        without = np.zeros(records.count, bool)
    aspect = Aspect(NAMELESS, (1.0,) * (WAYS_NAMELESS * len(features)), False, frozenset())

    def compare(left: Index, right: Index) -> tuple[Levels, ...]:
        found = np.zeros(len(left), np.uint8)
        open_ = np.flatnonzero(without[left] | without[right])
        for level_, feature in enumerate(features, 1):
            same = best_feature_similarity(feature, "exact", left[open_], right[open_]) == 1
            rows, open_ = open_[same], open_[~same]
            one, other = left[rows], right[rows]
            both = (without[one] & without[other]).astype(np.uint8)
            way = both + (both & (records.table_index[one] == records.table_index[other]))
            found[rows] = level_ + way * np.uint8(len(features))
        return (found,)

    yield Comparer((aspect,), compare)


def _in_use(names: Feature, known: pa.Table | None) -> Mask:
    """Which words enough records have for a given name; the last one is of no name."""
    given, texts = np.append(names.parts[0], -1)[names.codes], names.words.texts
    if known is None:
        found: Mask = np.bincount(given + 1, minlength=len(texts) + 1)[1:] >= IN_USE
    else:
        used = known.column("value").filter(pc.greater_equal(known.column("records"), IN_USE))
        found = pc.is_in(pa.array(texts, pa.string()), value_set=used.combine_chunks()).to_numpy(zero_copy_only=False)
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


def _names(feature: Feature, in_use: Mask, given_alone: Mask, *, told: bool) -> Comparer:
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
        for rows, found in (_single(alike, (g1, f1), (g2, f2)), _single(alike, (g2, f2), (g1, f1))):
            better = found > of_family[rows]
            of_given[rows[better]], of_family[rows[better]] = found[better], -1
        named = level(of_given, NAME_LIMITS), level(of_family, NAME_LIMITS)
        both = np.where(named[0] == DIFFERENT, 1 + (in_use[g1] & in_use[g2]), 0).astype(np.uint8)
        return (*named, both) if told else named

    return Comparer(tuple(aspects), compare)


def _single(alike: Alike, one: tuple[Codes, Codes], other: tuple[Codes, Codes]) -> tuple[Index, Scores]:
    """Where one has a single word for a name: how alike it is to the given name of the other one."""
    rows = np.flatnonzero((one[0] < 0) & (one[1] >= 0) & (other[0] >= 0) & (other[1] >= 0))
    return rows, np.minimum(alike(one[1][rows], other[0][rows]), TURNED)


def _place(records: Records) -> Comparer:
    """Street, postcode and city as one aspect, for they hang together: one level for each combination."""
    parts = [part for part in PLACE_PARTS if part[0] in records.features]
    known = frozenset(name for name, *_rest in parts)

    def compare(left: Index, right: Index) -> tuple[Levels, ...]:
        total = np.zeros(len(left), np.uint8)
        for name, measure, limits, weight in parts:
            alike = best_feature_similarity(records.features[name], measure, left, right, limits[0])
            total += level(alike, limits) * np.uint8(weight)
        return (total,)

    return Comparer((Aspect(PLACE, usual_places([weight for *_how, weight in parts]), False, known),), compare)
