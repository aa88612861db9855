"""A run that looks at what changed finds what a full run with the same learned weights finds."""

import random
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from profiles.unify.changes import affected
from profiles.unify.changes.incremental import State, update
from profiles.unify.matching.cluster import cluster
from profiles.unify.matching.decisions import decided
from profiles.unify.matching.match import match
from profiles.unify.matching.suggest import suggest
from profiles.unify.pairs import block, candidates
from profiles.unify.reading import compared
from profiles.unify.reading.hubs import set_hubs_aside
from profiles.unify.reading.keys import record_names
from profiles.unify.reading.records import TableInput, read_records
from profiles.unify.setup import Setup
from profiles.unify.values import readings
from profiles.unify.values.readings import Readings, from_table
from profiles.unify.weighing.evidence import Evidence
from profiles.unify.weighing.frequencies import as_table
from profiles.unify.weighing.learned import Learned, from_json
from tests.profiles.unify.test_evidence import Row, seen_again, table, town
from tests.support.examples import examples

Tables = dict[str, list[Row]]
GERMAN = Setup(country="DE")


def inputs(tables: Tables) -> list[TableInput]:
    return [table(name, rows) for name, rows in tables.items()]


def full(
    tables: Tables, learned: Learned | None = None, decisions: pa.Table | None = None, country: str = "DE"
) -> State:
    plain = read_records(inputs(tables), country, readings=learned.readings if learned else None)
    records = set_hubs_aside(plain)
    evidence = Evidence(records, learned)
    rules = learned.rules if learned else tuple(suggest(evidence))
    matches = match(records, rules, evidence)
    answers = decided(decisions, record_names(records))
    clusters = cluster(records, matches, rules, evidence, answers)
    return State(compared.as_table(plain), matches, clusters, evidence.learned(rules), decisions)


class Repeating(random.Random):
    """Draws one of two numbers where there are many: a row is added under the key of one that was added before."""

    def randrange(self, start: int, stop: int | None = None, step: int = 1) -> int:
        return super().randrange(2 if stop is None and start > 1000 else start, stop, step)


def edited(draw: random.Random, tables: Tables) -> Tables:
    """Some rows deleted, some changed to others' values, some new, some made alike so that groups grow and shrink."""
    people = [row for rows in tables.values() for row in rows]
    found: Tables = {}
    for name, rows in tables.items():
        kept = [dict(row) for row in rows if draw.random() > 0.03]
        for row in kept:
            if draw.random() < 0.05:
                other, column = draw.choice(people), draw.choice(["given", "family", "born", "email", "phone", "zip"])
                row[column] = other.get(column)
        new = [
            draw.choice(people) | {"id": f"n{draw.randrange(10**6):06d}"}
            for _ in range(draw.randrange(4) if people else 0)
        ]
        found[name] = list({row["id"]: row for row in [*kept, *new]}.values())  # a key is of one row
        if draw.random() < 0.3:
            for row in draw.sample(found[name], min(len(found[name]), 30)):
                row["zip"], row["phone"] = "10100", draw.choice(["+49301111111", row.get("phone")])
    return found


def changes(before: Tables, after: Tables, state: State) -> tuple[list[TableInput], Any]:
    old = {(name, row["id"]): row for name, rows in before.items() for row in rows}
    new = {(name, row["id"]): row for name, rows in after.items() for row in rows}
    fresh = {name: [row for row in rows if old.get((name, row["id"])) != row] for name, rows in after.items()}
    names = zip(state.compared.column("table").to_pylist(), state.compared.column("record_id").to_pylist(), strict=True)
    return inputs(fresh), np.array([old[name] != new.get(name) for name in names], bool)


def told(state: State) -> list[Any]:
    """Everything that must be the same, whatever the numbers of values are."""
    matches = state.matches
    scores = np.round(matches.score, 5).tolist()
    pairs = list(zip(matches.left.tolist(), matches.right.tolist(), matches.rule.tolist(), scores, strict=True))
    return [state.compared.to_pylist(), pairs, state.clusters.tolist()]


@examples(6)
@given(st.randoms(use_true_random=False), st.integers(1, 60), st.integers(1, 3))
@example(Repeating(0), 10, 3)
def test_it_finds_what_a_full_run_finds(draw: random.Random, homes: int, rounds: int) -> None:
    equal_after_edits(draw, homes, rounds)


