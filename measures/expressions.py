"""Measures as table expressions over the lake."""

from datetime import datetime
from typing import cast

import ibis.expr.types as ir

from core.errors import InvalidInput
from lake.queries import Snapshot
from lake.specs import MONEY, ColumnSpec
from measures.models import Measure
from rules.catalog import ID, PROFILES, Attribute
from rules.compiler import Compiler
from rules.language import Related
from rules.related import Rows

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
    values, about = Rows(Compiler(snapshot, now), node(measure), measure.name).values()
    if about.type == MONEY:
        values = values.mutate(value=values["value"].round().cast("int64"))
    return values, about


def of_business(measure: Measure, snapshot: Snapshot, now: datetime) -> tuple[ir.Scalar, Attribute]:
    """The one value over all rows, also those that belong to nobody known."""
    return Rows(Compiler(snapshot, now), node(measure), measure.name, of_everyone=True).total()


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
