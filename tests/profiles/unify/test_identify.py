"""Profile ids over time."""

import random
from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from profiles.unify.merging.identify import Identity, identify
from profiles.unify.merging.leading import HOLDERS

Clusters = dict[str, int]
ABSENT = -1


def named(clusters: list[int]) -> Clusters:
    """Records k0, k1, … and their clusters; some are absent, never all."""
    return {f"k{n}": cluster for n, cluster in enumerate(clusters) if cluster != ABSENT} or {"k0": 0}


# A list is cheap to make: keys of a dictionary would be drawn again and again until they differ.
clusterings = st.lists(st.integers(ABSENT, 5), min_size=1, max_size=25).map(named)


def after(clusters: Clusters, past: "Life | None" = None) -> "Life":
    """The next run, with all that the last one left."""
    keys = list(clusters)
    before = pa.table({"key": list(past.ids), "profile_id": list(past.ids.values())}) if past else None
    found = identify(pa.array(keys), np.array(list(clusters.values()), np.int32), before, past and past.former)
    return Life(ids_of(found, keys), found.former, found.events.to_pylist(), found.redirects)


def concerned(clusters: Clusters, past: "Life | None") -> Identity | None:
    """The next run of those alone who are not as before; None for no one."""
    if past is None:
        return None
    was, now = groups_of(past.ids), groups_of(clusters)
    same = {key for group in was.keys() & now.keys() for key in group}
    keys = [key for key in clusters if key not in same]
    before = {key: pk for key, pk in past.ids.items() if key not in same}
    rest = {key: past.ids[key] for key in same}

    def elsewhere(asked: pa.Array) -> pa.Table:
        found = [key for key in asked.to_pylist() if key in rest]
        return pa.table([found, [rest[key] for key in found], [True] * len(found)], schema=HOLDERS)

    table = pa.table({"key": pa.array(before, pa.string()), "profile_id": pa.array(before.values(), pa.string())})
    numbers = np.array([clusters[key] for key in keys], np.int32)
    others = pa.array(sorted(set(rest.values())), pa.string())
    return identify(pa.array(keys, pa.string()), numbers, table, past.former, others, elsewhere=elsewhere)


def groups_of(names: Mapping[str, object]) -> dict[frozenset[str], object]:
    return {frozenset(key for key in names if names[key] == name): name for name in names.values()}


class Life(NamedTuple):
    """Who has which id after a run."""

    ids: dict[str, str]
    former: pa.Table
    events: list[dict[str, Any]]
    redirects: dict[str, str]


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


@given(st.lists(clusterings, min_size=2, max_size=6))
def test_an_id_leads_to_who_has_most_of_its_records_whatever_came_between(steps: list[Clusters]) -> None:
    """Also where those that it led to are gone, or lost the record that made it lead there."""
    life: Life | None = None
    leads: dict[str, str] = {}
    had: dict[str, set[str]] = {}
    for clusters in steps:
        life = after(clusters, life)
        living = set(life.ids.values())
        leads = {old: now for old, now in (leads | life.redirects).items() if old not in living}
        had |= {pk: {key for key, mine in life.ids.items() if mine == pk} for pk in living}
        for pk, records in had.items():
            holders = Counter(life.ids[key] for key in records & set(clusters))
            if pk not in living and holders:
                assert leads[pk] == min(holders, key=lambda name: (-holders[name], name))


@given(st.lists(clusterings, min_size=2, max_size=6))
def test_it_leads_there_where_only_those_are_looked_at_whom_a_change_concerns(steps: list[Clusters]) -> None:
    life: Life | None = None
    for clusters in steps:
        part, life = concerned(clusters, life), after(clusters, life)
        assert part is None or part.redirects == life.redirects


@given(clusterings, st.lists(st.integers(0, 5), min_size=6, max_size=6))
def test_people_who_were_merged_get_their_ids_back_when_they_part(people: Clusters, partners: list[int]) -> None:
    first = after(people)
    merged = after({key: partners[cluster] for key, cluster in people.items()}, first)
    parted = after(people, merged)
    assert parted.ids == first.ids
    assert not parted.former.num_rows
    merges = [e for e in merged.events if e["kind"] == "merge"]
    unmerges = [e for e in parted.events if e["kind"] == "unmerge"]
    assert (
        {e["other_id"] for e in merges}
        == {e["other_id"] for e in unmerges}
        == set(first.ids.values()) - set(merged.ids.values())
    )


@given(clusterings, st.lists(st.lists(st.integers(0, 5), min_size=6, max_size=6), min_size=2, max_size=4))
def test_a_row_of_merges_is_undone_in_one_step(people: Clusters, steps: list[list[int]]) -> None:
    first = life = after(people)
    joined = dict(people)
    for partners in steps:
        joined = {key: partners[cluster] for key, cluster in joined.items()}
        life = after(joined, life)
    assert after(people, life).ids == first.ids


@given(clusterings, clusterings, clusterings)
def test_whatever_happens_ids_stay_unique_and_nobody_gets_one_that_another_had(
    one: Clusters, two: Clusters, three: Clusters
) -> None:
    life = after(three, after(two, after(one)))
    assert len(set(life.ids.values())) == len(set(three.values()))
    assert set(life.former.column("profile_id").to_pylist()).isdisjoint(life.ids.values())


def test_merges_are_undone_one_by_one() -> None:
    alone = after({"a": 1, "b": 2, "c": 3, "d": 3, "e": 3})
    two = after({"a": 1, "b": 1, "c": 3, "d": 3, "e": 3}, alone)
    one = after(dict.fromkeys("abcde", 1), two)
    assert set(one.ids.values()) == {alone.ids["c"]}
    assert after({"a": 1, "b": 1, "c": 3, "d": 3, "e": 3}, one).ids == two.ids
    assert after({"a": 1, "b": 2, "c": 3, "d": 3, "e": 3}, one).ids == alone.ids


def test_people_come_back_under_their_old_ids() -> None:
    first = after({"a": 1, "b": 1, "c": 2})
    assert after({"a": 1, "b": 1, "c": 2}, after({"c": 1}, first)).ids == first.ids


@given(clusterings, clusterings, st.sets(st.integers(0, 24)))
def test_the_id_of_a_customer_is_never_left_to_who_is_none(old: Clusters, new: Clusters, making: set[int]) -> None:
    """`making`: records that make a customer."""
    before, keys = run(old), list(new)
    customers = {new[key] for key in keys if int(key[1:]) in making}
    mask = np.array([new[key] in customers for key in keys], bool)
    table = pa.table({"key": list(before), "profile_id": list(before.values())})
    found = identify(pa.array(keys), np.array(list(new.values()), np.int32), table, customers=mask)
    ids = ids_of(found, keys)
    living = {ids[key] for key in keys if new[key] in customers}
    for gone in {before[key] for key in keys if new[key] in customers and key in before}:
        assert gone in living or found.redirects[gone] in living


def test_a_split_is_told() -> None:
    first = after({"a": 1, "b": 1, "c": 1})
    parted = after({"a": 2, "b": 1, "c": 1}, first)
    told = {"kind": "split", "profile_id": first.ids["b"], "other_id": parted.ids["a"], "records": 1}
    assert parted.events == [told]


def test_an_id_is_short_and_made_of_letters_and_digits() -> None:
    (name,) = set(run({"shop.customers\0001": 1}).values())
    assert len(name) == 16
    assert name.startswith("p")
    assert name.isalnum()
