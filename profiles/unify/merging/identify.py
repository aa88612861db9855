"""Profile ids that stay. A cluster keeps the id that most of its records had; nothing depends on the order of input."""

import hashlib
from collections.abc import Container, Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from profiles.unify.merging.leading import HOLDERS, Elsewhere, leads
from profiles.unify.pairs.grouping import Mask

DIGEST_BYTES = 10
BASE32 = np.frombuffer(b"abcdefghijklmnopqrstuvwxyz234567", np.uint8)
ID_CHARACTERS = 15  # of base32: 75 bits, so that ten million ids collide once in four hundred million tries
Index = npt.NDArray[np.int64]
FORMER = pa.schema([("key", pa.string()), ("profile_id", pa.string()), ("turn", pa.int64())])
EVENTS = pa.schema(
    [("kind", pa.string()), ("profile_id", pa.string()), ("other_id", pa.string()), ("records", pa.int64())]
)


@dataclass(frozen=True)
class Identity:
    """`profile_ids`: one per record, aligned with the keys. `redirects`: ids that are gone and a record of which moved,
    as `leads` has them; `back`: ids that were gone and live again. `former`: for the next run. `events`: what happened
    to ids of the last run, columns `kind, profile_id, other_id, records`:

    * merge: `other_id` is gone, `profile_id` has its records now;
    * split: `records` of `profile_id` became `other_id`, which is new;
    * unmerge: the same, and they had that id before.
    """

    profile_ids: pa.Array
    redirects: dict[str, str]
    back: list[str]
    former: pa.Table
    events: pa.Table


def identify(
    keys: pa.Array,
    clusters: npt.NDArray[np.int32],
    before: pa.Table | None = None,
    former: pa.Table | None = None,
    others: pa.Array | None = None,
    unseen: pa.Array | None = None,
    customers: Mask | None = None,
    elsewhere: Elsewhere | None = None,
) -> Identity:
    """`keys`: the unique text of each record; `before`: columns `key, profile_id` of the last run; `former`: columns
    `key, profile_id, turn`, the ids that are gone and that records once had, later ones with a higher turn. Where the
    keys are not of all records, `others` are the ids of all other people: nobody gets one of them, and `elsewhere`
    tells who has which of their records. `unseen`: ids of the last run that no customer had; they give way to all
    others. `customers`: which records are of a customer (None: all). The id of a customer stays with a customer, and
    leads to one, as long as one has a record of it.

    The largest overlap keeps its id; ties go to the cluster whose smallest key is smaller, then to the smaller id.
    Where people part, records count for the id that they had first: who was merged gets the old id back. Whoever is
    left gets a new id, made from its smallest key. A split gives new ids to the smaller parts, a merge redirects.
    """
    order = pc.sort_indices(keys).to_numpy()
    ranks = np.empty(len(order), np.int64)
    ranks[order] = np.arange(len(order))
    names, members = np.unique(clusters, return_inverse=True)
    first = np.full(len(names), len(order), np.int64)
    np.minimum.at(first, members, ranks)
    old = _old_ids(keys, before)
    past = _past(keys, former, old)
    overlaps = _overlaps(members, old.codes, len(old.ids))
    nobody = np.zeros(len(names), bool)
    if customers is not None:
        nobody[members[~customers]] = True
    groups = _Groups(members, first, nobody)
    held = _assign(overlaps, groups, old, past, _places(old.ids, unseen))
    smallest = pc.take(keys, pa.array(order[first]))
    ids = _named(held, [*old.ids, *past.ids], smallest, _all_ids(former), others)
    living = pa.array(ids, pa.string())
    profile_ids, gone = living.take(pa.array(members)), _former(before, former, living)
    moved = overlaps[held[overlaps[:, 0]] != overlaps[:, 1]]
    redirects = leads(gone, *_holders(keys, profile_ids, before, unseen, customers), elsewhere)
    return Identity(
        profile_ids,
        redirects,
        sorted(set(past.ids) & set(ids)),
        gone,
        _events(moved, redirects, old.ids, ids, set(past.ids)),
    )


def _holders(
    keys: pa.Array, ids: pa.Array, before: pa.Table | None, unseen: pa.Array | None, customers: Mask | None
) -> tuple[pa.Table, pa.Table]:
    """Who had the records before, and has them now."""
    seen = np.ones(len(keys), bool) if customers is None else customers
    now = pa.table([keys, ids, pa.array(seen)], schema=HOLDERS)
    if before is None:
        return HOLDERS.empty_table(), now
    was = before.select(["key", "profile_id"])
    hidden = pa.array([], pa.string()) if unseen is None else unseen
    return was.append_column("customer", pc.invert(pc.is_in(was.column("profile_id"), value_set=hidden))), now


