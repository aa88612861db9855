"""The section `relationships` of the workspace file."""

from typing import Any, ClassVar

from django.utils.translation import gettext as _
from pydantic import Field

from core.errors import InvalidInput
from core.sections import ApplyContext, Change, Strict, at
from lake import relationships
from lake.models import Relationship
from lake.queries import near
from lake.specs import CUSTOMERS
from sources.models import SourceTable


class RelationshipEntry(Strict):
    """`from` is `source.table.column`; its values are keys of the table `to`. `to: unified.profiles`: they are e-mail
    addresses, phone numbers or ids of customers, by the column's meaning; without one of these, customer ids."""

    from_: str = Field(alias="from")
    to: str

    model_config = {"extra": "forbid", "populate_by_name": True}


class RelationshipsSection:
    name = "relationships"
    order = 20
    spec: ClassVar[Any] = list[RelationshipEntry]

    def export(self) -> list[RelationshipEntry]:
        rows = Relationship.objects.order_by("from_table", "from_column")
        return [
            RelationshipEntry.model_validate({"from": f"{r.from_table}.{r.from_column}", "to": r.to_table})
            for r in rows
        ]

    def apply(self, value: list[RelationshipEntry], context: ApplyContext) -> list[Change]:
        changes: list[Change] = []
        for entry in value:
            parts = entry.from_.split(".", 2)
            if len(parts) != 3 or entry.to.count(".") != 1:
                message = _("Write relationships as from: source.table.column, to: source.table.")
                raise InvalidInput(message, place=f"relationships[{entry.from_}]")
            from_table, column = ".".join(parts[:2]), parts[2]
            here = Relationship.objects.filter(from_table=from_table, from_column=column, to_table=entry.to).first()
            if here is None:
                changes.append(Change("add", f"relationships[{entry.from_}]", None, entry.to))
            if here is None or here.origin != Relationship.Origin.DECLARED:
                _check_known(from_table, entry)
                if entry.to != CUSTOMERS:
                    _check_known(entry.to, entry)
                with at(f"relationships[{entry.from_}]"):
                    relationships.relate(from_table, column, entry.to, by=context.by)
        return changes


def _check_known(name: str, entry: RelationshipEntry) -> None:
    names = [table.full_name for table in SourceTable.objects.select_related("source")]
    if name not in names:
        alike = ", ".join(near(name, names)) or ", ".join(names[:8]) or "–"
        message = _("There is no source table “%(name)s”. Did you mean %(alike)s?")
        raise InvalidInput(message % {"name": name, "alike": alike}, place=f"relationships[{entry.from_}]")
