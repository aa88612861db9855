from django.contrib import admin
from django.http import HttpRequest

from measures.models import Measure, MeasureValue


@admin.register(Measure)
class MeasureAdmin(admin.ModelAdmin[Measure]):
    list_display = ("name", "of", "function", "table", "column", "problem", "updated_at")
    list_filter = ("of", "function")
    search_fields = ("name", "table", "column")
    readonly_fields = ("slug", "problem", "created_at", "updated_at", "created_by", "updated_by")


@admin.register(MeasureValue)
class MeasureValueAdmin(admin.ModelAdmin[MeasureValue]):
    list_display = ("measure", "at", "value", "currency")
    list_select_related = ("measure",)
    list_filter = ("measure",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: MeasureValue | None = None) -> bool:
        return False