@dataclass(frozen=True)
class _Groups:
    """`members`: the cluster of each record. `first`: the rank of its smallest key, `nobody`: whether it is no
    customer, per cluster."""

    members: Index
    first: Index
    nobody: Mask


@dataclass(frozen=True)
class _Old:
    """Ids of the last run, sorted, and one code per record of today (−1: the record is new)."""

    ids: list[str]
    codes: Index


@dataclass(frozen=True)
class _Past:
    """Ids that are gone and that records of today once had: `records` and `codes` (counted on from the old ids') are
    aligned, `first` says which was the earliest of its record."""

    ids: list[str]
    records: Index
    codes: Index
    first: Mask


def _old_ids(keys: pa.Array, before: pa.Table | None) -> _Old:
    if before is None or not before.num_rows:
        return _Old([], np.full(len(keys), -1, np.int64))
    known = before.column("key").combine_chunks()
    ids = before.column("profile_id").combine_chunks().dictionary_encode()
    order = pc.sort_indices(ids.dictionary)
    place = np.empty(len(order), np.int64)
    place[order.to_numpy()] = np.arange(len(order))
    codes = place[ids.indices.to_numpy()]
    found = pc.fill_null(pc.index_in(keys, value_set=known), -1).to_numpy(zero_copy_only=False)
    return _Old(ids.dictionary.take(order).to_pylist(), np.where(found >= 0, codes[found], -1).astype(np.int64))


def _past(keys: pa.Array, former: pa.Table | None, old: _Old) -> _Past:
    none = np.array([], np.int64)
    if former is None or not former.num_rows:
        return _Past([], none, none, np.array([], bool))
    gone = former.filter(pc.invert(pc.is_in(former.column("profile_id"), value_set=pa.array(old.ids, pa.string()))))
    asked = gone.column("key").combine_chunks().unique()
    at = pc.index_in(keys, value_set=asked)  # the small side is hashed
    numbers = np.full(len(asked), -1, np.int64)
    numbers[at.drop_null().to_numpy()] = np.flatnonzero(at.is_valid().to_numpy(zero_copy_only=False))
    records = numbers[pc.index_in(gone.column("key"), value_set=asked).to_numpy()]
    gone, records = gone.filter(pa.array(records >= 0)), records[records >= 0]
    ids, codes = np.unique(np.array(gone.column("profile_id").to_pylist(), dtype=object), return_inverse=True)
    turn = gone.column("turn").to_numpy()
    order = np.lexsort((turn, records))
    first = np.zeros(len(records), bool)
    first[order[np.unique(records[order], return_index=True)[1]]] = True
    return _Past(ids.tolist(), records, codes.astype(np.int64) + len(old.ids), first)


