"""Named reads of sources, tables and loads."""

from django.contrib.auth.models import User
from django.db.models import Count, Min, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from sources.models import Load, Source, SourceColumn, SourceTable


def with_freshness(sources: QuerySet[Source]) -> QuerySet[Source]:
    """Sources with `tables_count`, `rows`, `rejected`, `failed`, `waiting` (never loaded), `loaded_at` (oldest)."""
    active = Q(tables__active=True)
    return sources.annotate(
        tables_count=Count("tables", filter=active),
        rows=Coalesce(Sum("tables__rows", filter=active), 0),
        rejected=Coalesce(Sum("tables__rejected", filter=active), 0),
        failed=Count("tables", filter=active & Q(tables__state=SourceTable.State.FAILED)),
        waiting=Count("tables", filter=active & Q(tables__state=SourceTable.State.NEW)),
        loaded_at=Min("tables__loaded_at", filter=active),
    )


def tables_of(source: Source) -> QuerySet[SourceTable]:
    return source.tables.select_related("source").order_by("pk")


def visible_tables(user: User) -> QuerySet[SourceTable]:
    return SourceTable.objects.visible_to(user).select_related("source")


def newest_load(table: SourceTable) -> Load | None:
    return table.loads.first()


def identifiers_in_use() -> list[str]:
    """The identifiers that columns of any source have: `id.shop_customer`."""
    used = SourceColumn.objects.filter(semantic__startswith="id.").order_by("semantic")
    return list(used.values_list("semantic", flat=True).distinct())
