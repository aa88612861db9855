from django.contrib import admin
from django.http import HttpRequest

from segments.models import Segment, SegmentRun


@admin.register(Segment)
class SegmentAdmin(admin.ModelAdmin[Segment]):
    """State and members change through the product, which refreshes and audits."""

    list_display = ("name", "slug", "state", "size", "refreshed_at", "problem", "updated_at")
    list_filter = ("state",)
    search_fields = ("name", "slug", "description")
    readonly_fields = (
        "slug", "rule", "state", "size", "refreshed_at", "problem",
        "created_at", "updated_at", "created_by", "updated_by",
    )  # fmt: skip

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Segment | None = None) -> bool:
        return False


@admin.register(SegmentRun)
class SegmentRunAdmin(admin.ModelAdmin[SegmentRun]):
    list_display = ("segment", "at", "size", "of_all", "joined", "left")
    list_select_related = ("segment",)
    list_filter = ("segment",)
    search_fields = ("segment__name", "segment__slug")
    date_hierarchy = "at"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: SegmentRun | None = None) -> bool:
        return False
