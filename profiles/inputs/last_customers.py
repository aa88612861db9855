"""Customers as the last run published them, kept beside the lake for who looks at a few of them: of the table itself,
all pages are read for rows that lie anywhere in it.

Everybody is kept by a run of everybody; runs of changes keep what changed since then.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from profiles.inputs import kept

EVERYBODY, SINCE = "customers", "customers_since"
ID = "profile_id"
IS_GONE = "__is_gone"
# A larger part that changed is not kept.
MOST_SINCE = 0.25


def with_ids(name: str, ids: pa.Array) -> pa.Table | None:
    """The customers who have these ids, in no order. None where they are not kept under this name."""
    everybody, since = kept.read(name, EVERYBODY), kept.read(name, SINCE)
    if everybody is None:
        return None
    ids = ids.cast(pa.string()).unique()
    if since is None:
        return _with_ids(everybody, ids)
    newer = _with_ids(since, ids)
    older = _with_ids(everybody, ids.filter(pc.invert(pc.is_in(ids, value_set=newer.column(ID)))))
    newer = newer.filter(pc.invert(newer.column(IS_GONE))).drop_columns(IS_GONE)
    return pa.concat_tables([newer.select(older.column_names), older])


def changed(name: str, rows: pa.Table, instead_of: pa.Array) -> dict[str, pa.Table]:
    """What to keep beside `EVERYBODY` after a run in which `rows` came in place of those of the ids `instead_of`.
    Nothing where everybody is not kept, or much changed."""
    everybody, since = kept.read(name, EVERYBODY), kept.read(name, SINCE)
    if everybody is None or everybody.column_names != rows.column_names:
        return {}
    gone = instead_of.cast(pa.string()).unique()
    gone = gone.filter(pc.invert(pc.is_in(gone, value_set=rows.column(ID))))
    left = pa.table({ID: gone, IS_GONE: pa.array(np.ones(len(gone), bool))})
    now = rows.append_column(IS_GONE, pa.array(np.zeros(rows.num_rows, bool)))
    parts = [now, left]
    if since is not None:
        ids = pa.chunked_array([*rows.column(ID).chunks, gone], pa.string())
        parts.insert(0, since.filter(pc.invert(pc.is_in(since.column(ID), value_set=ids))))
    found = pa.concat_tables(parts, promote_options="default")
    return {SINCE: found} if found.num_rows <= MOST_SINCE * everybody.num_rows else {}


def _with_ids(table: pa.Table, ids: pa.Array) -> pa.Table:
    here = pc.is_in(table.column(ID), value_set=ids)  # the small side is hashed
    return table.take(pc.indices_nonzero(here))
