"""Measures as table expressions over the lake."""

from datetime import datetime
from typing import cast

import ibis.expr.types as ir
from django.utils.translation import gettext as _

from core.errors import InvalidInput
from lake.queries import Snapshot
from lake.specs import INTEGER, MONEY, ColumnSpec
from measures.models import Measure
from rules.catalog import ID, PROFILES, Attribute
from rules.compiler import Compiler
from rules.language import Related
from rules.related import Rows

BEYOND = 2**63
SURELY_WITHIN = 2**60  # statistics may be somewhat older than the rows
ZERO_WITHOUT_ROWS = {"count", "sum"}


def node(measure: Measure) -> Related:
    """The measure as a block of the rule language, so that both count alike. Raises InvalidInput with the place."""
    value = {
        "related": measure.table,
        "having": {measure.function: measure.column or True, "op": "is_set"},
        "where": measure.where or None,
        "within": measure.within or None,
    }
    try:
        return Related.model_validate({key: part for key, part in value.items() if part is not None})
    except ValueError as error:
        raise InvalidInput(str(error), place=measure.name) from error


def per_customer(measure: Measure, snapshot: Snapshot, now: datetime) -> tuple[ir.Table, Attribute]:
    """(profile_id, value) of the customers who have rows, and what the value is."""
    block = Rows(Compiler(snapshot, now), node(measure), measure.name)
    values, about = block.values()
    _refuse_beyond(block, snapshot)
    if about.type == MONEY:
        values = values.mutate(value=values["value"].round().cast("int64"))
    return values, about


def of_business(measure: Measure, snapshot: Snapshot, now: datetime) -> tuple[ir.Scalar, Attribute]:
    """The one value over all rows, also those that belong to nobody known."""
    block = Rows(Compiler(snapshot, now), node(measure), measure.name, of_everyone=True)
    value, about = block.total()
    _refuse_beyond(block, snapshot)
    return value, about


def _refuse_beyond(block: Rows, snapshot: Snapshot) -> None:
    """Sums of card numbers and the like are no whole numbers of 64 bits. Asks only where that may be."""
    info = snapshot.info(block.name)
    having = block.node.having
    column = info.column(block.names.column(block.name, having.column, block.path).column) if having.column else None
    if having.function != "sum" or column is None or column.type not in {INTEGER, MONEY}:
        return
    known = [abs(edge) for edge in (column.stats.min, column.stats.max) if isinstance(edge, int | float)]
    if known and max(known) * info.rows < SURELY_WITHIN:
        return
    rows = block.rows()
    total = cast(ir.IntegerColumn, rows[column.name]).cast("float64").sum()
    sums = rows.aggregate(value=total) if block.of_everyone else rows.group_by(ID).aggregate(value=total)
    largest = snapshot.scalar(sums["value"].abs().max())
    if largest is not None and largest >= BEYOND:
        message = _("The sum of “%(column)s” is too large. State the type text for ids, or number for large amounts.")
        raise InvalidInput(message % {"column": column.label}, place=block.path)


def customer_table(measures: list[tuple[Measure, ir.Table, Attribute]], snapshot: Snapshot) -> ir.Table:
    """`measures.customer`: one row per profile; counts and sums of customers without rows are 0, all else is null."""
    found = snapshot.table(PROFILES).select(ID)
    for measure, values, _about in measures:
        renamed = values.rename({measure.column_name: "value"})
        found = found.left_join(renamed, ID).drop(f"{ID}_right")
        if measure.function in ZERO_WITHOUT_ROWS:
            found = found.mutate(**{measure.column_name: found[measure.column_name].fill_null(0)})
    return found


def column_spec(measure: Measure, about: Attribute) -> ColumnSpec:
    return ColumnSpec(measure.column_name, about.type, measure.name, currency=about.currency or "")


def average(column: ir.Value) -> ir.Scalar:
    return cast(ir.NumericColumn, column).mean()
