"""A rule set from the meaning of the columns and from the data itself; no labels.

What people share by chance is estimated from how often values occur. What agrees within a household (family name,
address, e-mail, telephone) never joins alone: each rule asks for something of the person (given name, birth date, an
id), and exceptions keep apart who contradict each other.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from profiles.unify.chance import Chances
from profiles.unify.records import Records
from profiles.unify.rules import Condition, MatchRule

# Wrong pairs per record that are accepted, as expected from chance alone.
TOLERATED = 0.001
# An id that more records share on average than this, per table, is a category and not an id.
RECORDS_PER_ID = 4
# The share of distinct values within a table from which on an id belongs to one person.
EXCLUSIVE = 0.98
# A rule that would compare more pairs than this costs more time than it can be worth.
PAIRS_PER_RECORD = 6

EMAIL, PHONE, BIRTH = "contact.email", "contact.phone", "person.birth_date"
LINE, CITY, POSTCODE = "address.line", "address.city", "address.postcode"


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

VETOES = (
    _like(BIRTH, "differs", "medium"),
    _like("person.first_name", "differs", "low"),
    Condition(semantic="person.gender", compare="differs", threshold="exact"),
)


# What makes an id that nobody shares so sure that no exception is needed: one thing more that agrees.
SUPPORT = (
    (_same(BIRTH), "same birth date"),
    (SIMILAR_GIVEN, "similar first name"),
    (_like("person.last_name", "jaro_winkler", "medium"), "similar last name"),
    (_same(POSTCODE), "same postcode"),
    (_same(CITY), "same city"),
    (_same(EMAIL), "same e-mail"),
    (_same(PHONE), "same phone"),
)


def suggest(records: Records) -> list[MatchRule]:
    """Ordered from the surest to the weakest. Empty when no column has a meaning that tells people apart."""
    usable = {name for name, feature in records.features.items() if feature.known}
    if "person.name" in usable:
        usable.add("person.first_name")
    unless = tuple(veto for veto in VETOES if veto.measured_feature in usable)
    chances = Chances(records)
    rules: list[MatchRule] = []
    for name, when, sure in _candidates(records):
        if any(condition.measured_feature not in usable for condition in when):
            continue
        if any(_implied(rule.when, when) for rule in rules):
            continue
        if chances.compared_pairs(when) > PAIRS_PER_RECORD * records.count:
            continue
        if sure or chances.of_all(when) * records.count <= TOLERATED:
            supported = when[0].feature.startswith("id.") and len(when) > 1
            rules.append(MatchRule(name=name, when=when, unless=() if supported else _useful(unless, when)))
    return rules


def _candidates(records: Records) -> Iterator[tuple[str, tuple[Condition, ...], bool]]:
    """(name, conditions, sure). What is not sure must prove by the numbers that chance hardly brings it about."""
    for semantic in sorted(records.features):
        if semantic.startswith("id.") and _is_personal(records, semantic):
            words = semantic.removeprefix("id.").replace("_", " ")
            if _is_exclusive(records, semantic):
                for support, what in SUPPORT:
                    yield f"Same {words}, {what}", (_same(semantic), support), True
            yield f"Same {words}", (_same(semantic),), True
    yield "Same e-mail, similar first name", (_same(EMAIL), SIMILAR_GIVEN), True
    yield "Same phone, similar name", (_same(PHONE), SIMILAR_NAME), True
    yield "Same birth date, similar name", (_same(BIRTH), SIMILAR_NAME), False
    for place, words in ((POSTCODE, "postcode"), (CITY, "city")):
        yield f"Same birth date and {words}, similar name", (_same(BIRTH), _same(place), SIMILAR_NAME), False
    for place, words in ((POSTCODE, "postcode"), (CITY, "city")):
        yield f"Same {words}, similar address and name", (_same(place), SIMILAR_LINE, SIMILAR_NAME), True
        yield f"Same {words}, similar birth date and name", (_same(place), NEAR_DATE, SIMILAR_NAME), False
        yield f"Same name and {words}, similar birth date", (SAME_NAME, _same(place), SIMILAR_DATE), False
    yield "Same name, similar birth date", (SAME_NAME, NEAR_DATE), False
    yield "Same name and address", (SAME_NAME, _same(LINE)), False
    for place, words in ((POSTCODE, "postcode"), (CITY, "city")):
        yield f"Same {words}, very similar name", (_same(place), VERY_SIMILAR_NAME), False
        yield f"Same name and {words}", (SAME_NAME, _same(place)), False
    yield "Same birth date and postcode, similar address", (_same(BIRTH), _same(POSTCODE), SIMILAR_LINE), False
    yield "Same birth date and postcode, same first name", (_same(BIRTH), _same(POSTCODE), VERY_SIMILAR_GIVEN), False
    yield "Same phone and birth date", (_same(PHONE), _same(BIRTH)), False
    yield "Same e-mail and birth date", (_same(EMAIL), _same(BIRTH)), False
    yield "Same e-mail, name unknown", (_same(EMAIL), NO_NAME), True
    if "person.name" not in records.features:
        yield "Same e-mail", (_same(EMAIL),), True
        yield "Same phone", (_same(PHONE),), True


def _is_personal(records: Records, semantic: str) -> bool:
    """An id that joins something: not the key of one table alone, nor a category."""
    feature = records.features[semantic]
    counts = feature.counts()
    used = counts[counts > 0]
    return bool(used.size) and used.max() > 1 and float(used.mean()) <= RECORDS_PER_ID * len(records.tables)


def _is_exclusive(records: Records, semantic: str) -> bool:
    """True when within each table hardly any value occurs twice: one id, one record. A household's card is not."""
    feature = records.features[semantic]
    for table in range(len(records.tables)):
        codes = feature.codes[(records.table_index == table) & (feature.codes >= 0)]
        if len(np.unique(codes)) < EXCLUSIVE * len(codes):
            return False
    return True


def _implied(weaker: Sequence[Condition], stronger: Sequence[Condition]) -> bool:
    """True when whatever satisfies `stronger` satisfies `weaker`."""
    return all(any(_implies(other, one) for other in stronger) for one in weaker)


def _implies(strong: Condition, weak: Condition) -> bool:
    if strong == weak:
        return True
    if strong.compare in ("missing", "differs") or weak.compare in ("missing", "differs"):
        return False
    if {strong.measure, weak.measure} == {"name", "given_name"}:
        return False
    return strong.measured_feature == weak.measured_feature and strong.limit >= weak.limit


def _useful(unless: Sequence[Condition], when: Sequence[Condition]) -> tuple[Condition, ...]:
    """Exceptions that a condition does not already exclude."""
    keys = {condition.measured_feature for condition in when if condition.is_key}
    return tuple(veto for veto in unless if veto.measured_feature not in keys)
