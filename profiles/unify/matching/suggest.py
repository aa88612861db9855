"""A rule set from the meaning of the columns and from the data itself; no labels.

What agrees within a household (family name, address, e-mail, telephone) never joins alone: each rule asks for
something of the person (given name, birth date, an id). Which of them hold for the data at hand, the evidence tells; it
also keeps apart who contradict each other, and finds whom no plain rule joins.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from core.shapes import gettext_noop
from profiles.unify.config.rules import NEVER_KEYS, Condition, MatchRule
from profiles.unify.pairs.grouping import Mask
from profiles.unify.pairs.score import holds
from profiles.unify.reading.records import Feature, Records
from profiles.unify.weighing.evidence import Evidence, as_probability

# Pairs by which rules are judged.
SAMPLED = 100_000
# Fewer pairs than this that satisfy a rule say nothing about it.
FEWEST_SEEN = 5
# The least share of right pairs of a rule, as the evidence sees them; less of one that is sure beforehand.
MOSTLY, SURELY = 0.97, 0.9
# A rule is worth its time when it explains this share of all that are joined.
EXPLAINS = 0.01
MOST_RULES = 8
# An id that more records share on average than this, per table, is a category and not an id.
RECORDS_PER_ID = 4
# A rule that would compare more pairs than this costs more time than it can be worth.
PAIRS_PER_RECORD = 6
FOR = Condition(compare="likely")
AGAINST = Condition(compare="unlikely")

EMAIL, PHONE, BIRTH = "contact.email", "contact.phone", "person.birth_date"
# The name of a rule of an id begins so; ids are of as many kinds as there are data.
OF_ID = "Same "
LINE, CITY, POSTCODE = "address.line", "address.city", "address.postcode"


class Called(NamedTuple):
    """The names of the rules of one place, each as a whole: names are translated where they are shown."""

    birth_date: str
    address: str
    similar_birth_date: str
    name_and_birth_date: str
    similar_name: str
    name: str


AT = {
    POSTCODE: Called(
        gettext_noop("Same birth date and postcode, similar name"),
        gettext_noop("Same postcode, similar address and name"),
        gettext_noop("Same postcode, similar birth date and name"),
        gettext_noop("Same name and postcode, similar birth date"),
        gettext_noop("Same postcode, very similar name"),
        gettext_noop("Same name and postcode"),
    ),
    CITY: Called(
        gettext_noop("Same birth date and city, similar name"),
        gettext_noop("Same city, similar address and name"),
        gettext_noop("Same city, similar birth date and name"),
        gettext_noop("Same name and city, similar birth date"),
        gettext_noop("Same city, very similar name"),
        gettext_noop("Same name and city"),
    ),
}


def _same(semantic: str) -> Condition:
    return Condition(semantic=semantic)


def _like(semantic: str, compare: str, threshold: str) -> Condition:
    return Condition.model_validate({"semantic": semantic, "compare": compare, "threshold": threshold})


SIMILAR_NAME = _like("person.name", "name", "medium")
VERY_SIMILAR_NAME = _like("person.name", "name", "high")
SAME_NAME = _like("person.name", "name", "exact")
SIMILAR_GIVEN = _like("person.first_name", "given_name", "medium")
VERY_SIMILAR_GIVEN = _like("person.first_name", "given_name", "high")
NO_NAME = Condition(semantic="person.name", compare="missing")
NEAR_DATE = _like(BIRTH, "date", "high")
SIMILAR_DATE = _like(BIRTH, "date", "medium")
SIMILAR_LINE = _like(LINE, "token_set", "medium")


def suggest(evidence: Evidence) -> list[MatchRule]:
    """The plain rules that the evidence bears out, those that explain most first come first, and last the evidence
    itself, which finds what no plain rule does. Empty when no column has a meaning that tells people apart."""
    records = evidence.records
    if not evidence.aspects.all:
        return []
    sample = _Sample(evidence)
    rules: list[MatchRule] = []
    for name, when, sure in _candidates(records):
        if len(rules) == MOST_RULES:
            break
        if not _applicable(records, when) or any(_implied(rule.when, when) for rule in rules):
            continue
        found = sample.holding(when)
        if sample.bears_out(found, sure=sure):
            rules.append(MatchRule(name=name, when=when, unless=(AGAINST,)))
            sample.explained |= found
    return [*rules, MatchRule(name=gettext_noop("Evidence of all values together"), when=(FOR,))]


class _Sample:
    """Some of the pairs worth weighing, how likely each is one person, and which of them the rules so far explain."""

    def __init__(self, evidence: Evidence) -> None:
        pairs = evidence.candidates
        step = max(1, len(pairs) // SAMPLED)
        self.records = evidence.records
        self.left, self.right = pairs.left[::step], pairs.right[::step]
        self.likely = as_probability(evidence.weigh(self.left, self.right))
        self.explained = np.zeros(len(self.left), bool)
        self._tried: dict[Condition, tuple[Mask, Mask]] = {}

    def holding(self, conditions: Sequence[Condition]) -> Mask:
        found = np.zeros(len(self.left), bool)
        rest = np.arange(len(self.left))
        for condition in sorted(conditions, key=lambda c: not c.is_key):
            rest = rest[self._satisfying(condition, rest)]
        found[rest] = True
        return found

    def _satisfying(self, condition: Condition, rows: npt.NDArray[np.int64]) -> Mask:
        """Which of the pairs do: rules ask the same again and again."""
        if condition not in self._tried:
            self._tried[condition] = np.zeros(len(self.left), bool), np.zeros(len(self.left), bool)
        tried, held = self._tried[condition]
        new = rows[~tried[rows]]
        held[new] = holds(self.records, condition, self.left[new], self.right[new])[0]
        tried[new] = True
        return held[rows]

    def bears_out(self, found: Mask, *, sure: bool) -> bool:
        """Where there is little to go by, what is known to be sure; else what is mostly right and explains enough."""
        if found.sum() < FEWEST_SEEN and len(self.left) < SAMPLED // 10:
            return sure
        right = float(self.likely[found].mean()) if found.any() else 0.0
        joined = self.likely >= FOR.limit
        explains = int((found & joined & ~self.explained).sum())
        return right >= (SURELY if sure else MOSTLY) and explains >= EXPLAINS * max(1, int(joined.sum()))


def _applicable(records: Records, conditions: Sequence[Condition]) -> bool:
    """Whether all values are there, and whether equal ones do not bring more pairs together than can be compared."""
    features = records.features
    if any(c.measured_feature not in features or not features[c.measured_feature].known for c in conditions):
        return False
    chance = np.prod([agreement(features[c.measured_feature], records.count) for c in conditions if c.is_key])
    return bool(chance * records.count / 2 <= PAIRS_PER_RECORD)


def agreement(feature: Feature, records: int) -> float:
    """The probability that two random records have the same known value."""
    counts = feature.counts.astype(np.float64)
    return float((counts * (counts - 1)).sum() / max(1.0, float(records) * (records - 1)))


def _candidates(records: Records) -> Iterator[tuple[str, tuple[Condition, ...], bool]]:
    """(name, conditions, sure). What is not sure must prove by the numbers that chance hardly brings it about."""
    for semantic in sorted(records.features):
        if semantic.startswith("id.") and _is_personal(records, semantic):
            yield OF_ID + semantic.removeprefix("id.").replace("_", " "), (_same(semantic),), True
    yield gettext_noop("Same e-mail, similar first name"), (_same(EMAIL), SIMILAR_GIVEN), True
    yield gettext_noop("Same phone, similar name"), (_same(PHONE), SIMILAR_NAME), True
    yield gettext_noop("Same birth date, similar name"), (_same(BIRTH), SIMILAR_NAME), False
    for place, called in AT.items():
        yield called.birth_date, (_same(BIRTH), _same(place), SIMILAR_NAME), False
    for place, called in AT.items():
        yield called.address, (_same(place), SIMILAR_LINE, SIMILAR_NAME), True
        yield called.similar_birth_date, (_same(place), NEAR_DATE, SIMILAR_NAME), False
        yield called.name_and_birth_date, (SAME_NAME, _same(place), SIMILAR_DATE), False
    yield gettext_noop("Same name, similar birth date"), (SAME_NAME, NEAR_DATE), False
    yield gettext_noop("Same name and address"), (SAME_NAME, _same(LINE)), False
    for place, called in AT.items():
        yield called.similar_name, (_same(place), VERY_SIMILAR_NAME), False
        yield called.name, (SAME_NAME, _same(place)), False
    born_there = (_same(BIRTH), _same(POSTCODE))
    yield gettext_noop("Same birth date and postcode, similar address"), (*born_there, SIMILAR_LINE), False
    yield gettext_noop("Same birth date and postcode, same first name"), (*born_there, VERY_SIMILAR_GIVEN), False
    yield gettext_noop("Same phone and birth date"), (_same(PHONE), _same(BIRTH)), False
    yield gettext_noop("Same e-mail and birth date"), (_same(EMAIL), _same(BIRTH)), False
    yield gettext_noop("Same e-mail, name unknown"), (_same(EMAIL), NO_NAME), True
    if "person.name" not in records.features:
        yield gettext_noop("Same e-mail"), (_same(EMAIL),), True
        yield gettext_noop("Same phone"), (_same(PHONE),), True


def _is_personal(records: Records, semantic: str) -> bool:
    """An id that joins something: not the key of one table alone, nor a category."""
    feature = records.features[semantic]
    counts = feature.counts
    used = counts[counts > 0]
    return bool(used.size) and used.max() > 1 and float(used.mean()) <= RECORDS_PER_ID * len(records.tables)


def _implied(weaker: Sequence[Condition], stronger: Sequence[Condition]) -> bool:
    """True when whatever satisfies `stronger` satisfies `weaker`."""
    return all(any(_implies(other, one) for other in stronger) for one in weaker)


def _implies(strong: Condition, weak: Condition) -> bool:
    if strong == weak:
        return True
    if strong.compare in NEVER_KEYS or weak.compare in ("missing", "differs"):
        return False
    if {strong.measure, weak.measure} == {"name", "given_name"}:
        return False
    return strong.measured_feature == weak.measured_feature and strong.limit >= weak.limit
