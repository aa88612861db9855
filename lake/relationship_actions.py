"""What can be done with picked rows of the list of relationships."""

from django.http import HttpRequest
from django.utils.translation import ngettext

from core.roles import actor
from lake.models import Relationship
from lake.relationships import unrelate


def remove_many(request: HttpRequest, ids: list[str]) -> str:
    rows = Relationship.objects.visible_to(request.user).filter(pk__in=[pk for pk in ids if pk.isdecimal()])
    for row in (found := list(rows)):
        unrelate(row.from_table, row.from_column, row.to_table, by=actor(request))
    return ngettext("%d relationship removed.", "%d relationships removed.", len(found)) % len(found)
