"""What the letters rule out is never alike: against RapidFuzz itself."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, JaroWinkler, Levenshtein

from profiles.unify.pairs.score import similarity
from profiles.unify.reading.records import Feature
from profiles.unify.values.bags import Bags, Ceiling, edits, jaro_winkler, token_set, without_repeats

texts = st.lists(st.text("abcdeil ö19", min_size=1, max_size=12), min_size=2, max_size=12)
MEASURES = [
    (edits, Levenshtein.normalized_similarity),
    (edits, OSA.normalized_similarity),
    (jaro_winkler, JaroWinkler.normalized_similarity),
    (token_set, lambda one, other: fuzz.token_set_ratio(one, other) / 100),
]


@pytest.mark.parametrize(("ceiling", "measure"), MEASURES)
@given(values=texts, least=st.sampled_from([0.3, 0.6, 0.75, 0.86, 0.92, 1.0]))
def test_it_rules_out_no_pair_that_is_alike(ceiling: Ceiling, measure, values: list[str], least: float) -> None:
    values = [" ".join(value.split()) or "x" for value in values]
    one, other = np.triu_indices(len(values), 1)
    letters = pa.array(values)
    bags = Bags(without_repeats(letters) if ceiling is token_set else letters)
    hopeful = bags.hopeful(ceiling, least, one, other)
    alike = [measure(values[a], values[b]) >= least for a, b in zip(one, other, strict=True)]
    assert not (np.array(alike) & ~hopeful).any()


def test_it_rules_out_most_strangers() -> None:
    numbers = np.random.default_rng(1).integers(10**9, 10**10, 2_000)
    bags = Bags(pa.array(numbers).cast(pa.string()))
    assert bags.hopeful(edits, 0.88, np.arange(1_000), np.arange(1_000, 2_000)).mean() < 0.1


def test_a_similarity_from_the_least_on_is_exact() -> None:
    values = pa.array([f"{number:05}" for number in range(0, 100_000, 500)])
    feature = Feature("id.card", (np.arange(len(values), dtype=np.int32),), values)
    one, other = (part.astype(np.int32) for part in np.triu_indices(len(values), 1))
    exact, quick = similarity(feature, "damerau", one, other), similarity(feature, "damerau", one, other, 0.8)
    assert (exact[exact >= 0.8] == quick[exact >= 0.8]).all()
    assert (quick[exact < 0.8] < 0.8).all()


def test_words_that_stand_twice_count_once() -> None:
    assert without_repeats(pa.array(["a b", "a b a", "b"])).to_pylist() == ["a b", "a b", "b"]
