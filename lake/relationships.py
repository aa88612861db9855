"""Which tables hang together: rows of one table belong to a row of another, through the other's key."""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core import audit
from core.errors import InvalidInput, NotFound
from core.roles import Actor, require
from core.usage import InUse, Use
from lake.models import Relationship
from lake.queries import Snapshot, near, snapshot
from lake.words import column_of, table_title


@dataclass(frozen=True)
class Step:
    """`from_table.from_column` holds the key of `to_table`."""

    from_table: str
    from_column: str
    to_table: str


_needs: list[Callable[[Step], list[Use]]] = []
_when_removed: list[Callable[[Relationship], None]] = []


def register_needs(find: Callable[[Step], list[Use]]) -> None:
    """`find(step)` returns what the relationship cannot be taken away from."""
    if find not in _needs:
        _needs.append(find)


def register_removal(heed: Callable[[Relationship], None]) -> None:
    """`heed(relationship)` is called in the transaction in which somebody takes a relationship away."""
    if heed not in _when_removed:
        _when_removed.append(heed)


def title(row: Relationship) -> str:
    """ "Shop · Orders · Customer → Shop · Customers"."""
    now = snapshot()
    column = column_of(now, row.from_table, row.from_column)
    return f"{table_title(now, row.from_table)} · {column} → {table_title(now, row.to_table)}"


def origin_words(details: dict[str, Any]) -> str:
    """What the audit tells of a new relationship: whether people stated it, or it was found in the data."""
    return str(capfirst(Relationship.Origin(details["origin"]).label))


def uses_of(step: Step) -> list[Use]:
    """Everything that needs this relationship."""
    return [use for find in _needs for use in find(step)]


def relate(
    from_table: str,
    from_column: str,
    to_table: str,
    *,
    origin: str = Relationship.Origin.DECLARED,
    by: Actor = None,
) -> Relationship:
    """Makes the relationship, or returns it when it is there. A stated one is never turned into a found one.

    Raises InvalidInput when a table that exists lacks the column, or relates to itself.
    """
    require(by, "lake.add_relationship")
    _check(from_table, from_column, to_table)
    with transaction.atomic():
        made, created = Relationship.objects.get_or_create(
            from_table=from_table, from_column=from_column, to_table=to_table, defaults={"origin": origin}
        )
        if not created and origin == Relationship.Origin.DECLARED and made.origin != origin:
            made.origin = origin
            made.save(update_fields=["origin"])
        if created:
            audit.record(by, "relationship.add", made, label=title(made), origin=origin)
    return made


def unrelate(from_table: str, from_column: str, to_table: str, *, by: Actor = None) -> None:
    """Raises NotFound when there is no such relationship, InUse while something needs it."""
    require(by, "lake.delete_relationship")
    with transaction.atomic():
        found = Relationship.objects.filter(from_table=from_table, from_column=from_column, to_table=to_table).first()
        if found is None:
            raise NotFound(_("This relationship does not exist any more."))
        if uses := uses_of(Step(from_table, from_column, to_table)):
            words = _(
                "“%(name)s” leads to the customers of %(uses)s. Take it out there first, or add another relationship "
                "that leads to customers, then remove this one."
            )
            raise InUse(words, uses, name=title(found))
        for heed in _when_removed:
            heed(found)
        audit.record(by, "relationship.remove", found, label=title(found))
        found.delete()


def all_steps() -> list[Step]:
    """Without those whose column is gone."""
    now = snapshot()
    rows = Relationship.objects.values_list("from_table", "from_column", "to_table")
    return [step for step in (Step(*row) for row in rows) if not is_broken(now, step)]


def is_broken(now: Snapshot, step: Step | Relationship) -> bool:
    """Whether its table was loaded without the column since."""
    return now.has(step.from_table) and now.info(step.from_table).column(step.from_column) is None


def paths_to(tables: Iterable[str], *, without: Step | None = None) -> dict[str, list[Step]]:
    """For every table from which one of `tables` can be reached, the shortest way there, nearest step first.

    The tables themselves are not in the result. Among ways of the same length the first by name wins. `without`: as if
    there were no such relationship.
    """
    into: dict[str, list[Step]] = {}
    for step in all_steps():
        if step == without:
            continue
        into.setdefault(step.to_table, []).append(step)
    reached: dict[str, list[Step]] = {name: [] for name in tables}
    waiting = deque(sorted(reached))
    while waiting:
        here = waiting.popleft()
        for step in into.get(here, []):
            if step.from_table not in reached:
                reached[step.from_table] = [step, *reached[here]]
                waiting.append(step.from_table)
    return {name: path for name, path in reached.items() if path}


def _check(from_table: str, from_column: str, to_table: str) -> None:
    if from_table == to_table:
        raise InvalidInput(_("A table cannot belong to itself."), place=from_table)
    now = snapshot()
    if not now.has(from_table):
        return  # it may be stated before its first load
    columns = [column.name for column in now.info(from_table).columns]
    if from_column not in columns:
        alike = ", ".join(near(from_column, columns)) or ", ".join(columns[:8])
        message = _("“%(table)s” has no column “%(column)s”. It has %(alike)s.")
        raise InvalidInput(
            message % {"table": from_table, "column": from_column, "alike": alike}, place=f"{from_table}.{from_column}"
        )
