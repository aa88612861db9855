"""Two partitions beside each other, against an implementation that goes record by record."""

from collections import Counter
from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from profiles.unify.judging.partitions import KINDS, SIZES, beside, pairs_between, sizes

Two = list[tuple[int, int]]
two = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=24)


def cases(records: Two) -> list[tuple[set[int], set[int], list[int]]]:
    """People before and after and the records of each case: whoever shares somebody is merged until nothing moves."""
    found = [({one}, {other}, [n]) for n, (one, other) in enumerate(records)]
    moved = True
    while moved:
        moved = False
        for a, b in combinations(range(len(found)), 2):
            if found[a][0] & found[b][0] or found[a][1] & found[b][1]:
                other = found.pop(b)
                found[a] = (found[a][0] | other[0], found[a][1] | other[1], found[a][2] + other[2])
                moved = True
                break
    return found


def kind(before: set[int], after: set[int]) -> str:
    return {(False, False): "same", (True, False): "joined", (False, True): "split", (True, True): "reshuffled"}[
        len(before) > 1, len(after) > 1
    ]


def arrays(records: Two) -> tuple[np.ndarray, np.ndarray]:
    table = np.array(records, np.int64).reshape(-1, 2)
    return table[:, 0], table[:, 1]


@given(two)
def test_cases_are_those_of_brute_force(records: Two) -> None:
    found, wanted = beside(*arrays(records)), cases(records)
    for name in KINDS:
        mine = [(b, a, r) for b, a, r in wanted if kind(b, a) == name]
        assert found.count(name) == {
            "cases": len(mine),
            "before": sum(len(b) for b, _a, _r in mine),
            "after": sum(len(a) for _b, a, _r in mine),
            "records": sum(len(r) for _b, _a, r in mine),
        }


@given(two)
def test_pairs_are_those_of_brute_force(records: Two) -> None:
    before, after = arrays(records)
    wanted: dict[str, set[tuple[int, int]]] = {"kept": set(), "gained": set(), "lost": set()}
    for a, b in combinations(range(len(records)), 2):
        was, will = records[a][0] == records[b][0], records[a][1] == records[b][1]
        if was or will:
            wanted["kept" if was and will else "lost" if was else "gained"].add((a, b))
    rows = np.arange(len(records), dtype=np.int64) * 3  # the numbers of records need not follow each other
    found = pairs_between(before, after, rows)
    for name, pairs in found.items():
        assert {(a // 3, b // 3) for a, b in zip(pairs.left.tolist(), pairs.right.tolist(), strict=True)} == wanted[
            name
        ]
    assert beside(before, after).pairs == {name: len(pairs) for name, pairs in wanted.items()}


@given(two)
def test_every_person_has_one_size(records: Two) -> None:
    before, _after = arrays(records)
    counted = Counter(Counter(before.tolist()).values())
    wanted = [
        sum(people for size, people in counted.items() if low <= size < high)
        for low, high in zip(SIZES, [*SIZES[1:], 10**9], strict=True)
    ]
    assert sizes(before) == wanted
