"""Jobs, to look at. They are started, cancelled and retried in the product."""

from django.contrib import admin

from core.admin import ReadOnly, ReadOnlyAdmin
from jobs.models import Job, StageRun


class StageRunInline(ReadOnly, admin.TabularInline[StageRun, Job]):
    model = StageRun
    fields = ("name", "state", "rows", "note", "started_at", "finished_at")
    extra = 0


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    list_display = ("pk", "kind", "key", "state", "by", "attempts", "created_at", "started_at", "finished_at")
    list_filter = ("state", "kind", "created_at")
    search_fields = ("kind", "key", "message", "error")
    list_select_related = ("by",)
    inlines = (StageRunInline,)


@admin.register(StageRun)
class StageRunAdmin(ReadOnlyAdmin):
    list_display = ("job", "name", "state", "rows", "started_at", "finished_at")
    list_filter = ("name", "state")
    search_fields = ("name", "note")
    list_select_related = ("job",)
