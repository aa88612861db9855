from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.models import AuditEntry, SavedView, Workspace

admin.site.site_header = _("Kindred administration")
admin.site.site_title = _("Kindred")
admin.site.index_title = _("Rows behind the product")


class ReadOnly:
    """Rows to look at: the product's services alone write them, with their checks and audit."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyAdmin(ReadOnly, admin.ModelAdmin[Any]):
    """Of a whole table, which may be large: its rows are not counted."""

    show_full_result_count = False


@admin.register(Workspace)
class WorkspaceAdmin(admin.ModelAdmin[Workspace]):
    list_display = ("company_name", "currency", "default_country", "time_zone")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Workspace | None = None) -> bool:
        return False


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    """Read-only: a trail that can be edited proves nothing."""

    list_display = ("at", "user", "verb", "kind", "label")
    list_filter = ("verb", "kind")
    search_fields = ("label", "target", "verb", "user__username")
    date_hierarchy = "at"
    list_select_related = ("user",)


@admin.register(SavedView)
class SavedViewAdmin(admin.ModelAdmin[SavedView]):
    list_display = ("name", "list", "user")
    list_filter = ("list",)
    search_fields = ("name", "user__username")
    list_select_related = ("user",)
