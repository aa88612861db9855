"""The link stage: rows of related tables get the id of the person whom they belong to."""

from collections.abc import Sequence
from itertools import pairwise

import ibis
import ibis.expr.types as ir
from django.utils.translation import gettext as _

from core.usage import Use
from jobs.registry import Context
from jobs.stages import StageResult
from lake import relationships
from lake.queries import LINKED, Snapshot, snapshot
from lake.relationships import Step
from lake.services import stage
from lake.specs import ColumnInfo, ColumnSpec, TableSpec
from profiles.activities import by_value
from profiles.inputs.mapping import key_text, split_name
from profiles.models import ActivityType, Unification
from profiles.tables import LINKS, PROFILES
from sources.usage import uses_of_linked

PROFILE_ID = "profile_id"


def ways() -> dict[str, list[Step]]:
    """For every table whose rows belong to people, the steps to a unified table, else to the customers themselves; none
    for the unified tables."""
    tables = list(Unification.current().tables)
    now = snapshot()
    found = relationships.paths_to([PROFILES]) | relationships.paths_to(tables)
    found |= {name: [] for name in tables}
    return {name: way for name, way in found.items() if all(now.has(t) for t in [name, *(s.to_table for s in way)])}


def is_astray(table: str) -> bool:
    """Whether customers are made of other tables, and no row of this one leads to any of them."""
    return bool(Unification.current().tables) and snapshot().has(table) and table not in ways()


def uses_of(step: Step) -> list[Use]:
    """Whatever has no rows of customers any more when this relationship is gone."""
    people = [PROFILES, *Unification.current().tables]
    left = set(relationships.paths_to(people, without=step))
    return uses_of_linked(set(relationships.paths_to(people)) - left)


def reads() -> list[str]:
    found = ways()
    passed = {step.to_table for way in found.values() for step in way}
    passed |= {step.to_table for name in found for step in _to_customers(name)}
    return sorted({LINKS, *found, *passed, *(by_value.reads() if PROFILES in passed else [])})


def definition() -> dict[str, object]:
    found = {name: [*way, *(_to_customers(name) if way else ())] for name, way in ways().items()}
    ways_ = {name: [(s.from_table, s.from_column, s.to_table) for s in steps] for name, steps in found.items()}
    return {"ways": ways_, "times": {name: activity_times(name) for name in ways_}}


def writes() -> list[str]:
    return [LINKED + name for name in ways()]


def run(context: Context, full: bool = False) -> StageResult:
    """Writes `linked.<source>.<table>` for all of them, and drops those that no longer lead to a person."""
    now, rows = snapshot(), 0
    if not now.has(LINKS):
        return StageResult(0, _("There are no customers yet."))
    found, work, notes = ways(), stage(), []
    for number, (name, way) in enumerate(sorted(found.items())):
        context.progress(number, len(found), name)
        info = now.info(name)
        columns = [_as_in(column) for column in info.columns]
        spec = TableSpec(LINKED + name, info.label, info.grain or info.label, columns=columns)
        order = [PROFILE_ID, *activity_times(name)]
        written = work.write(spec, linked(now, name, way), sort_by=order).rows
        rows += written
        if not written and now.info(name).rows and way and way[-1].to_table == PROFILES:
            notes.append(_nobody(way[-1]))
    for name in now.names():
        if name.startswith(LINKED) and name.removeprefix(LINKED) not in found:
            work.drop(name)
    context.check_cancelled()
    work.publish("link")
    return StageResult(rows, " ".join(notes))


def _nobody(step: Step) -> str:
    message = _(
        "No customer has a value of “%(column)s” in “%(table)s”. Check that its meaning is an e-mail address, a phone "
        "number or an id that customers have, too."
    )
    return message % {"column": step.from_column, "table": step.from_table}


def _as_in(c: ColumnInfo) -> ColumnSpec:
    """As in the source table, statistics too."""
    return ColumnSpec(c.name, c.type, c.label, c.semantic, c.currency, c.sensitive, c.stats)


def activity_times(table: str) -> list[str]:
    """The columns of time that activities of this table are sorted by."""
    return sorted(set(ActivityType.objects.filter(table=table).values_list("time", flat=True)))[:1]


def linked(now: Snapshot, name: str, way: Sequence[Step]) -> ir.Table:
    """The table's rows that reach a person, `profile_id` first: by this way, else by one to customers themselves."""
    rows = now.table(name)
    columns = [c for c in rows.columns if c != PROFILE_ID]
    found = rows.select(columns)
    ways_ = [way, *([step] for step in _to_customers(name) if [step] != list(way))]
    for number, steps in enumerate(ways_ if way else [way]):
        key = found[steps[0].from_column].cast("string") if steps else key_text(found, now.info(name).key)
        owners = _owners(now, steps, name).rename({f"__owner{number}": PROFILE_ID})
        keyed = found.mutate(__key=key)
        how = "left" if way and len(ways_) > 1 else "inner"
        found = keyed.join(owners, keyed["__key"] == owners["__record"], how=how).drop("__key", "__record")
    owner = ibis.coalesce(*[found[c] for c in found.columns if c.startswith("__owner")])
    reached = found.mutate(**{PROFILE_ID: owner})
    return reached.filter(reached[PROFILE_ID].notnull()).select(PROFILE_ID, *columns)


def _to_customers(table: str) -> list[Step]:
    return [step for step in relationships.all_steps() if (step.from_table, step.to_table) == (table, PROFILES)]


def _owners(now: Snapshot, way: Sequence[Step], name: str) -> ir.Table:
    """(profile_id, __record): whose rows are in whose column, of the first step, this text stands; without steps the
    table's own records by their key."""
    owners = _at_the_end(now, way[-1] if way else None, name)
    for here, following in reversed(list(pairwise(way))):
        over = now.table(here.to_table)
        hop = over.select(
            __from=key_text(over, now.info(here.to_table).key), __to=over[following.from_column].cast("string")
        )
        owners = hop.join(owners, hop["__to"] == owners["__record"]).select(PROFILE_ID, __record="__from")
    return owners


def _at_the_end(now: Snapshot, step: Step | None, table: str) -> ir.Table:
    """(profile_id, __record) of where the last step leads to, the table itself where there is none."""
    if step and step.to_table == PROFILES:
        return by_value.owners(now, step)
    links = now.table(LINKS)
    source, name = split_name(step.to_table if step else table)
    mine = links.filter((links.source == source) & (links.table == name))
    return mine.select(PROFILE_ID, __record=mine.record_id)
