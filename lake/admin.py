"""The catalog, to look at: publications write it, and people its relationships, on its pages."""

from django.contrib import admin

from core.admin import ReadOnlyAdmin
from lake.models import CatalogVersion, MirrorState, Relationship, TableVersion


@admin.register(CatalogVersion)
class CatalogVersionAdmin(ReadOnlyAdmin):
    list_display = ("pk", "note", "created_at")
    list_filter = ("created_at",)
    search_fields = ("note",)


@admin.register(TableVersion)
class TableVersionAdmin(ReadOnlyAdmin):
    list_display = ("name", "label", "version", "rows", "bytes", "published_at", "is_current")
    list_filter = ("is_current", "published_at")
    search_fields = ("name", "label")


@admin.register(Relationship)
class RelationshipAdmin(ReadOnlyAdmin):
    list_display = ("from_table", "from_column", "to_table", "origin", "created_at")
    list_filter = ("origin",)
    search_fields = ("from_table", "from_column", "to_table")


@admin.register(MirrorState)
class MirrorStateAdmin(ReadOnlyAdmin):
    list_display = ("table", "watermark", "synced_at")
    search_fields = ("table",)
