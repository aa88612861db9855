"""Django admin: to look and to search. Changes go through the pages, which check paths and secrets."""

from django.contrib import admin

from core.admin import ReadOnlyAdmin
from sources.models import Load, Source, SourceColumn, SourceTable


@admin.register(Source)
class SourceAdmin(ReadOnlyAdmin):
    list_display = ["name", "label", "connector", "updated_at", "updated_by"]
    list_filter = ["connector"]
    search_fields = ["name", "label"]
    exclude = ["secrets"]


@admin.register(SourceTable)
class SourceTableAdmin(ReadOnlyAdmin):
    list_display = ["name", "source", "state", "active", "rows", "rejected", "loaded_at"]
    list_filter = ["state", "active", "source"]
    list_select_related = ["source"]
    search_fields = ["name", "label", "source__name"]


@admin.register(SourceColumn)
class SourceColumnAdmin(ReadOnlyAdmin):
    list_display = ["name", "table", "type", "semantic", "currency", "is_sensitive", "is_present"]
    list_filter = ["type", "semantic", "is_sensitive"]
    list_select_related = ["table"]
    search_fields = ["name", "label", "table__name"]


@admin.register(Load)
class LoadAdmin(ReadOnlyAdmin):
    list_display = ["started_at", "table", "state", "rows_read", "rows_loaded", "rows_rejected", "finished_at"]
    list_filter = ["state", "started_at"]
    list_select_related = ["table"]
    search_fields = ["table__name", "table__source__name", "message"]