def _overlaps(members: Index, codes: Index, ids: int) -> Index:
    """Rows (cluster, old id, shared records)."""
    known = codes >= 0
    pairs, shared = np.unique(members[known] * max(ids, 1) + codes[known], return_counts=True)
    return np.stack([pairs // max(ids, 1), pairs % max(ids, 1), shared], axis=1).astype(np.int64)


def _places(ids: list[str], unseen: pa.Array | None) -> Index:
    """The codes of these ids."""
    if unseen is None or not len(unseen):
        return np.array([], np.int64)
    return np.flatnonzero(pc.is_in(pa.array(ids, pa.string()), unseen).to_numpy(zero_copy_only=False))


def _assign(overlaps: Index, groups: _Groups, old: _Old, past: _Past, unseen: Index) -> Index:
    """Per cluster the id that it keeps or gets back, −1 for none. Greedy from the strongest claim down."""
    first = groups.first
    held = np.full(len(first), -1, np.int64)
    cluster, code = overlaps[:, 0], overlaps[:, 1]
    alone = np.bincount(cluster, minlength=len(first))[cluster] == 1
    alone &= np.bincount(code, minlength=len(old.ids))[code] == 1
    held[cluster[alone]] = code[alone]
    claims = _claims(groups.members, held < 0, old, past)
    claims = claims[~_void(claims, groups.nobody, unseen)]
    taken: set[int] = set()
    gives_way = np.isin(claims[:, 1], unseen)
    order = np.lexsort((claims[:, 1], first[claims[:, 0]], -claims[:, 2], -claims[:, 3], gives_way))
    for row in order.tolist():
        claimant, wanted = int(claims[row, 0]), int(claims[row, 1])
        if held[claimant] < 0 and wanted not in taken:
            held[claimant] = wanted
            taken.add(wanted)
    return held


def _void(claims: Index, nobody: Mask, unseen: Index) -> Mask:
    """Claims of who is no customer on the id of one that a customer claims too."""
    is_nobody = nobody[claims[:, 0]]
    wanted = np.setdiff1d(claims[~is_nobody, 1], unseen)
    found: Mask = is_nobody & np.isin(claims[:, 1], wanted)
    return found


def _claims(members: Index, open_: Mask, old: _Old, past: _Past) -> Index:
    """Rows (cluster, id, records that have or had it, records whose first id it was) of the open clusters."""
    moved = np.zeros(len(members), bool)
    moved[past.records] = True
    now = np.flatnonzero((old.codes >= 0) & open_[members])
    then = np.flatnonzero(open_[members[past.records]])
    clusters = np.concatenate([members[now], members[past.records[then]]])
    codes = np.concatenate([old.codes[now], past.codes[then]])
    native = np.concatenate([~moved[now], past.first[then]])
    width = len(old.ids) + len(past.ids) + 1
    pairs, at, shared = np.unique(clusters * width + codes, return_inverse=True, return_counts=True)
    natives = np.bincount(at, weights=native, minlength=len(pairs))
    return np.stack([pairs // width, pairs % width, shared, natives.astype(np.int64)], axis=1).astype(np.int64)


def _all_ids(former: pa.Table | None) -> list[str]:
    return former.column("profile_id").unique().to_pylist() if former is not None else []


def _former(before: pa.Table | None, former: pa.Table | None, living: pa.Array) -> pa.Table:
    """Ids that live again are no longer former ones; those of the last run that are gone now are."""
    rows = former if former is not None else FORMER.empty_table()
    turn = (pc.max(rows.column("turn")).as_py() or 0) + 1
    rows = rows.select(FORMER.names).filter(pc.invert(pc.is_in(rows.column("profile_id"), value_set=living)))
    if before is None:
        return rows
    gone = before.filter(pc.invert(pc.is_in(before.column("profile_id"), value_set=living)))
    turns = pa.array(np.full(gone.num_rows, turn, np.int64))
    added = gone.select(["key", "profile_id"]).append_column("turn", turns)
    return pa.concat_tables([rows.cast(FORMER), added.cast(FORMER)])


def _events(moved: Index, redirects: dict[str, str], old_ids: list[str], ids: list[str], past: set[str]) -> pa.Table:
    """`moved`: the overlaps of clusters with ids that they do not have now."""
    alive, known, rows = set(ids), set(old_ids), []
    if not redirects and len(alive - known) == 0:
        return EVENTS.empty_table()
    for cluster, code, shared in moved.tolist():
        was, is_ = old_ids[code], ids[cluster]
        if redirects.get(was) == is_ and is_ in known:
            rows.append(("merge", is_, was, shared))
        elif is_ not in known:
            rows.append(("unmerge" if is_ in past else "split", was, is_, shared))
    return pa.Table.from_pylist([dict(zip(EVENTS.names, row, strict=True)) for row in rows], schema=EVENTS)


def _named(held: Index, known: list[str], smallest: pa.Array, former: list[str], others: pa.Array | None) -> list[str]:
    ids = [known[code] if code >= 0 else "" for code in held.tolist()]
    fresh = [index for index, name in enumerate(ids) if not name]
    keys = smallest.take(pa.array(fresh, pa.int64())).to_pylist()
    for index, name in zip(fresh, _new_ids(keys, {*known, *former}, others), strict=True):
        ids[index] = name
    return ids


def _new_ids(keys: list[str], used: set[str], others: pa.Array | None) -> list[str]:
    found: list[str] = []
    given = set(used)
    for key, name in zip(keys, _hashed(keys), strict=True):
        found.append(new_id(key, given) if name in given else name)
        given.add(found[-1])
    names = pa.array(found, pa.string())
    taken = [] if others is None else others.filter(pc.is_in(others, value_set=names)).to_pylist()  # hashes the few
    return _new_ids(keys, used | set(taken), others) if taken else found


def new_id(key: str, used: Container[str] = ()) -> str:
    """`p` and 15 characters; the same for the same key, unless that id is in use."""
    attempts = (key if not attempt else f"{key}\0{attempt}" for attempt in count())
    return next(name for text in attempts for name in _hashed([text]) if name not in used)


def _hashed(keys: Sequence[str]) -> list[str]:
    """The first id of each key, of all at once: five bits of its hash are a character of base32 (RFC 4648), in lower
    case."""
    digests = b"".join([hashlib.blake2b(key.encode(), digest_size=DIGEST_BYTES).digest() for key in keys])
    bits = np.unpackbits(np.frombuffer(digests, np.uint8)).reshape(len(keys), 8 * DIGEST_BYTES // 5, 5)
    signs = BASE32[bits[:, :ID_CHARACTERS] @ np.array([16, 8, 4, 2, 1], np.uint8)]
    return ["p" + name.decode() for name in signs.view(f"S{ID_CHARACTERS}").ravel().tolist()]
