"""Defining measures and calculating them."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core import audit
from core.errors import InvalidInput, KindredError
from core.roles import Actor, require
from core.usage import InUse
from jobs.registry import Context
from jobs.services import enqueue
from lake.queries import Snapshot, snapshot
from lake.services import stage
from lake.specs import ColumnSpec, TableSpec
from measures import expressions, queries
from measures.models import Measure, MeasureValue
from rules.catalog import PROFILES
from rules.services import moment, refuse_unknown_operators

VALUES_KIND = "measures.values"
FIELDS = ("name", "of", "function", "table", "column", "where", "within", "description")


@dataclass(frozen=True)
class Example:
    """What a measure would give now: `values` of five customers (id, value), or the one value of the business."""

    type: str
    currency: str
    total: Any = None
    values: list[tuple[str, Any]] | None = None


def save_measure(measure: Measure, *, by: Actor) -> Measure:
    """Its values are calculated soon after. Raises InvalidInput for what no data could make right; names that are not
    loaded yet are found out at refresh."""
    require(by, "measures.change_measure" if measure.pk else "measures.add_measure")
    if measure.function != "count" and not measure.column:
        raise InvalidInput(_("Choose what to calculate with."), fields={"column": [_("Choose a column.")]})
    block = expressions.node(measure)
    if block.where is not None:
        refuse_unknown_operators(block.where)
    if measure.slug and not measure.pk and measure.slug in measure.taken_slugs():
        message = _("The short name “%(slug)s” is taken. Choose another.") % {"slug": measure.slug}
        raise InvalidInput(message, place="slug", fields={"slug": [message]})
    verb = "measure.change" if measure.pk else "measure.add"
    measure.updated_by = by
    measure.created_by = measure.created_by or by
    measure.problem = ""
    with transaction.atomic():
        measure.save()
        audit.record(by, verb, measure, **{name: getattr(measure, name) for name in FIELDS})
        if snapshot().has(measure.table):
            enqueue(VALUES_KIND, key=VALUES_KIND, by=by)
    return measure


def delete_measure(measure: Measure, *, by: Actor) -> None:
    """Raises Conflict, with the list, while something uses the measure: messages would go to nobody any more."""
    require(by, "measures.delete_measure")
    if used := queries.uses(measure):
        raise InUse(_("“%(name)s” is used by %(uses)s. Remove it there first."), used, name=measure.name)
    with transaction.atomic():
        audit.record(by, "measure.delete", measure)
        measure.delete()


def preview(measure: Measure, now: datetime | None = None) -> Example:
    """Calculates without saving. Raises InvalidInput where the definition does not fit the data."""
    current, at = snapshot(), now or moment()
    if measure.of == Measure.Of.BUSINESS:
        total, about = expressions.of_business(measure, current, at)
        return Example(about.type, about.currency or "", total=current.scalar(total, timeout=30))
    values, about = expressions.per_customer(measure, current, at)
    five = current.arrow(values.order_by("profile_id"), limit=5, timeout=30).to_pylist()
    pairs = [(row["profile_id"], row["value"]) for row in five]
    return Example(about.type, about.currency or "", values=pairs)


def calculate(context: Context | None = None, now: datetime | None = None) -> int:
    """Calculates every measure and publishes them together; the number of rows written.

    A measure that does not fit the data keeps its problem in words and does not stop the others.
    """
    current, at = snapshot(), now or moment()
    customer, business = [], []
    measures = list(Measure.objects.order_by("slug"))
    for done, measure in enumerate(measures):
        if context is not None:
            context.progress(done, len(measures), measure.name)
        try:
            if measure.of == Measure.Of.BUSINESS:
                scalar, about = expressions.of_business(measure, current, at)
                business.append((measure, current.scalar(scalar), about))
            else:
                customer.append((measure, *expressions.per_customer(measure, current, at)))
            problem = ""
        except KindredError as error:
            problem = str(error)
        if problem != measure.problem:
            Measure.objects.filter(pk=measure.pk).update(problem=problem)
    return _publish(current, customer, business)


def _publish(current: Snapshot, customer: list[Any], business: list[Any]) -> int:
    made = stage()
    rows = 0
    values = [(measure, value, about) for measure, value, about in business]
    if current.has(PROFILES):
        columns = [ColumnSpec("profile_id"), *(expressions.column_spec(m, about) for m, _values, about in customer)]
        spec = TableSpec(
            "measures.customer",
            gettext_noop("Measures of customers"),
            gettext_noop("customer"),
            ["profile_id"],
            columns,
        )
        rows += made.write(spec, expressions.customer_table(customer, current), ["profile_id"]).rows
    spec = TableSpec(
        "measures.business", gettext_noop("Measures of the business"), gettext_noop("measure"), ["measure"]
    )
    rows += made.write(spec, _business_rows(values)).rows
    made.publish("measures")
    _remember(values, [m for m, _values, _about in customer])
    return rows


def _business_rows(values: list[Any]) -> pa.Table:
    at = timezone.now()
    return pa.table(
        {
            "measure": pa.array([measure.slug for measure, _value, _about in values], pa.string()),
            "value": pa.array([_number(value) for _measure, value, _about in values], pa.float64()),
            "text": pa.array([_text(value) or None for _measure, value, _about in values], pa.string()),
            "currency": pa.array([about.currency for _measure, _value, about in values], pa.string()),
            "computed_at": pa.array([at] * len(values), pa.timestamp("us", "UTC")),
        }
    )


def _remember(business: list[Any], customer: list[Measure]) -> None:
    """One row per measure and calculation: what the trend is drawn from. For customers it is the average, of dates the
    latest."""
    at = timezone.now()
    rows = [
        MeasureValue(measure=m, at=at, value=_number(v), text=_text(v), type=about.type, currency=about.currency or "")
        for m, v, about in business
    ]
    MeasureValue.objects.bulk_create(rows + _averages(customer, at))


def _averages(measures: list[Measure], at: datetime) -> list[MeasureValue]:
    """What customers have on average, of dates the latest; of other measures only that they were calculated."""
    current = snapshot()
    if not measures or not current.has("measures.customer"):
        return []
    known = {column.name: column for column in current.info("measures.customer").columns}
    numbers = [m for m in measures if known[m.column_name].type in ("integer", "number", "money")]
    table = current.table("measures.customer")
    means = {m.column_name: expressions.average(table[m.column_name]) for m in numbers}
    times = {m.column_name for m in measures if known[m.column_name].type in ("date", "timestamp")}
    wanted = means | {name: table[name].max() for name in times}
    found = current.arrow(table.aggregate(**wanted)).to_pylist()[0] if wanted else {}
    return [
        MeasureValue(
            measure=m, at=at, value=_number(value), text=_text(value), type=column.type, currency=column.currency
        )
        for m in measures
        for column in [known[m.column_name]]
        for value in [found.get(column.name)]
    ]


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float | Decimal) and not isinstance(value, bool) else None


def _text(value: Any) -> str:
    return "" if value is None or _number(value) is not None else str(value)
