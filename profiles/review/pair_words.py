"""Two records side by side: fields that mean the same in one row, differences marked, reasons in words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

import pyarrow as pa
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.text import fold
from lake.queries import Snapshot
from profiles.config.words import meaning
from profiles.customers.kept_texts import for_reader
from profiles.decisions.services import Pair
from profiles.review.queue import Details, Question
from profiles.unify.judging.questions import SAMPLE
from profiles.unify.judging.review import CLAIMED, CLOSE, DOUBTED, LARGE, TORN, WEAK
from profiles.unify.reading.generations import GENERATION
from profiles.unify.reading.hubs import MANY_SHARE
from profiles.unify.reading.whole_addresses import STREET, part_of
from profiles.unify.values.normalise import normalise
from profiles.unify.values.written_names import whole_name
from profiles.unify.weighing.aspect import BIRTH, DIFFERENT
from profiles.unify.weighing.aspects import IN_PART, PLACE, TABLES
from profiles.unify.weighing.name_aspects import BOTH_IN_USE, NAMES
from profiles.unify.weighing.places import CITY, LINE, POSTCODE

KINDS: dict[str, str | Promise] = {
    WEAK: gettext_lazy("A weak link holds a customer together"),
    LARGE: gettext_lazy("A customer of implausibly many records"),
    CLAIMED: gettext_lazy("Several customers have this address or number: whose is the record?"),
    TORN: gettext_lazy("A rule would join them, but that would bring a contradiction together"),
    DOUBTED: gettext_lazy("A rule joined them, the evidence doubts it"),
    CLOSE: gettext_lazy("Close to the line"),
    SAMPLE: gettext_lazy("Drawn at random, to measure quality"),
}
SHORT_KINDS: dict[str, str | Promise] = {
    WEAK: gettext_lazy("Weak link"),
    LARGE: gettext_lazy("Too many records"),
    CLAIMED: gettext_lazy("Whose is it?"),
    TORN: gettext_lazy("Contradiction"),
    DOUBTED: gettext_lazy("Doubted"),
    CLOSE: gettext_lazy("Close to the line"),
    SAMPLE: gettext_lazy("Sample"),
}
# Values that have less in common are shown as two, not as one with differences.
NEAR = 0.5
FULL, GIVEN, FAMILY = "person.full_name", "person.first_name", "person.last_name"
POSTCODES = "address.postcode"
ORDER = (FULL, GIVEN, FAMILY, "person.birth_date", "person.gender", "contact.email", "contact.phone", "address.line")
FOR, AGAINST, NOTHING = "for", "against", "nothing"
# What changes the odds by less than a twentieth says nothing more: it is explained by the rest, or everybody has it.
LEAST_WEIGHT = 0.05
# From the weight on that turns one in ten into ten in one, a bar is full.
FULL_BAR = 9.2


@dataclass(frozen=True)
class Field:
    """One row: `state` is same, near, differs, or only (one side has no value). Parts are (text, is it different)."""

    label: str
    state: str
    left: list[tuple[str, bool]]
    right: list[tuple[str, bool]]


@dataclass(frozen=True)
class ReasonWords:
    """`speaks`: for one person, against, or nothing."""

    words: str
    bar: float
    speaks: str


def fields(now: Snapshot, question: Question, details: Details) -> list[Field]:
    """Of a question, from what was read in the run."""
    pair = question.pair
    left, right = _for_reader(now, pair.left_table, details.left), _for_reader(now, pair.right_table, details.right)
    return fields_of(now, pair, left, right)


def _for_reader(now: Snapshot, table: str, values: dict[str, str]) -> dict[str, str]:
    info = now.info(table) if now.has(table) else None
    return {name: for_reader(text, info.column(name) if info else None) for name, text in values.items()}


def fields_of(now: Snapshot, pair: Pair, one: dict[str, str], other: dict[str, str]) -> list[Field]:
    """What both have first, in the order in which people look; then what only one has. `one`, `other`: by column."""
    left = _by_meaning(now, pair.left_table, one)
    right = _by_meaning(now, pair.right_table, other)
    _align_names(left, right)
    both = [key for key in left if key in right]
    both.sort(key=lambda key: ORDER.index(key) if key in ORDER else len(ORDER))
    alone = [key for key in (*left, *right) if key not in both]
    return [_field(_label(now, pair, key), key, left.get(key, ""), right.get(key, "")) for key in (*both, *alone)]


def _by_meaning(now: Snapshot, table: str, values: dict[str, str]) -> dict[str, str]:
    """By semantic type, or "column:name"; several of one meaning are numbered. Of a whole address that was taken apart,
    the street and the other parts stand beside those of other tables."""
    info = now.info(table) if now.has(table) else None
    apart = {column for column, part in map(part_of, values) if part}
    found: dict[str, str] = {}
    for name, value in values.items():
        column, part = info.column(name) if info else None, part_of(name)[1]
        key = f"address.{part}" if part else (column.semantic if column else "") or f"column:{name}"
        if name in apart:
            key = STREET
        while key in found:
            key += "+"
        found[key] = value
    return found


def _align_names(left: dict[str, str], right: dict[str, str]) -> None:
    """Where one side has a full name and the other its parts, both are shown in full, in the order of their script."""
    for one, other in ((left, right), (right, left)):
        if FULL in one and FULL not in other:
            given, family = (pa.array([other.pop(name, None)], pa.string()) for name in (GIVEN, FAMILY))
            if name := whole_name(given, family)[0].as_py():
                other[FULL] = name


def _label(now: Snapshot, pair: Pair, key: str) -> str:
    plain = key.rstrip("+")
    if not plain.startswith("column:"):
        return meaning(plain)
    for table in (pair.left_table, pair.right_table):
        column = now.info(table).column(plain.removeprefix("column:")) if now.has(table) else None
        if column is not None and column.label:
            return str(column.label)
    return meaning(plain)


def _field(label: str, key: str, left: str, right: str) -> Field:
    if not left or not right:
        return Field(label, "only", [(left, False)], [(right, False)])
    if left == right or _words_of(left) == _words_of(right) or _compared_alike(key.rstrip("+"), left, right):
        return Field(label, "same", [(left, False)], [(right, False)])
    match = SequenceMatcher(None, left.casefold(), right.casefold(), autojunk=False)
    if match.ratio() < NEAR or len(left) != len(left.casefold()) or len(right) != len(right.casefold()):
        return Field(label, "differs", [(left, True)], [(right, True)])
    codes = match.get_opcodes()
    return Field(
        label,
        "near",
        [(left[a:b], tag != "equal") for tag, a, b, _c, _d in codes if b > a],
        [(right[c:d], tag != "equal") for tag, _a, _b, c, d in codes if d > c],
    )


def _compared_alike(semantic: str, left: str, right: str) -> bool:
    """Numbers and addresses of which only the way of writing differs: "+1 (212) 555-0100", "2125550100". A telephone
    number without a country code is that of the other one, whichever that is."""
    if not semantic.startswith(("contact.", "id.")) and semantic != POSTCODES:
        return False
    one, other = normalise(pa.array([left, right], pa.string()), semantic, "").to_pylist()
    return bool(one and other) and one.removeprefix("+") == other.removeprefix("+")


def _words_of(text: str) -> list[str]:
    """In no order, without signs, accents and case: "Rossi, Mattia" is "Mattia Rossi"."""
    return sorted(re.findall(r"\w+", fold(text))) or [text]


def reason_words(told: list[dict[str, Any]]) -> list[ReasonWords]:
    """What speaks for and what against, the weightiest first."""
    return [
        ReasonWords(
            _words(r["aspect"], r["level"], r["equal"]),
            round(min(1.0, abs(r["weight"]) / FULL_BAR), 3),
            speaks(r["weight"]),
        )
        for r in told
    ]


def speaks(weight: float) -> str:
    """Which way an aspect of this weight speaks."""
    if abs(weight) < LEAST_WEIGHT:
        return NOTHING
    return FOR if weight > 0 else AGAINST


def _words(aspect: str, level: int, equal: int) -> str:
    if aspect == PLACE:
        return " · ".join(_place(level))
    if aspect == TABLES:
        return _("Known to two tables") if level == equal else _("Twice in one table")
    if aspect == BOTH_IN_USE:
        return _("Both first names are in use") if level == equal else _("One of the first names is hardly in use")
    if aspect == BIRTH and level == IN_PART:
        level = DIFFERENT
    names = {NAMES[0]: _("First name"), NAMES[1]: _("Last name"), GENERATION: _("Generation (Jr., Sr.)")}
    return _likeness(names.get(aspect) or meaning(aspect.removeprefix(MANY_SHARE)), level, equal)


def _place(level: int) -> Iterator[str]:
    for name, weight in (("address.line", LINE), ("address.postcode", POSTCODE), ("address.city", CITY)):
        part = level // weight % POSTCODE
        if part:
            yield _likeness(meaning(name), part, POSTCODE - 1)


def _likeness(what: str, level: int, equal: int) -> str:
    if level == equal:
        return _("%(what)s: the same") % {"what": what}
    if level == 1:
        return _("%(what)s: different") % {"what": what}
    if level == equal - 1:
        return _("%(what)s: very similar") % {"what": what}
    return _("%(what)s: somewhat similar") % {"what": what}
