"""Records of the last run that belong to no customer: those of tables whose unmatched records become none."""

import ibis.expr.types as ir

from lake.queries import Snapshot
from profiles.inputs.state import COMPARED
from profiles.tables import LINKS
from profiles.unify.reading.compared import KEYS, PROFILE


def unmatched_records(now: Snapshot) -> ir.Table | None:
    """`source, table, record_id, profile_id`: the id that they would have. None before the first run."""
    if not now.has(COMPARED) or not now.has(LINKS):
        return None
    every, links = now.table(COMPARED).select(*KEYS, PROFILE), now.table(LINKS)
    return every.anti_join(links, PROFILE)
