"""A wrong merge taken apart, two customers said to be one: decisions about all of their records, and a run."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pyarrow as pa
from django.db.models import Q
from django.utils.translation import gettext as _

from core.errors import Conflict, InvalidInput
from core.roles import Actor
from jobs.models import Job
from lake.queries import Snapshot, snapshot
from profiles.config import services
from profiles.config.setup import setup_of
from profiles.decisions import services as decisions
from profiles.decisions.services import Answer, Origin, Pair, Verdict
from profiles.inputs import state
from profiles.inputs.mapping import changed_at, input_of, key_text, split_name
from profiles.models import Decision, Unification
from profiles.tables import FORMER, LINKS
from profiles.unify.merging.identify import identify
from profiles.unify.merging.merge import merge
from profiles.unify.reading.keys import SEPARATOR, keyed
from profiles.unify.run import read_all

MOST_PAIRS = 10_000
ACTS_SHOWN = 10
Record = tuple[str, str]  # table and record id


@dataclass(frozen=True)
class Act:
    """What one click decided about a person's records."""

    act: str
    origin: str
    at: Any
    by: str


@dataclass(frozen=True)
class Part:
    """A person as they would be. `is_old`: they get back an id that they had before they were merged. `is_customer`: a
    table that makes customers has a record of them; else nobody sees them until one does."""

    profile_id: str
    records: list[Record]
    attributes: dict[str, Any]
    is_old: bool = False
    is_customer: bool = True


def records_of(now: Snapshot, profile_id: str) -> list[Record]:
    """In the order of trust."""
    trust = {name: place for place, name in enumerate(Unification.current().tables)}
    rows = _links(now, profile_id)
    found = [(f"{row['source']}.{row['table']}", row["record_id"]) for row in rows]
    return sorted(found, key=lambda record: (trust.get(record[0], len(trust)), record))


def weakest(now: Snapshot, profile_id: str) -> Record | None:
    """The record that the least ties to the others; None for a person of one record."""
    rows = [row for row in _links(now, profile_id) if row["score"] is not None]
    if len(rows) < 2:
        return None
    row = min(rows, key=lambda row: (row["score"], row["source"], row["table"], row["record_id"]))
    return f"{row['source']}.{row['table']}", row["record_id"]


