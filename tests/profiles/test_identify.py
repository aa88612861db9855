"""Profile ids over time."""

import random

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from profiles.unify.identify import Identity, identify

Clusters = dict[str, int]
ABSENT = -1


def named(clusters: list[int]) -> Clusters:
    """Records k0, k1, … and their clusters; some are absent, never all."""
    return {f"k{n}": cluster for n, cluster in enumerate(clusters) if cluster != ABSENT} or {"k0": 0}


# A list is cheap to make: keys of a dictionary would be drawn again and again until they differ.
clusterings = st.lists(st.integers(ABSENT, 5), min_size=1, max_size=25).map(named)


def run(clusters: Clusters, before: dict[str, str] | None = None, keys: list[str] | None = None) -> dict[str, str]:
    return ids_of(identity(clusters, before, keys), keys or list(clusters))


def identity(clusters: Clusters, before: dict[str, str] | None = None, keys: list[str] | None = None) -> Identity:
    keys = keys or list(clusters)
    old = before and pa.table({"key": list(before), "profile_id": list(before.values())})
    return identify(pa.array(keys), np.array([clusters[key] for key in keys], np.int32), old or None)


def ids_of(found: Identity, keys: list[str]) -> dict[str, str]:
    return dict(zip(keys, found.profile_ids.to_pylist(), strict=True))


@given(clusterings)
def test_a_rerun_keeps_every_id(clusters: Clusters) -> None:
    first = run(clusters)
    assert run(clusters, first) == first


@given(clusterings, clusterings, st.randoms(use_true_random=False))
def test_the_order_of_input_does_not_matter(old: Clusters, new: Clusters, chance: random.Random) -> None:
    before = run(old)
    shuffled = chance.sample(list(new), len(new))
    assert run(new, before, shuffled) == run(new, before)


@given(clusterings, clusterings)
def test_two_people_never_share_an_id_and_one_person_never_has_two(old: Clusters, new: Clusters) -> None:
    found = run(new, run(old))
    assert len(set(found.values())) == len(set(new.values())) == len({(new[k], i) for k, i in found.items()})


@given(clusterings, clusterings)
def test_adding_records_never_renames_clusters_that_they_do_not_touch(old: Clusters, more: Clusters) -> None:
    before = run(old)
    added = {key: cluster + 3 for key, cluster in more.items() if key not in old}
    after = run(old | added, before)
    touched = set(added.values())
    assert all(after[key] == before[key] for key, cluster in old.items() if cluster not in touched)


@given(clusterings, clusterings)
def test_redirects_lead_from_ids_that_are_gone_to_ids_that_live(old: Clusters, new: Clusters) -> None:
    before = run(old)
    found = identity(new, before)
    living = set(found.profile_ids.to_pylist())
    assert set(found.redirects) <= set(before.values()) - living
    assert set(found.redirects.values()) <= living


def test_a_merge_keeps_the_id_of_the_larger_part_and_leaves_a_redirect() -> None:
    before = run({"a": 1, "b": 1, "c": 2})
    merged = identity({"a": 1, "b": 1, "c": 1}, before)
    assert set(merged.profile_ids.to_pylist()) == {before["a"]}
    assert merged.redirects == {before["c"]: before["a"]}


def test_a_split_gives_the_smaller_part_a_new_id() -> None:
    before = run({"a": 1, "b": 1, "c": 1})
    after = run({"a": 2, "b": 1, "c": 1}, before)
    assert after["b"] == after["c"] == before["b"]
    assert after["a"] not in before.values()


def test_an_id_is_short_and_made_of_letters_and_digits() -> None:
    (name,) = set(run({"shop.customers\0001": 1}).values())
    assert len(name) == 16
    assert name.startswith("p")
    assert name.isalnum()
