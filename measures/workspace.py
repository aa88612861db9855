"""The `measures` section of the workspace file."""

from typing import Any, Literal

from pydantic import Field, model_validator

from core.definitions import Known, Named, stated_slug
from core.sections import ApplyContext, Change, at
from core.shapes import gettext_noop, problem
from measures.models import FUNCTIONS, Measure
from measures.services import save_measure
from rules.language import Group, Within


class MeasureSpec(Named):
    """`{name: Lifetime spend, of: customer, sum: shop.orders.total}`: exactly one function, of a table or its column.

    `latest` is another word for `last`, `earliest` for `first`.
    """

    description: str = ""
    of: Literal["customer", "business"] = "customer"
    count: str | None = None
    sum: str | None = None
    average: str | None = None
    min: str | None = None
    max: str | None = None
    first: str | None = Field(None, alias="earliest")
    last: str | None = Field(None, alias="latest")
    where: Group | None = None
    within: Within | None = None

    model_config = {"extra": "forbid", "populate_by_name": True}

    @model_validator(mode="after")
    def _one_function(self) -> "MeasureSpec":
        named = [name for name in FUNCTIONS if getattr(self, name) is not None]
        if len(named) != 1:
            message = gettext_noop("A measure has exactly one of count, sum, average, min, max, earliest, latest.")
            raise problem(message)
        if len(self._parts(named[0])) < 2 or (named[0] != "count" and len(self._parts(named[0])) < 3):
            raise problem(gettext_noop("Write source.table.column, for a count also source.table."))
        return self

    def _parts(self, function: str) -> list[str]:
        return str(getattr(self, function)).split(".", 2)

    def fields(self) -> dict[str, Any]:
        """The values of the model's fields."""
        function = next(name for name in FUNCTIONS if getattr(self, name) is not None)
        source, table, *column = self._parts(function)
        return {
            "name": self.name,
            "description": self.description,
            "of": self.of,
            "function": function,
            "table": f"{source}.{table}",
            "column": column[0] if column else "",
            "where": self.where.model_dump(mode="json", by_alias=True) if self.where else None,
            "within": self.within.model_dump(mode="json", by_alias=True) if self.within else None,
        }


class MeasuresSection:
    name = "measures"
    order = 40
    spec = list[MeasureSpec]

    def export(self) -> list[dict[str, Any]]:
        return [_written(measure) for measure in Measure.objects.order_by("name", "pk")]

    def apply(self, value: list[MeasureSpec], context: ApplyContext) -> list[Change]:
        known = Known("measures", Measure.objects.all())
        return [change for spec in value for change in _apply(spec, known.find(spec), context)]


def _written(measure: Measure) -> dict[str, Any]:
    words = {"first": "earliest", "last": "latest"}
    what = f"{measure.table}.{measure.column}" if measure.column else measure.table
    written = {"name": measure.name, "of": measure.of, words.get(measure.function, measure.function): what}
    rest = {
        "slug": stated_slug(measure),
        "description": measure.description,
        "where": measure.where,
        "within": measure.within,
    }
    return written | {key: value for key, value in rest.items() if value}


def _apply(spec: MeasureSpec, measure: Measure | None, context: ApplyContext) -> list[Change]:
    fields = spec.fields()
    if measure is None:
        with at(f"measures[{spec.name}]"):
            save_measure(Measure(slug=spec.slug, **fields), by=context.by)
        return [Change("add", f"measures[{spec.name}]")]
    changes = []
    for name, after in fields.items():
        before = getattr(measure, name)
        if before != after:
            changes.append(Change("change", f"measures[{spec.name}].{name}", before, after))
            setattr(measure, name, after)
    if changes:
        save_measure(measure, by=context.by)
    return changes
