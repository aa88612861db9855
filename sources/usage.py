"""Where source tables are used, by the names or labels that stand there, and that what is needed stays."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from core.text import label_key
from core.usage import InUse, Use, Uses
from sources.models import SourceTable

tables = Uses()


def uses_of(found: Sequence[SourceTable]) -> list[Use]:
    """Everything that needs any of these tables."""
    wanted = {label_key(name) for table in found for name in (table.full_name, str(table))}
    return [use for use, names in tables if found and wanted & {label_key(name) for name in names}]


def refuse_used(name: str, found: Sequence[SourceTable]) -> None:
    """Raises InUse, with the list, while something needs one of the tables."""
    if uses := uses_of(found):
        raise InUse(
            _("“%(name)s” is needed by %(uses)s. Take it out there first, then remove it here."), uses, name=name
        )
