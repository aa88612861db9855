"""Columns without a meaning: weighed where they tell records apart, learned from what the others make sure of."""

import random
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from profiles.unify.changes.incremental import State, update
from profiles.unify.matching.cluster import cluster
from profiles.unify.matching.match import match
from profiles.unify.matching.suggest import suggest
from profiles.unify.reading import compared
from profiles.unify.reading.hubs import set_hubs_aside
from profiles.unify.reading.plain import by_words, plain_columns
from profiles.unify.reading.records import Feature, TableInput
from profiles.unify.run import prepare, read_all
from profiles.unify.setup import Setup
from profiles.unify.values.words import words
from profiles.unify.weighing.evidence import Evidence
from tests.profiles.unify.test_evidence import FAMILY, GIVEN, Row
from tests.support.examples import examples

SETUP = Setup(country="US")
NAMES = {"given": "person.first_name", "family": "person.last_name"}
NUMBERS = {"born in": pa.int64()}
WORDS = words("amber baker cedar delta ember fjord grove haven inlet jetty kiosk ledge manor north oasis pilot quill")


def table(name: str, rows: list[Row], meanings: dict[str, str]) -> TableInput:
    columns = dict.fromkeys(column for row in rows for column in row)
    data = {c: pa.array([row.get(c) for row in rows], NUMBERS.get(c, pa.string())) for c in columns}
    return TableInput("x", name, ("id",), pa.table(data), meanings)


def village(people: int, draw: random.Random) -> list[Row]:
    """Few names; the trade and the place of birth tell who is who, the sign of the zodiac does not."""
    return [
        {
            "id": f"{n:04d}",
            "given": draw.choice(GIVEN),
            "family": draw.choice(FAMILY),
            "trade": f"{draw.choice(WORDS)} {draw.choice(WORDS)}",
            "birth place": f"{draw.choice(WORDS)}ton {draw.choice(WORDS)}",
            "sign": draw.choice(("lion", "fish")),
            "born in": draw.randrange(1850, 1900),
        }
        for n in range(people)
    ]


def again(rows: list[Row], draw: random.Random) -> list[Row]:
    """As another clerk wrote it down: values left out, years off by one."""
    found = []
    for row in rows:
        copy = {name: value for name, value in row.items() if name == "id" or draw.random() < 0.85}
        if "born in" in copy:
            copy["born in"] += draw.choice((0, 0, 1))
        found.append(copy)
    return found


def joined(*tables: TableInput) -> list[tuple[str, str]]:
    records = prepare(tables, SETUP)
    evidence = Evidence(records)
    rules = suggest(evidence)
    labels = cluster(records, match(records, rules, evidence), rules, evidence)
    ids = records.record_ids.to_pylist()
    return [(ids[i], ids[label]) for i, label in enumerate(labels.tolist()) if label != i]


def test_people_are_told_by_what_has_no_meaning() -> None:
    people = village(500, random.Random(1))
    found = joined(table("one", people, NAMES), table("two", again(people, random.Random(2)), NAMES))
    assert sum(a == b for a, b in found) > 440
    assert sum(a != b for a, b in found) <= 5


def test_works_of_one_author_are_not_one_work() -> None:
    draw = random.Random(3)
    authors = [(f"{draw.choice(GIVEN)} {draw.choice(FAMILY)}", f"{draw.choice(WORDS)} press") for _ in range(60)]
    works = [
        {"id": f"{n:04d}", "author": author, "publisher": press, "title": " ".join(draw.sample(WORDS, 4))}
        for n, (author, press) in enumerate(draw.choice(authors) for _ in range(400))
    ]
    found = joined(table("one", works, {}), table("two", works, {}))
    assert sum(a == b for a, b in found) > 390
    assert sum(a != b for a, b in found) <= 4


def test_what_says_nothing_is_not_weighed() -> None:
    people = village(300, random.Random(4))
    both = table("one", people, NAMES), table("two", people, NAMES)
    weighed = {aspect.name for aspect in Evidence(prepare(both, SETUP)).aspects.all}
    assert {"column:trade", "column:birth place"} <= weighed
    assert "column:sign" not in weighed


def test_only_columns_that_can_be_compared_are_read() -> None:
    one = table("one", [{"id": "1", "given": "Anna", "note": "x", "mine": "y"}], NAMES)
    two = table("two", [{"id": "1", "family": "Huber", "note": "x"}], NAMES)
    assert [wanted.column for wanted in plain_columns([one, two])] == ["note"]
    assert [wanted.column for wanted in plain_columns([one])] == ["note", "mine"]
    assert plain_columns([]) == []


@pytest.mark.parametrize("value", ["a", "the long and winding road", "b b b", ""])
def test_the_longest_words_lead_to_a_text(value: str) -> None:
    feature = Feature("column:t", (np.array([0, -1], np.int32),), pa.array([value]))
    found = by_words(feature)
    used = [found.values[int(c[0])].as_py() for c in found.columns if c[0] >= 0]
    assert used == sorted(set(value.split()), key=lambda word: (-len(word), word))[:3]
    assert all(c[1] == -1 for c in found.columns)


def _inputs(tables: dict[str, list[Row]]) -> list[TableInput]:
    blank = dict.fromkeys(village(1, random.Random(0))[0])
    return [table(name, [blank | row for row in rows], NAMES) for name, rows in tables.items()]


def full_run(tables: list[TableInput], before: State | None = None) -> State:
    plain = read_all(tables, SETUP)
    records = set_hubs_aside(plain)
    evidence = Evidence(records, before.learned if before else None)
    rules = before.learned.rules if before else tuple(suggest(evidence))
    matches = match(records, rules, evidence)
    clusters = cluster(records, matches, rules, evidence)
    return State(compared.as_table(plain), matches, clusters, evidence.learned(rules))


def told(table: pa.Table, matches: Any, clusters: Any) -> list[Any]:
    pairs = zip(matches.left.tolist(), matches.right.tolist(), matches.rule.tolist(), strict=True)
    return [table.to_pylist(), list(pairs), clusters.tolist()]


@examples(5)
@given(st.randoms(use_true_random=False), st.integers(2, 120))
def test_a_run_of_changes_finds_what_a_full_run_finds(draw: random.Random, people: int) -> None:
    rows = village(people, draw)
    tables = {"one": rows, "two": again(rows, draw)}
    state = full_run(_inputs(tables))
    changed = {name: draw.sample(range(people), draw.randrange(1, min(people, 9))) for name in tables}
    after = {name: [dict(row) for row in each] for name, each in tables.items()}
    for name, numbers in changed.items():
        for number in numbers:
            other = draw.choice(rows)
            after[name][number] |= {
                column: other.get(column) for column in draw.sample(["trade", "born in", "given"], 2)
            }
    fresh = _inputs({name: [after[name][number] for number in sorted(numbers)] for name, numbers in changed.items()})
    gone = np.concatenate([np.isin(np.arange(people), numbers) for numbers in changed.values()])
    found = update(state, fresh, SETUP, gone)
    wanted = full_run(_inputs(after), state)
    assert told(found.compared, found.matches, found.clusters) == told(wanted.compared, wanted.matches, wanted.clusters)
