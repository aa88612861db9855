"""Profile ids that stay. A cluster keeps the id that most of its records had; nothing depends on the order of input."""

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

ID_CHARACTERS = 15  # of base32: 75 bits, so that ten million ids collide once in four hundred million tries
Index = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Identity:
    """`profile_ids`: one per record, aligned with the keys. `redirects`: ids that are gone, to who holds most of
    their records now; an id whose records are all gone is not in it."""

    profile_ids: pa.Array
    redirects: dict[str, str]


def identify(
    keys: pa.Array, clusters: npt.NDArray[np.int32], before: pa.Table | None = None, others: pa.Array | None = None
) -> Identity:
    """`keys`: the unique text of each record; `before`: columns `key, profile_id` of the last run. Where these are not
    all records, `others` are the ids of all other people: nobody gets one of them.

    The largest overlap keeps its id; ties go to the cluster whose smallest key is smaller, then to the smaller id.
    Whoever is left gets a new id, made from its smallest key. A split gives new ids to the smaller parts, a merge
    leaves redirects.
    """
    order = pc.sort_indices(keys).to_numpy()
    ranks = np.empty(len(order), np.int64)
    ranks[order] = np.arange(len(order))
    names, members = np.unique(clusters, return_inverse=True)
    first = np.full(len(names), len(order), np.int64)
    np.minimum.at(first, members, ranks)
    old = _old_ids(keys, before)
    overlaps = _overlaps(members, old.codes, len(old.ids))
    held = _assign(overlaps, first, len(names), len(old.ids))
    smallest = pc.take(keys, pa.array(order[first]))
    ids = _named(held, old.ids, smallest, others)
    redirects = _redirects(overlaps, first, set(held[held >= 0].tolist()), old.ids, ids)
    return Identity(pa.array(ids, pa.string()).take(pa.array(members)), redirects)


@dataclass(frozen=True)
class _Old:
    """Ids of the last run, sorted, and one code per record of today (−1: the record is new)."""

    ids: list[str]
    codes: Index


def _old_ids(keys: pa.Array, before: pa.Table | None) -> _Old:
    if before is None or not before.num_rows:
        return _Old([], np.full(len(keys), -1, np.int64))
    known = before.column("key").combine_chunks()
    ids = np.array(before.column("profile_id").to_pylist(), dtype=object)
    distinct, codes = np.unique(ids, return_inverse=True)
    found = pc.fill_null(pc.index_in(keys, value_set=known), -1).to_numpy(zero_copy_only=False)
    return _Old(distinct.tolist(), np.where(found >= 0, codes[found], -1).astype(np.int64))


def _overlaps(members: Index, codes: Index, ids: int) -> Index:
    """Rows (cluster, old id, shared records)."""
    known = codes >= 0
    pairs, shared = np.unique(members[known] * max(ids, 1) + codes[known], return_counts=True)
    return np.stack([pairs // max(ids, 1), pairs % max(ids, 1), shared], axis=1).astype(np.int64)


def _assign(overlaps: Index, first: Index, clusters: int, ids: int) -> Index:
    """Per cluster the old id that it keeps, −1 for none. Greedy from the largest overlap down."""
    held = np.full(clusters, -1, np.int64)
    cluster, old, shared = overlaps[:, 0], overlaps[:, 1], overlaps[:, 2]
    alone = (np.bincount(cluster, minlength=clusters)[cluster] == 1) & (np.bincount(old, minlength=ids)[old] == 1)
    held[cluster[alone]] = old[alone]
    taken: set[int] = set()
    order = np.lexsort((old, first[cluster], -shared))
    for row in order[~alone[order]].tolist():
        if held[cluster[row]] < 0 and int(old[row]) not in taken:
            held[cluster[row]] = old[row]
            taken.add(int(old[row]))
    return held


def _named(held: Index, old_ids: list[str], smallest: pa.Array, others: pa.Array | None) -> list[str]:
    ids = [old_ids[code] if code >= 0 else "" for code in held.tolist()]
    fresh = [index for index, name in enumerate(ids) if not name]
    keys = smallest.take(pa.array(fresh, pa.int64())).to_pylist()
    for index, name in zip(fresh, _new_ids(keys, set(old_ids), others), strict=True):
        ids[index] = name
    return ids


def _new_ids(keys: list[str], used: set[str], others: pa.Array | None) -> list[str]:
    found: list[str] = []
    given = set(used)
    for key in keys:
        found.append(new_id(key, given))
        given.add(found[-1])
    names = pa.array(found, pa.string())
    taken = [] if others is None else names.filter(pc.is_in(names, value_set=others)).to_pylist()
    return _new_ids(keys, used | set(taken), others) if taken else found


def new_id(key: str, used: Iterable[str] = ()) -> str:
    """`p` and 15 characters; the same for the same key, unless that id is in use."""
    attempt = 0
    while True:
        text = key if not attempt else f"{key}\0{attempt}"
        digest = hashlib.blake2b(text.encode(), digest_size=10).digest()
        name = "p" + base64.b32encode(digest).decode().lower()[:ID_CHARACTERS]
        if name not in used:
            return name
        attempt += 1


def _redirects(overlaps: Index, first: Index, kept: set[int], old_ids: list[str], ids: list[str]) -> dict[str, str]:
    cluster, old, shared = overlaps[:, 0], overlaps[:, 1], overlaps[:, 2]
    found: dict[str, str] = {}
    for row in np.lexsort((first[cluster], -shared)).tolist():
        if int(old[row]) not in kept:
            found.setdefault(old_ids[int(old[row])], ids[int(cluster[row])])
    return found
