"""Where source tables are used, by the names or labels that stand there, and that what is needed stays."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from core.text import label_key
from core.usage import InUse, Use, Uses
from lake.models import Relationship
from lake.relationships import Step
from lake.relationships import uses_of as uses_of_relationship
from sources.models import SourceTable

tables = Uses()
linked = Uses()
"""What needs rows of tables as rows of customers: without a way to customers, they are of no use there."""


def uses_of(found: Sequence[SourceTable]) -> list[Use]:
    """Everything that needs any of these tables, or reaches customers through them."""
    names = [table.full_name for table in found]
    through = Relationship.objects.filter(to_table__in=names).exclude(from_table__in=names)
    steps = [Step(*row) for row in through.values_list("from_table", "from_column", "to_table")]
    uses = [*_speaking(tables, found), *_speaking(linked, found)]
    return list(dict.fromkeys([*uses, *(use for step in steps for use in uses_of_relationship(step))]))


def uses_of_linked(names: Iterable[str]) -> list[Use]:
    """Everything that needs the rows of any of these tables as rows of customers."""
    wanted = set(names)
    rows = SourceTable.objects.select_related("source") if wanted else []
    return _speaking(linked, [table for table in rows if table.full_name in wanted])


def _speaking(uses: Uses, found: Sequence[SourceTable]) -> list[Use]:
    wanted = {label_key(name) for table in found for name in (table.full_name, str(table))}
    return [use for use, names in uses if wanted & {label_key(name) for name in names}] if wanted else []


def refuse_used(name: str, found: Sequence[SourceTable]) -> None:
    """Raises InUse, with the list, while something needs one of the tables."""
    if uses := uses_of(found):
        raise InUse(
            _("“%(name)s” is needed by %(uses)s. Take it out there first, then remove it here."), uses, name=name
        )