def _links(now: Snapshot, profile_id: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = now.lookup(LINKS, {"profile_id": profile_id}).to_pylist() if now.has(LINKS) else []
    return found


def take_apart(profile_id: str, others: Collection[Record], *, by: Actor = None) -> tuple[str, Job | None]:
    """These records of a person are somebody else: the act, and the run that was started (None while another one
    runs). Every record of one part is kept apart from every record of the other, and each part is held together.

    Raises InvalidInput where not each part has a record, or for thousands of records; NotAllowed.
    """
    own, theirs = _parts(snapshot(), profile_id, others)
    if len(own) * len(theirs) > MOST_PAIRS:
        message = _("These are too many records to take apart by hand. Change the rule that joined them.")
        raise InvalidInput(message, place=profile_id)
    apart = [Answer(Pair.of(*pair), Verdict.APART) for pair in product(own, theirs)]
    act = decisions.record([*apart, *_together(own), *_together(theirs)], origin=Origin.UNMERGE, by=by)
    return act, _run(by)


def join(one: str, other: str, *, by: Actor = None) -> tuple[str, Job | None]:
    """Two customers are one person, with all of their records. Raises InvalidInput, NotAllowed."""
    now = snapshot()
    first, second = records_of(now, one), records_of(now, other)
    if one == other or not first or not second:
        raise InvalidInput(_("Choose another customer."), place=other)
    act = decisions.record(_together([*first, *second]), origin=Origin.CUSTOMER, by=by)
    return act, _run(by)


def undo(act: str, *, by: Actor = None) -> Job | None:
    """Takes an act back and starts a run. Raises NotFound, NotAllowed."""
    decisions.undo(act, by=by)
    return _run(by)


def _together(records: Sequence[Record]) -> list[Answer]:
    return [Answer(Pair.of(records[0], record), Verdict.JOIN) for record in records[1:]]


def _run(by: Actor) -> Job | None:
    try:
        return services.run_unification(by=by)
    except Conflict:
        return None


def _parts(now: Snapshot, profile_id: str, others: Collection[Record]) -> tuple[list[Record], list[Record]]:
    every = records_of(now, profile_id)
    theirs = [record for record in every if record in others]
    own = [record for record in every if record not in others]
    if not own or not theirs or len(theirs) < len(set(others)):
        message = _("Choose the records of the other person: at least one of this customer’s, and not all.")
        raise InvalidInput(message, place=profile_id)
    return own, theirs


def preview(now: Snapshot, profile_id: str, others: Collection[Record]) -> tuple[Part, Part]:
    """Both people as they would be: this one, and somebody else. Reads only their records. Raises InvalidInput."""
    own, theirs = _parts(now, profile_id, others)
    adding = set(Unification.current().only_matched)
    mine, somebodys = (any(table not in adding for table, _record in part) for part in (own, theirs))
    ids = _ids(now, profile_id, own, theirs, (mine, somebodys))
    one, other = (_merged(now, part) for part in (own, theirs))
    known = set(_former(now, [*own, *theirs]).column("profile_id").to_pylist())
    return (
        Part(ids[0], own, one, ids[0] in known, mine),
        Part(ids[1], theirs, other, ids[1] in known, somebodys),
    )


def _ids(
    now: Snapshot, profile_id: str, own: list[Record], theirs: list[Record], is_customer: tuple[bool, bool]
) -> tuple[str, str]:
    every = pa.array([SEPARATOR.join(record) for record in (*own, *theirs)])
    clusters = np.array([0] * len(own) + [1] * len(theirs), np.int32)
    before = pa.table({"key": every, "profile_id": pa.array([profile_id] * len(every))})
    former = _former(now, [*own, *theirs])
    customers = np.array(is_customer)[clusters]
    found = identify(every, clusters, before, keyed(former, "turn"), customers=customers).profile_ids
    return found[0].as_py(), found[len(own)].as_py()


def _former(now: Snapshot, records: Sequence[Record]) -> pa.Table:
    wanted = {(*split_name(table), record) for table, record in records}
    rows: list[dict[str, Any]] = []
    for record_id in sorted({record for _source, _table, record in wanted}) if now.has(FORMER) else ():
        rows += now.lookup(FORMER, {"record_id": record_id}).to_pylist()
    mine = [row for row in rows if (row["source"], row["table"], row["record_id"]) in wanted]
    return pa.Table.from_pylist(mine, schema=_FORMER)


_FORMER = pa.schema(
    [(name, pa.string()) for name in ("source", "table", "record_id", "profile_id")] + [("turn", pa.int64())]
)


def _merged(now: Snapshot, records: Sequence[Record]) -> dict[str, Any]:
    """The attributes that these records make together."""
    config = Unification.current()
    inputs = []
    for name in config.tables:
        ids = [record for table, record in records if table == name]
        if not ids or not now.has(name):
            continue
        info, rows = now.info(name), now.table(name)
        data = now.arrow(rows.filter(key_text(rows, info.key).isin(ids)))
        inputs.append(input_of(info, data))
    if not inputs:
        return {}
    setup = setup_of(config)
    found = read_all(inputs, setup, readings=state.readings(now))
    ids_ = pa.array(["p"] * found.count, pa.string())
    row: dict[str, Any] = merge(
        found, ids_, changed_at(now, setup.merge.recency)(found), setup.merge
    ).profiles.to_pylist()[0]
    return row


def acts_of(records: Sequence[Record]) -> list[Act]:
    """What was joined and taken apart by hand among these records, newest first."""
    mine = Q(pk__in=[])
    for table, record in records:
        mine |= Q(left_table=table, left_id=record) | Q(right_table=table, right_id=record)
    rows = Decision.objects.filter(mine, origin__in=[Origin.UNMERGE, Origin.CUSTOMER]).select_related("by")
    found: dict[str, Act] = {}
    for row in rows[:MOST_PAIRS]:
        found.setdefault(row.act, Act(row.act, row.origin, row.at, row.by.get_username() if row.by else ""))
    return list(found.values())[:ACTS_SHOWN]
