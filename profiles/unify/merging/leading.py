"""Where ids that are gone lead: to whoever holds most of their records today."""

from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

# Who has a record: `customer` says whether that is one.
HOLDERS = pa.schema([("key", pa.string()), ("profile_id", pa.string()), ("customer", pa.bool_())])
Elsewhere = Callable[[pa.Array], pa.Table]


def leads(former: pa.Table, was: pa.Table, now: pa.Table, elsewhere: Elsewhere | None = None) -> dict[str, str]:
    """`former`: rows `key, profile_id`, the records of the ids that are gone. `was`, `now`: who had these records in
    the last run, and has them in this one, as `HOLDERS`; where that is not of all records, `elsewhere` gives it for
    other keys. Only ids of which a record went elsewhere, came back or is gone are in the result: all others lead on as
    they did. Customers come first, then most records, then the smaller id. An id whose records are all gone is not in
    it.
    """
    if not former.num_rows:
        return {}
    keys = former.column("key").combine_chunks().unique()
    was, now = (rows.filter(pc.is_in(rows.column("key"), value_set=keys)) for rows in (was, now))
    ids = former.filter(pc.is_in(former.column("key"), value_set=_moved(was, now))).column("profile_id").unique()
    mine = former.select(["key", "profile_id"]).filter(pc.is_in(former.column("profile_id"), value_set=ids))
    if elsewhere is not None and mine.num_rows:
        known = pa.concat_arrays([rows.column("key").combine_chunks() for rows in (was, now)])
        others = mine.column("key").filter(pc.invert(pc.is_in(mine.column("key"), value_set=known))).unique()
        now = pa.concat_tables([now, elsewhere(others)])
    held = mine.join(now.rename_columns(["key", "target", "customer"]), "key", join_type="inner")
    counted = held.group_by(["profile_id", "target", "customer"]).aggregate([([], "count_all")])
    order = [("customer", "ascending"), ("count_all", "ascending"), ("target", "descending")]
    best = counted.sort_by(order)  # the last one that is set stays
    return dict(zip(best.column("profile_id").to_pylist(), best.column("target").to_pylist(), strict=True))


def _moved(was: pa.Table, now: pa.Table) -> pa.Array:
    """The records that somebody else has, or that are of a customer only in one of both."""
    both = was.join(now, "key", join_type="full outer", left_suffix="_was", right_suffix="_now")
    same = [pc.fill_null(pc.equal(both.column(f"{name}_was"), both.column(f"{name}_now")), False)
            for name in HOLDERS.names[1:]]  # fmt: skip
    return both.column("key").filter(pc.invert(pc.and_(*same))).combine_chunks()
