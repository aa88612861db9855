"""What people decided is obeyed, whatever the rules say."""

import random
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from profiles.unify.matching.cluster import Guarded, obey
from profiles.unify.matching.decisions import APART, JOIN, Decided, decided
from profiles.unify.matching.graph import components
from profiles.unify.matching.match import Matches

RECORDS = 14
Pair = tuple[int, int]
COLUMNS = ("left_table", "left_id", "right_table", "right_id", "verdict", "at")
records = st.integers(0, RECORDS - 1)
pairs = st.tuples(records, records).filter(lambda pair: pair[0] < pair[1])
graphs = st.lists(pairs, max_size=20, unique=True)
answers = st.dictionaries(pairs, st.sampled_from([JOIN, APART]), max_size=12)
NAMES = pa.array([f"s.t\x1f{n}" for n in range(RECORDS)])


def table(given_: dict[Pair, str], times: list[int] | None = None) -> pa.Table:
    times = times or list(range(len(given_)))
    rows = [
        ("s.t", str(one), "s.t", str(other), verdict, time)
        for ((one, other), verdict), time in zip(given_.items(), times, strict=True)
    ]
    return pa.Table.from_pylist([dict(zip(COLUMNS, row, strict=True)) for row in rows], schema=SCHEMA)


SCHEMA = pa.schema([(name, pa.string()) for name in COLUMNS[:-1]] + [("at", pa.int64())])


def matches_of(graph: list[Pair]) -> Matches:
    left, right = np.array(sorted(graph), np.int32).reshape(-1, 2).T
    none = np.zeros(len(graph))
    score = np.linspace(0.5, 1, len(graph)).astype(np.float32)
    return Matches(left, right, none.astype(np.int16), score, ())


def people(graph: list[Pair], given_: Decided, enemies: list[Pair] | None = None) -> npt.NDArray[np.int32]:
    matches = matches_of(graph)
    base = components(RECORDS, matches.left, matches.right)
    hostile = np.array(enemies or [], np.int32).reshape(-1, 2).T
    return obey(Guarded(base, hostile[0], hostile[1]), matches, given_)


@given(graphs, answers)
def test_pairs_kept_apart_never_meet_and_joined_ones_always_do(graph: list[Pair], given_: dict[Pair, str]) -> None:
    obeyed = decided(table(given_), NAMES)
    found = people(graph, obeyed)
    assert (found[obeyed.join_left] == found[obeyed.join_right]).all()
    assert (found[obeyed.apart_left] != found[obeyed.apart_right]).all()
    lost = {(int(one), int(other)) for _table, one, _other, other in obeyed.contradicted}
    for pair, verdict in given_.items():
        if pair not in lost:
            assert (found[pair[0]] == found[pair[1]]) == (verdict == JOIN)


@given(answers)
def test_a_decision_is_set_aside_only_where_newer_ones_rule_it_out(given_: dict[Pair, str]) -> None:
    obeyed = decided(table(given_), NAMES)
    lost = {(int(one), int(other)) for _table, one, _other, other in obeyed.contradicted}
    joins: list[Pair] = []
    aparts: list[Pair] = []
    for pair, verdict in reversed(given_.items()):
        labels = components(RECORDS, *edges([*joins, pair] if verdict == JOIN else joins))
        bad = [*aparts, pair] if verdict == APART else aparts
        possible = all(labels[one] != labels[other] for one, other in bad)
        assert (pair not in lost) == possible
        if possible:
            (joins if verdict == JOIN else aparts).append(pair)


def edges(pairs_: list[Pair]) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    both = np.array(pairs_, np.int32).reshape(-1, 2).T
    return both[0], both[1]


@given(graphs, answers, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(graph: list[Pair], given_: dict[Pair, str], chance: random.Random) -> None:
    rows = table(given_, [n // 3 for n in range(len(given_))])
    shuffled = rows.take(pa.array(chance.sample(range(rows.num_rows), rows.num_rows), pa.int64()))
    one, other = decided(rows, NAMES), decided(shuffled, NAMES)
    assert people(graph, one).tolist() == people(chance.sample(graph, len(graph)), other).tolist()
    assert one.contradicted == other.contradicted


@given(graphs, st.lists(pairs, max_size=5, unique=True))
def test_without_decisions_nothing_changes(graph: list[Pair], enemies: list[Pair]) -> None:
    matches = matches_of(graph)
    base = components(RECORDS, matches.left, matches.right)
    assert people(graph, decided(None, NAMES), enemies).tolist() == base.tolist()


@given(graphs, answers)
def test_decisions_touch_nobody_else(graph: list[Pair], given_: dict[Pair, str]) -> None:
    base = people(graph, decided(None, NAMES))
    found = people(graph, decided(table(given_), NAMES))
    touched = {int(base[record]) for pair in given_ for record in pair}
    assert all(found[n] == base[n] for n in range(RECORDS) if int(base[n]) not in touched)


def test_a_join_brings_two_people_together_with_all_of_their_records() -> None:
    found = people([(0, 1), (2, 3)], decided(table({(0, 2): JOIN}), NAMES), enemies=[(1, 3)])
    assert found[:4].tolist() == [0, 0, 0, 0]


def test_a_chain_is_torn_at_its_weakest_link() -> None:
    found = people([(0, 1), (0, 2), (1, 3), (2, 3)], decided(table({(0, 3): APART}), NAMES))
    # (2, 3) is the strongest, then (1, 3): 0 is left alone.
    assert found[:4].tolist() == [0, 1, 1, 1]


def test_unknown_records_and_answers_without_opinion_are_counted() -> None:
    rows = table({(0, 1): "unsure", (2, 13): JOIN})
    rows = pa.concat_tables([rows, table({(3, 99): JOIN})])
    found = decided(rows, NAMES)
    assert (found.missing, found.count, found.known.tolist()) == (1, 1, [1, 2 * RECORDS + 13])


def test_a_list_of_many_decisions_is_read() -> None:
    count = 300_000
    names = pa.array([f"s.t\x1f{n}" for n in range(count)])
    ids = np.arange(count - 1)
    rows: dict[str, Any] = {"left_table": ["s.t"] * (count - 1), "left_id": ids.astype(str)}
    rows |= {"right_table": rows["left_table"], "right_id": (ids + 1).astype(str)}
    rows |= {"verdict": np.where(ids % 3 == 0, APART, JOIN), "at": ids}
    found = decided(pa.table(rows), names)
    assert found.count == count - 1
