"""The pairs of records that are worth weighing: those with something in common that few others have.

Rules look where they are told to; evidence looks wherever a record and its like can have come close. A key is a
combination of values; records with equal keys meet. Large groups say little and cost much: they are divided by the
initials of names, and what is still large is passed over, for another key finds its pairs. So is what would be too
much in all: the smallest groups of a key, which say the most, come first, and those that hold hardly anybody but
strangers do not come at all.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from profiles.unify.pairs.block import Block, initials, nothing
from profiles.unify.pairs.grouping import Groups, Keys, groups
from profiles.unify.pairs.limits import Limits
from profiles.unify.pairs.scope import Scope
from profiles.unify.pairs.worth import Worth, is_shared
from profiles.unify.reading.hubs import MANY_SHARE
from profiles.unify.reading.plain import PLAIN, WORDS_OF, by_words
from profiles.unify.reading.records import Codes, Feature, Records
from profiles.unify.values.sets import distinct_of, numbered

NAME, BIRTH, EMAIL, PHONE = "person.name", "person.birth_date", "contact.email", "contact.phone"
LINE, CITY, POSTCODE, COMPANY = "address.line", "address.city", "address.postcode", "organization.name"
# Made for this purpose alone: a part of a name wherever it stands, and the whole name in either order.
WORD, EITHER_ORDER = "word", "either order"
HALF_OF = "half of "
LARGEST_GROUP = 24
# Features that are looked at where they were found to say something.
TOLD = (PLAIN, MANY_SHARE)
# Little data can be looked at more closely: larger groups, and values of which only one half is the same.
LITTLE, LARGEST_OF_LITTLE = 100_000, 100
SHORTEST_HALVED = 6
# Of one key, per record; of little data, in all.
MOST_PAIRS = 1.5
FEW_PAIRS = 200_000
# So many are looked at anyway, more only where groups of their size are worth it.
ANYWAY_PAIRS = 0.25
FEW_ANYWAY = 300_000


@dataclass(frozen=True)
class Candidates:
    """Distinct pairs of record numbers, `left` < `right`, sorted."""

    left: Codes
    right: Codes

    def __len__(self) -> int:
        return len(self.left)

    def find(self, left: Keys | Codes, right: Keys | Codes) -> tuple[Keys, npt.NDArray[np.bool_]]:
        """Where pairs stand among the candidates, and which of them do."""
        if not len(self):
            return np.zeros(len(left), np.int64), np.zeros(len(left), bool)
        asked = left.astype(np.int64) << 32 | right
        at = np.minimum(np.searchsorted(self._pairs, asked), len(self) - 1)
        return at, self._pairs[at] == asked

    @cached_property
    def _pairs(self) -> Keys:
        return self.left.astype(np.int64) << 32 | self.right

    def numbered(self, place: Keys) -> "Candidates":
        """By other numbers, which are in the same order: `place` has that of each record."""
        return Candidates(place[self.left].astype(np.int32), place[self.right].astype(np.int32))

    def as_block(self) -> Block:
        return Block(self.left, self.right)


def no_candidates() -> Candidates:
    return Candidates(*nothing())


@dataclass(frozen=True)
class Key:
    """Features that must agree; `divided`: groups that are too large are divided by initials."""

    features: tuple[str, ...]
    divided: bool = False

    def __str__(self) -> str:
        return " + ".join(self.features)


def candidates(
    records: Records, limits: Limits | None = None, scope: Scope | None = None, told: Collection[str] = ()
) -> Candidates:
    """With `scope`, only the pairs in it. `told`: which of those that begin so are weighed."""
    limits, count = limits or Limits(), records.count
    touched = None if scope is None else scope.around
    closely = limits.asks_for(HALF_OF, otherwise=count <= LITTLE)
    most = LARGEST_OF_LITTLE if closely else LARGEST_GROUP
    features = comparable(records.features, told, closely=closely)
    by_initials = initials(records.features[NAME]) if NAME in records.features else None
    telling = [] if limits.decided else _telling(features)
    found = [np.array([], np.int64)]
    for key in keys(features, closely=closely):
        kinds = {_kind(name) for name in key.features}
        others = [feature for feature in telling if _kind(feature.name) not in kinds]
        every = groups([features[name] for name in key.features], count, touched)
        found.append(_affordable(every, limits, str(key), most, count, others))
        if key.divided and by_initials is not None:
            parts = every.where(every.sizes > LARGEST_GROUP).divided(by_initials, touched)
            found.append(_affordable(parts, limits, f"{key} by initials", most, count, others))
    pairs = distinct_of(found)
    left, right = (side.astype(np.int32) for side in np.divmod(pairs, max(1, count)))
    if scope is None:
        return Candidates(left, right)
    mine = scope.pairs(left, right)
    return Candidates(left[mine], right[mine])


def _affordable(found: Groups, limits: Limits, key: str, most: int, count: int, others: Sequence[Feature]) -> Keys:
    """The pairs of the groups that are compared: of at most so many records, the small ones first, as many as are
    allowed and worth it, as the `others` tell."""
    pairs = max(MOST_PAIRS * count, FEW_PAIRS)
    anyway = max(ANYWAY_PAIRS * count, FEW_ANYWAY)
    worth = partial(Worth, found, others)
    largest = limits.largest(key, found.all_sizes(), most, pairs, anyway, worth)
    return found.where((found.sizes > 1) & (found.sizes <= largest)).pairs(count)


def _telling(features: Mapping[str, Feature]) -> list[Feature]:
    """What records of one person agree in, mostly, and strangers seldom."""
    place = POSTCODE if POSTCODE in features else CITY
    wanted = (EITHER_ORDER, BIRTH, EMAIL, PHONE, LINE, place, COMPANY)
    return [one for name, one in features.items() if (name in wanted or name.startswith("id.")) and is_shared(one)]


def _kind(name: str) -> str:
    """Who shares one thing of a kind may well share another: a name and its words; where one lives or works."""
    if name in (WORD, EITHER_ORDER):
        return EITHER_ORDER
    if name in (LINE, CITY, POSTCODE, COMPANY):
        return LINE
    return name.removeprefix(HALF_OF)


def comparable(features: dict[str, Feature], told: Collection[str], *, closely: bool) -> dict[str, Feature]:
    """With what is made from names, from plain columns and, to look `closely`, from numbers and addresses for this
    purpose alone."""
    usable = {name: feature for name, feature in features.items() if not name.startswith(TOLD) or name in told}
    plain = [name for name in sorted(told) if name.startswith(PLAIN)]
    if closely:
        strong = [name for name in features if name in (BIRTH, EMAIL, PHONE) or name.startswith("id.")]
        usable |= {HALF_OF + name: _halves(features[name]) for name in sorted(strong)}
    return usable | dict(_of_names(features)) | {WORDS_OF + name: by_words(features[name]) for name in plain}


def keys(features: dict[str, Feature], *, closely: bool) -> list[Key]:
    place = POSTCODE if POSTCODE in features else CITY
    ids = [Key((name,), divided=True) for name in sorted(features) if name.startswith(("id.", HALF_OF))]
    wanted = [
        *ids,
        Key((EMAIL,), divided=True),
        Key((PHONE,), divided=True),
        Key((BIRTH,), divided=True),
        Key((LINE,), divided=True),
        Key((EITHER_ORDER,)),
        Key((place,), divided=True),
        Key((WORD, place), divided=True),
        Key((WORD, BIRTH)),
        Key((BIRTH, place)),
        Key((LINE, place)),
        Key((EITHER_ORDER, place)),
        Key((EITHER_ORDER, CITY)),
        Key((WORD, COMPANY)),
        Key((COMPANY,), divided=True),
        Key((COMPANY, LINE)),
        Key((COMPANY, place)),
        Key((WORD, HALF_OF + BIRTH)),
        *(
            Key((part, name))
            for name in sorted(features)
            if name.startswith(MANY_SHARE)
            for part in (EITHER_ORDER, WORD)
        ),
        *_of_plain(features),
        *([Key((WORD, CITY), divided=True)] if closely else []),
    ]
    return [key for key in dict.fromkeys(wanted) if all(name in features for name in key.features)]


def _of_plain(features: dict[str, Feature]) -> Iterator[Key]:
    """A column as a whole, and its words together with those of another, with a name, a birth date or a place."""
    plain = [name for name in sorted(features) if name.startswith(PLAIN)]
    for name in plain:
        yield Key((name,), divided=True)
        yield Key((WORDS_OF + name,))
        for other in (WORD, BIRTH, POSTCODE, CITY, COMPANY):
            yield Key((WORDS_OF + name, other))
    for one, other in combinations(plain, 2):
        yield Key((WORDS_OF + one, WORDS_OF + other))


def _halves(feature: Feature) -> Feature:
    """The beginning and the end of each value, as columns: where one character is wrong, one of them is right."""
    texts = [text if len(text) >= SHORTEST_HALVED else "" for text in feature.values.to_pylist()]
    ends = [f"{text[: len(text) // 2]}…" if text else "" for text in texts]
    ends += [f"…{text[(len(text) + 1) // 2 :]}" if text else "" for text in texts]
    values, codes = np.unique([*ends, ""], return_inverse=True)
    columns = [
        np.append(part, 0)[column].astype(np.int32) - 1
        for part in np.split(codes[:-1], 2)
        for column in feature.columns
    ]
    return Feature(HALF_OF + feature.name, tuple(columns), pa.array(values[1:], pa.string()))


def _of_names(features: dict[str, Feature]) -> Iterator[tuple[str, Feature]]:
    if NAME not in features:
        return
    name = features[NAME]
    given, family = (np.append(part, np.int32(-1)) for part in name.parts)
    words = pa.array(name.words.texts, pa.string())
    yield WORD, Feature(WORD, (given[name.codes], family[name.codes]), words)
    low, high = np.minimum(given, family).astype(np.int64), np.maximum(given, family)
    names, codes = numbered(np.where(low >= 0, low * len(words) + high, -1))
    numbers = codes - np.int32(1)  # unknown ones come first
    yield EITHER_ORDER, Feature(EITHER_ORDER, (numbers[name.codes],), pa.nulls(len(names) - 1))
