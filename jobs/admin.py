"""Jobs, to look at. They are started, cancelled and retried in the product."""

from django.contrib import admin
from django.http import HttpRequest

from jobs.models import Job, StageRun


class _ReadOnly:
    def has_add_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return False


class StageRunInline(_ReadOnly, admin.TabularInline[StageRun, Job]):
    model = StageRun
    fields = ("name", "state", "rows", "note", "started_at", "finished_at")
    extra = 0


@admin.register(Job)
class JobAdmin(_ReadOnly, admin.ModelAdmin[Job]):
    list_display = ("pk", "kind", "key", "state", "by", "attempts", "created_at", "started_at", "finished_at")
    list_filter = ("state", "kind")
    search_fields = ("kind", "key", "message", "error")
    date_hierarchy = "created_at"
    list_select_related = ("by",)
    inlines = (StageRunInline,)


@admin.register(StageRun)
class StageRunAdmin(_ReadOnly, admin.ModelAdmin[StageRun]):
    list_display = ("job", "name", "state", "rows", "started_at", "finished_at")
    list_filter = ("name", "state")
    search_fields = ("name", "note")
    list_select_related = ("job",)