@examples(5)
@given(st.randoms(use_true_random=False), st.integers(2, 40))
def test_it_finds_what_a_full_run_finds_of_records_without_a_name(draw: random.Random, homes: int) -> None:
    """Some addresses are a couple's; sign-ups have an address alone, calls a number."""
    people = town(homes)
    for one, other in zip(people[:-1:7], people[1::7], strict=False):
        one["email"] = other.get("email")
    signed_up = [{"id": row["id"], "email": row.get("email")} for row in people[::2]]
    calls = [{"id": row["id"], "phone": row.get("phone"), "email": draw.choice(people).get("email")} for row in people]
    equal_after_edits(draw, homes, 3, {"news": signed_up, "calls": calls})


def equal_after_edits(draw: random.Random, homes: int, rounds: int, more: Tables | None = None) -> None:
    people = town(homes)
    tables = {"shop": people, "till": seen_again(people)} | (more or {})
    state = full(tables)
    for _round in range(rounds):
        after = edited(draw, tables)
        fresh, gone = changes(tables, after, state)
        found = update(state, fresh, GERMAN, gone)
        state, tables = State(found.compared, found.matches, found.clusters, state.learned), after
        wanted = full(tables, state.learned)
        assert told(state) == told(wanted)


@examples(5)
@given(st.randoms(use_true_random=False), st.integers(5, 25))
def test_groups_that_grow_too_large_or_shrink_again_are_looked_at_as_by_a_full_run(
    draw: random.Random, homes: int
) -> None:
    with pytest.MonkeyPatch.context() as patched:
        for module, name, size in (
            (candidates, "LARGEST_GROUP", 3),
            (candidates, "LARGEST_OF_LITTLE", 3),
            (block, "WHOLE_GROUP", 2),
            (block, "LARGEST_GROUP", 3),
            (affected, "LARGEST_GROUP", 3),
            (affected, "WHOLE_GROUP", 2),
        ):
            patched.setattr(module, name, size)
        equal_after_edits(draw, homes, 4)


def as_written(tables: Tables) -> Tables:
    """What only a column as a whole tells of: days first in one table and months in the other, two domains that look
    mistyped, one of them used by many, and telephone numbers that name a country in one table alone."""
    found: Tables = {}
    for name, rows in tables.items():
        order = "%d/%m/%Y" if name == "shop" else "%m/%d/%Y"
        found[name] = [dict(row) for row in rows]
        for row in found[name]:
            if row.get("born"):
                row["born"] = date.fromisoformat(row["born"]).strftime(order)
            if row.get("email"):
                domains = ["gmail.com", "gmial.com", "gnail.com"]
                row["email"] = row["email"].replace("example.org", domains[min(int(row["email"][1:-12]) % 7, 2)])
            if row.get("phone") and name == "till":
                row["phone"] = row["phone"].replace("+49", "0")
    return found


@examples(6)
@given(st.randoms(use_true_random=False), st.integers(20, 60))
@example(Repeating(1), 20)
def test_it_reads_columns_as_the_full_run_did(draw: random.Random, homes: int) -> None:
    people = town(homes)
    plain = {"shop": people, "till": seen_again(people)}
    tables = as_written(plain)
    state = full(tables, country="")
    assert {key[:2] for key in state.learned.readings.by} == {
        ("contact.email", "email"), ("contact.phone", "phone"), ("person.birth_date", "date"),
    }  # fmt: skip
    for _round in range(3):
        plain = edited(draw, plain)
        after = as_written(plain)
        fresh, gone = changes(tables, after, state)
        found = update(state, fresh, Setup(country=""), gone)
        state, tables = State(found.compared, found.matches, found.clusters, state.learned), after
        assert told(state) == told(full(tables, state.learned, country=""))


@examples(6)
@given(st.randoms(use_true_random=False), st.integers(1, 40))
def test_it_obeys_what_people_decided(draw: random.Random, homes: int) -> None:
    people = town(homes)
    tables = {"shop": people, "till": seen_again(people)}
    answers = [_answer(draw, len(people), at) for at in range(12)]
    state = full(tables, None, pa.Table.from_pylist(answers))
    for number in range(1, 4):
        after = edited(draw, tables) if draw.random() < 0.7 else tables
        kept = [answer for answer in answers if draw.random() > 0.2]
        answers = kept + [_answer(draw, len(people), 12 * number + at) for at in range(draw.randrange(1, 4))]
        decisions = pa.Table.from_pylist(answers)
        found = update(state, *_arguments(tables, after, state, decisions))
        state, tables = State(found.compared, found.matches, found.clusters, state.learned, decisions), after
        assert told(state) == told(full(tables, state.learned, decisions))


