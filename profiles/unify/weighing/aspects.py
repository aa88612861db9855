"""What two records are weighed by: all aspects that the records at hand have."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from profiles.unify.pairs.score import best_feature_similarity
from profiles.unify.reading.generations import GENERATION
from profiles.unify.reading.hubs import MANY_SHARE
from profiles.unify.reading.plain import PLAIN, is_number, says_something
from profiles.unify.reading.records import Codes, Feature, Records
from profiles.unify.weighing.aspect import BIRTH, DIFFERENT, Aspect, Comparer, Index, Levels, Mask, level
from profiles.unify.weighing.name_aspects import BOTH_IN_USE, NAME, NAMES, of_names
from profiles.unify.weighing.places import PLACE_PARTS, usual_places

# What was learned of all levels, by the name of the aspect.
Overall = Mapping[str, npt.NDArray[np.float64]]
PLACE = "address"
# Of two dates that differ, whether the year is the same, or day and month, comes between nothing and a slip.
DATE_LIMITS, IN_PART = (0.7, 0.85, 1.0), 2
USUAL_BORN = (0.01, 0.04, 0.02, 0.03, 0.9)
# Whether both records stand in one table, and in which, or in two. Of more tables than this nothing is told.
TABLES = "tables"
MOST_TABLES = 50
# Which identifier two records have in common of which one holds no name, or neither does: in two tables, or in one.
NAMELESS, WAYS_NAMELESS = "nameless", 3
# Of a table in which more than this share holds no name, most hold none.
MOSTLY_NAMELESS = 0.5
# Of these no value is rare.
FEW_VALUES = frozenset(["person.gender", GENERATION])
# Columns of which nothing is known beforehand; whole numbers may be one off, or two.
TEXT_LIMITS = (0.6, 0.8, 0.92, 1.0)
NUMBER_LIMITS = (0.8, 0.9, 0.95, 1.0)
USUAL_PLAIN = (0.35, 0.05, 0.05, 0.05, 0.5)
# Of a value that many share, whether the other one has it, too.
USUAL_OF_MANY = (0.5, 0.5)


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
        """An identifier that two have in common of which one holds no name is told by that alone, and so are tables.
        That a father and a son have one given name is what Sr. and Jr. say."""
        if GENERATION in levels and NAMES[0] in levels:
            named = (levels[GENERATION] == DIFFERENT) & (levels[NAMES[0]] > DIFFERENT)
            levels[NAMES[0]] = np.where(named, np.uint8(0), levels[NAMES[0]])
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
        return Known(known.codes, known.values) if known is not None and name not in FEW_VALUES else None


def _identifiers(comparers: Sequence[Comparer]) -> tuple[str, ...]:
    """The names of those aspects, the most personal ones first."""
    kinds = (aspect.name for comparer in comparers for aspect in comparer.aspects if aspect.is_identifier)
    return tuple(sorted(kinds, key=lambda name: (not name.startswith("id."), name)))


def _comparers(records: Records, named: Overall | None, known: Mapping[str, pa.Table] | None) -> Iterator[Comparer]:
    features = records.features
    if NAME in features:
        yield of_names(features[NAME], known, told=named is None or BOTH_IN_USE in named)
    if BIRTH in features:
        yield _born(features[BIRTH])
    for name, measure, limits, usual, personal in (
        ("person.gender", "exact", (1.0,), (0.03, 0.97), True),
        (GENERATION, "exact", (1.0,), (0.02, 0.98), True),
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
