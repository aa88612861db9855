"""What is asked, why, and how quality is estimated from the answers."""

import json

import numpy as np
import pyarrow as pa
import pytest

from profiles.unify.judging.quality import Stratum, _hashed, draw, exact, precision, recall
from profiles.unify.judging.questions import Questions, questions
from profiles.unify.matching.cluster import guarded, obey
from profiles.unify.matching.decisions import decided, nothing_decided
from profiles.unify.matching.match import match
from profiles.unify.matching.suggest import suggest
from profiles.unify.reading.keys import record_names
from profiles.unify.weighing.evidence import Evidence
from profiles.unify.weighing.reasons import reasons
from tests.profiles.unify.test_evidence import records_of, seen_again, table, town


class Town:
    """A small town in two tables, unified."""

    def __init__(self) -> None:
        people = town(300)
        self.records = records_of(table("one", people), table("two", seen_again(people)))
        self.evidence = Evidence(self.records)
        rules = suggest(self.evidence)
        self.matches = match(self.records, rules, self.evidence)
        self.people = guarded(self.records, self.matches, rules, self.evidence)
        self.names = record_names(self.records)

    def asked(self, decisions: pa.Table | None = None) -> Questions:
        answers = decided(decisions, self.names)
        clusters = obey(self.people, self.matches, answers)
        ids = pa.array(clusters.astype(str))
        return questions(self.evidence, self.matches, self.people, clusters, answers, self.names, ids)


@pytest.fixture(scope="module")
def home() -> Town:
    return Town()


PAIR = ["left_table", "left_id", "right_table", "right_id"]


def test_the_queue_asks_each_pair_once_and_mixes_kinds(home: Town) -> None:
    rows = [row for row in home.asked().table.to_pylist() if row["reason"] != "sample"]
    assert rows
    assert len({tuple(row[name] for name in PAIR) for row in rows}) == len(rows)
    assert [row["number"] for row in rows] == list(range(1, len(rows) + 1))
    assert all(row["gain"] >= 0.1 for row in rows)
    assert all(json.loads(row["left_values"])["id"] == row["left_id"] for row in rows)


def test_what_was_answered_is_not_asked_again(home: Town) -> None:
    first = home.asked().table.slice(0, 3)
    verdicts = first.select(PAIR).append_column("verdict", pa.array(["join", "apart", "unsure"]))
    again = home.asked(verdicts.append_column("at", pa.array([1, 2, 3]))).table
    asked = {tuple(row[name] for name in PAIR) for row in again.select(PAIR).to_pylist()}
    assert not any(tuple(row[name] for name in PAIR) in asked for row in first.to_pylist())


def test_reasons_say_what_speaks_for_and_against(home: Town) -> None:
    alike = np.flatnonzero(home.evidence.of_candidates > 5)[:20]
    left, right = home.evidence.candidates.left[alike], home.evidence.candidates.right[alike]
    for told in reasons(home.evidence, left, right):
        assert all(reason.level for reason in told)
        weights = {r.aspect: r.weight for r in told if r.level == r.equal}
        assert all(weight > 0 for aspect, weight in weights.items() if aspect in ("contact.email", "given name"))
        assert all(r.weight < 0 for r in told if r.aspect == "person.birth_date" and r.level == 1)


def test_the_sample_depends_on_names_alone(home: Town) -> None:
    sample = draw(home.evidence, home.people.labels, home.names)
    again = draw(home.evidence, home.people.labels, home.names)
    assert sample.left.tolist() == again.left.tolist()
    assert sum(stratum.size for stratum in sample.strata) >= len(sample.left)
    other = draw(home.evidence, home.people.labels, pa.array([f"{n}!" for n in home.names.to_pylist()]))
    assert other.left.tolist() != sample.left.tolist()


def test_equal_texts_have_equal_hashes_wherever_they_stand() -> None:
    one = _hashed(pa.array(["", "ab", "abc", "ba"]))[0]
    other = _hashed(pa.array(["x", "ba", "ab", "", "abc"]).slice(1))[0]
    assert len(set(one.tolist())) == 4
    assert one.tolist() == [other[2], other[1], other[3], other[0]]


TRUTH = [
    # joined, size, how many are one person, answers
    (True, 900, 450, 15), (True, 3_000, 2_700, 25), (True, 40_000, 39_600, 40),
    (False, 2_000, 100, 20), (False, 500, 100, 15), (False, 100, 60, 10),
]  # fmt: skip


@pytest.mark.parametrize("scale", [1, 3])
def test_the_intervals_cover_the_truth(scale: int) -> None:
    chance, runs = np.random.default_rng(20_240_229), 400
    found = sum(right for joined, _size, right, _n in TRUTH if joined)
    true_precision = found / sum(size for joined, size, _right, _n in TRUTH if joined)
    true_recall = found / sum(right for _joined, _size, right, _n in TRUTH)
    covered = np.zeros(2)
    for _run in range(runs):
        strata = [
            Stratum(str(n), joined, size, count * scale, int(chance.hypergeometric(right, size - right, count * scale)))
            for n, (joined, size, right, count) in enumerate(TRUTH)
        ]
        one, other = precision(strata), recall(strata)
        assert one is not None
        assert other is not None
        covered += [one.low <= true_precision <= one.high, other.low <= true_recall <= other.high]
    assert (covered / runs >= 0.94).all(), covered / runs


@pytest.mark.parametrize("share", [1.0, 0.999, 0.97])
def test_nearly_perfect_results_are_not_promised_to_be_perfect(share: float) -> None:
    chance = np.random.default_rng(7)
    covered = 0
    for _run in range(400):
        strata = [Stratum(str(n), True, 10_000, 20, int(chance.binomial(20, share))) for n in range(4)]
        one = precision(strata)
        assert one is not None
        covered += one.low <= share <= one.high
    assert covered / 400 >= 0.94


def test_few_answers_say_nothing() -> None:
    assert precision([Stratum("a", True, 100, 19, 19)]) is None
    assert recall([Stratum("a", True, 100, 40, 40), Stratum("b", False, 100, 5, 0)]) is None


def test_a_stratum_without_answers_may_be_all_right_or_all_wrong() -> None:
    found = precision([Stratum("a", True, 75, 40, 40), Stratum("b", True, 25)])
    assert found is not None
    assert (found.low < 0.75, found.high) == (True, 1.0)


def test_the_interval_is_as_published() -> None:
    # Newcombe, Statistics in Medicine 17 (1998), table I, method 5: 81 of 263, 15 of 148, 0 of 20.
    assert exact(81 / 263, 263) == pytest.approx((0.2527, 0.3676), abs=5e-5)
    assert exact(15 / 148, 148) == pytest.approx((0.0578, 0.1617), abs=5e-5)
    assert exact(0, 20) == pytest.approx((0.0, 0.1684), abs=5e-5)


def test_nothing_to_ask_is_no_mistake() -> None:
    records = records_of(table("one", town(1)))
    evidence = Evidence(records)
    matches = match(records, [], evidence)
    people = guarded(records, matches, [], evidence)
    names = record_names(records)
    ids = pa.array(["p1", "p2"])
    found = questions(evidence, matches, people, people.labels, nothing_decided(), names, ids)
    assert found.table.num_rows <= 1
