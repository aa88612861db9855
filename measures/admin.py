"""Measures, to look at. They are changed in the product, which checks and calculates them."""

from django.contrib import admin

from core.admin import ReadOnlyAdmin
from measures.models import Measure, MeasureValue


@admin.register(Measure)
class MeasureAdmin(ReadOnlyAdmin):
    list_display = ("name", "of", "function", "table", "column", "problem", "updated_at")
    list_filter = ("of", "function")
    search_fields = ("name", "table", "column")


@admin.register(MeasureValue)
class MeasureValueAdmin(ReadOnlyAdmin):
    list_display = ("measure", "at", "value", "currency")
    list_select_related = ("measure",)
    list_filter = ("measure",)
