"""The administration: rows to look at, however many there are. Only people, groups and periodic tasks change here."""

from typing import Any, cast

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
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


class FirstPages(Paginator[Any]):
    """Counts no further than `MOST` rows: nobody turns two hundred pages, and counting millions takes seconds."""

    MOST = 20_000

    @cached_property
    def count(self) -> int:
        return int(cast("QuerySet[Any]", self.object_list).order_by()[: self.MOST].count())


class ReadOnlyAdmin(ReadOnly, admin.ModelAdmin[Any]):
    """Of a whole table, which may be large: it is neither counted nor sorted, the newest rows come first."""

    show_full_result_count = False
    paginator = FirstPages
    ordering = ["-pk"]


@admin.register(Workspace)
class WorkspaceAdmin(ReadOnlyAdmin):
    list_display = ("company_name", "currency", "default_country", "time_zone")


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ("at", "user", "verb", "kind", "label")
    list_filter = ("at",)
    search_fields = ("label", "target", "verb", "user__username")
    list_select_related = ("user",)


@admin.register(SavedView)
class SavedViewAdmin(ReadOnlyAdmin):
    list_display = ("name", "list", "user")
    list_filter = ("list",)
    search_fields = ("name", "user__username")
    list_select_related = ("user",)