def _answer(draw: random.Random, people: int, at: int) -> dict[str, Any]:
    sides = {"left": ("x.shop", draw.randrange(people)), "right": ("x.till", draw.randrange(people))}
    found: dict[str, Any] = {"verdict": draw.choice(["join", "apart"]), "at": at}
    for side, (name, number) in sides.items():
        found |= {f"{side}_table": name, f"{side}_id": f"{number:05d}"}
    return {name: found[name] for name in ("left_table", "left_id", "right_table", "right_id", "verdict", "at")}


def test_only_what_changed_is_looked_at() -> None:
    people = town(200)
    tables = {"shop": people, "till": seen_again(people)}
    state = full(tables)
    after = {name: [dict(row) for row in rows] for name, rows in tables.items()}
    after["shop"][0]["phone"] = after["shop"][11]["phone"]
    found = update(state, *_arguments(tables, after, state))
    assert 0 < found.again.sum() < 40


def _arguments(
    before: Tables, after: Tables, state: State, decisions: pa.Table | None = None
) -> tuple[list[TableInput], Setup, Any]:
    fresh, gone = changes(before, after, state)
    return fresh, replace(GERMAN, decisions=decisions), gone


@pytest.mark.parametrize("members", [30, 9])
def test_a_value_that_becomes_a_hub_no_longer_joins(members: int) -> None:
    """And joins again when it is none any more."""
    people = town(100)
    tables = {"shop": people, "till": seen_again(people)}
    state = full(tables)
    after = {name: [dict(row) for row in rows] for name, rows in tables.items()}
    for row in after["shop"][:members]:
        row["email"] = "info@example.org"
    one = update(state, *_arguments(tables, after, state))
    crowd = State(one.compared, one.matches, one.clusters, state.learned)
    assert told(crowd) == told(full(after, state.learned))
    assert [hub.value for hub in one.records.hubs] == ["info@example.org"]
    back = update(crowd, *_arguments(after, tables, crowd))
    assert told(State(back.compared, back.matches, back.clusters, state.learned)) == told(full(tables, state.learned))


def test_a_mailbox_that_many_share_speaks_after_changes_as_before() -> None:
    people = town(100)
    tables = {"shop": people, "till": seen_again(people)}
    for rows in tables.values():
        for row in rows[:60]:
            row["email"] = "info@example.org"
    state = full(tables)
    assert state.learned.model is not None
    assert "many share contact.email" in state.learned.model.overall
    after = {name: [dict(row) for row in rows] for name, rows in tables.items()}
    for row in after["shop"][:20]:
        row |= {"born": "1970-01-02", "phone": None}
    for row in after["till"][55:65]:
        row["email"] = "info@example.org" if row["id"] > "00060" else None
    one = update(state, *_arguments(tables, after, state))
    assert told(State(one.compared, one.matches, one.clusters, state.learned)) == told(full(after, state.learned))


def test_what_was_learned_survives_being_written_down() -> None:
    people = town(100)
    tables = as_written({"shop": people, "till": seen_again(people)})
    state = full(tables)

    learned = state.learned
    again = from_json(learned.as_json(), as_table(learned.frequencies), from_table(readings.as_table(learned.readings)))
    assert again.readings == learned.readings != Readings()
    assert told(full(tables, again)) == told(full(tables, state.learned))
    assert again.as_json() == state.learned.as_json()


def test_records_can_be_made_from_what_was_compared() -> None:
    people = town(20)
    plain = read_records(inputs({"shop": people, "till": seen_again(people)}), "DE")
    written = compared.as_table(plain)
    again = compared.records_of(written, plain.tables)
    assert compared.as_table(again).to_pylist() == written.to_pylist()
    texts = written.cast(pa.schema([(f.name, getattr(f.type, "value_type", f.type)) for f in written.schema]))
    assert compared.as_table(compared.records_of(texts, plain.tables)).to_pylist() == written.to_pylist()


@examples(6)
@given(st.randoms(use_true_random=False), st.integers(1, 20), st.integers(1, 20))
def test_records_of_two_tables_share_their_dictionaries(draw: random.Random, one: int, other: int) -> None:
    """And the codes of the first one stay."""
    first = compared.as_table(read_records(inputs({"shop": town(one)}), "DE"))
    second = compared.as_table(read_records(inputs({"shop": seen_again(draw.sample(town(other), other))}), "DE"))
    found = compared.together(first, second)
    both = found.rows(np.arange(found.count))
    assert both.to_pylist() == first.select(second.column_names).to_pylist() + second.to_pylist()
    for name in compared.read(first).features():
        if name in both.column_names:
            known, dictionary = (t.column(name).combine_chunks() for t in (first, both))
            assert dictionary.dictionary.slice(0, len(known.dictionary)).equals(known.dictionary)
            assert len(dictionary.dictionary.unique()) == len(dictionary.dictionary)
