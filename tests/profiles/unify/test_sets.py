"""Sorted sets are as NumPy's own."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from profiles.unify.values.sets import contained, distinct, union

NUMBERS = st.lists(st.integers(-(2**62), 2**62) | st.integers(0, 20)).map(lambda found: np.array(found, np.int64))


@given(NUMBERS, NUMBERS)
def test_they_are_as_the_slow_ones(one: np.ndarray, other: np.ndarray) -> None:  # type: ignore[type-arg]
    assert np.array_equal(distinct(one), np.unique(one))
    assert np.array_equal(union(one, other), np.union1d(one, other))
    assert np.array_equal(contained(one, np.unique(other)), np.isin(one, other))
