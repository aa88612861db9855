"""What can be done with picked rows of the list of relationships."""

from django.utils.translation import ngettext_lazy

from core.bulk import for_each
from core.roles import Actor
from lake.models import Relationship
from lake.relationships import unrelate


def _remove(row: Relationship, *, by: Actor) -> None:
    unrelate(row.from_table, row.from_column, row.to_table, by=by)


remove_many = for_each(
    Relationship, _remove, ngettext_lazy("%(n)d relationship removed.", "%(n)d relationships removed.", "n")
)
