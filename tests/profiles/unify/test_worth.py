"""Groups are compared as long as their pairs have something more in common than what put them there."""

import numpy as np
import pyarrow as pa
import pytest

from profiles.unify.pairs.candidates import candidates
from profiles.unify.pairs.grouping import groups
from profiles.unify.pairs.limits import Limits
from profiles.unify.pairs.worth import Worth, is_shared
from profiles.unify.reading.records import Feature, TableInput
from profiles.unify.run import prepare
from profiles.unify.setup import Setup

PAIRS = 4_000


def feature(name: str, codes: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Feature:
    return Feature(name, (codes.astype(np.int32),), pa.nulls(int(codes.max(initial=0)) + 1))


def alike(share: float) -> Feature:
    """Of records 0 and 1, 2 and 3, …: so large a share of the pairs has one value, the others two."""
    one = np.arange(2 * PAIRS)
    return feature("other", np.where(one // 2 % 100 < 100 * share, one // 2 * 2, one))


def of_two(*others: Feature) -> bool:
    name = feature("name", np.arange(2 * PAIRS) // 2)
    return Worth(groups([name], 2 * PAIRS), others)(2)


@pytest.mark.parametrize(("share", "expected"), [(0.05, False), (0.15, False), (0.25, True), (0.9, True)])
def test_groups_count_where_one_pair_in_five_has_more_in_common(share: float, expected: bool) -> None:
    assert of_two(alike(share)) is expected


def test_what_any_other_column_tells_is_enough() -> None:
    assert of_two(alike(0.05), alike(0.9))


def test_groups_count_where_nothing_else_is_known() -> None:
    unknown = feature("other", np.full(2 * PAIRS, -1))
    assert of_two()
    assert of_two(unknown)


def test_pairs_of_which_nothing_else_is_known_do_not_count_against_the_others() -> None:
    codes = alike(0.05).codes.astype(np.int64)
    codes[np.arange(2 * PAIRS) // 2 % 100 >= 10] = -1
    assert of_two(feature("other", codes))


def test_groups_of_a_size_that_there_is_not_do_no_harm() -> None:
    name = feature("name", np.arange(2 * PAIRS) // 2)
    assert Worth(groups([name], 2 * PAIRS), [alike(0.05)])(3)


def test_the_number_of_a_record_tells_nothing_of_others() -> None:
    assert not is_shared(feature("id.row", np.arange(2 * PAIRS)))
    assert is_shared(alike(0.9))


def largest_group(*, told: bool) -> int:
    """That is compared of strangers who have one name and place, and of whom the birth date is `told`, or not."""
    count, draw = 400_000, np.random.default_rng(5)
    born = np.datetime64("1900-01-01") + draw.integers(0, 40_000, count)
    letters = np.array(["a", "e", "i", "o", "u"])
    words = np.char.add(np.char.add("b", letters)[:, None], np.char.add("nd", letters)).ravel()
    columns = {
        "id": np.arange(count).astype(str),
        "name": np.char.add(np.char.add(draw.choice(words, count), " "), draw.choice(words, count)),
        "zip": (10_000 + draw.integers(0, 150, count)).astype(str),
    } | ({"born": born.astype(str)} if told else {})
    meanings = {"name": "person.full_name", "zip": "address.postcode"} | ({"born": "person.birth_date"} if told else {})
    data = pa.table({name: pa.array(column.tolist()) for name, column in columns.items()})
    table = TableInput("x", "people", ("id",), data, meanings)
    limits = Limits()
    candidates(prepare([table], Setup(country="DE")), limits)
    return limits.known["either order + address.postcode"]


def test_strangers_of_one_name_and_place_are_compared_only_where_nothing_else_tells() -> None:
    assert largest_group(told=True) < largest_group(told=False)
