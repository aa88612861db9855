"""Rows that name their customer by a value: an e-mail address, a telephone number, an id, or the customer id itself."""

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from lake.queries import Snapshot
from lake.relationships import Step
from profiles.inputs import state
from profiles.models import Unification
from profiles.tables import PROFILES
from profiles.unify.normalisers.registry import Context
from profiles.unify.values.normalise import chain_of, normalised
from profiles.unify.values.readings import Reader
from profiles.unify.values.stated import parse_stated

PROFILE_ID, RECORD, VALUE = "profile_id", "__record", "__value"
POINTS = ("contact.email", "contact.phone")


def is_point(semantic: str) -> bool:
    """Whether values of this meaning can name a customer."""
    return semantic in POINTS or semantic.startswith("id.")


def reads() -> list[str]:
    return [PROFILES, state.COMPARED, state.READINGS]


def owners(now: Snapshot, step: Step) -> ir.Table:
    """(profile_id, __record): whose the values of the column are, as they are written there. Values of several
    customers are nobody's. A column of another meaning, or of none, holds customer ids."""
    people, column = now.table(PROFILES), now.info(step.from_table).column(step.from_column)
    semantic = column.semantic if column else ""
    if not is_point(semantic):
        return people.select(PROFILE_ID, **{RECORD: people[PROFILE_ID]})
    rows = now.table(step.from_table)
    values = rows.filter(rows[step.from_column].notnull()).select(**{RECORD: rows[step.from_column].cast("string")})
    written = now.arrow(values.distinct()).column(RECORD).combine_chunks()
    read = pa.table({RECORD: written, VALUE: _compared(now, written, step, semantic)}).drop_null()
    return ibis.memtable(read).join(known(now, semantic), VALUE).select(PROFILE_ID, RECORD)


def known(now: Snapshot, semantic: str) -> ir.Table:
    """(profile_id, __value): each value that exactly one customer has, as it is compared."""
    records = now.table(state.COMPARED)
    names = [name for name in records.columns if name == semantic or name.startswith(f"{semantic}#")]
    if not names:
        return ibis.memtable(pa.table({PROFILE_ID: pa.array([], pa.string()), VALUE: pa.array([], pa.string())}))
    parts = [records.select(PROFILE_ID, **{VALUE: records[name]}) for name in names]
    pairs = (ibis.union(*parts) if len(parts) > 1 else parts[0]).semi_join(now.table(PROFILES), PROFILE_ID)
    grouped = pairs.filter(pairs[VALUE].notnull()).group_by(VALUE)
    counted = grouped.aggregate(owners=pairs[PROFILE_ID].nunique(), **{PROFILE_ID: pairs[PROFILE_ID].min()})
    return counted.filter(counted["owners"] == 1).select(PROFILE_ID, VALUE)


def _compared(now: Snapshot, written: pa.Array, step: Step, semantic: str) -> pa.Array:
    """As unification compares values of this meaning: by what its last run learned of them."""
    config, column = Unification.current(), f"{step.from_table}.{step.from_column}"
    stated = parse_stated(config.values)
    texts = stated.applied(written, semantic, column)
    learner = Reader(state.readings(now)).of(semantic)
    context = Context(config.default_country, column)
    return normalised([(texts, context)], chain_of(semantic), learner)[0].values
