"""Segments, to look at. They and their members change in the product, which refreshes and audits."""

from django.contrib import admin

from core.admin import ReadOnlyAdmin
from segments.models import Segment, SegmentRun


@admin.register(Segment)
class SegmentAdmin(ReadOnlyAdmin):
    list_display = ("name", "slug", "state", "size", "refreshed_at", "problem", "updated_at")
    list_filter = ("state",)
    search_fields = ("name", "slug", "description")


@admin.register(SegmentRun)
class SegmentRunAdmin(ReadOnlyAdmin):
    list_display = ("segment", "at", "size", "of_all", "joined", "left")
    list_select_related = ("segment",)
    list_filter = ("at", "segment")
    search_fields = ("segment__name", "segment__slug")
