"""The admin's view. Profiles are written by unification alone; rules and activities through the services' pages."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from core.admin import ReadOnlyAdmin
from profiles.customers import queries
from profiles.models import (
    ActivityType,
    Decision,
    IdentityEvent,
    Profile,
    ProfileRedirect,
    Trial,
    Unification,
    UnificationRun,
)


@admin.register(Profile)
class ProfileAdmin(ReadOnlyAdmin):
    list_display = ["name", "email", "phone", "id", "updated_at"]
    search_fields = ["id"]
    ordering = ["sort_name", "id"]
    exclude = ["search", "identifiers", "digest"]

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """As on the customers page."""
        if not search_term:
            return queryset, False
        return queryset.filter(pk__in=[p.pk for p in queries.search(search_term, queries.RANKED)]), False


@admin.register(ProfileRedirect)
class ProfileRedirectAdmin(ReadOnlyAdmin):
    list_display = ["old_id", "target", "at"]
    search_fields = ["=old_id", "=target"]
    list_filter = ["at"]


@admin.register(Unification)
class UnificationAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "default_country", "suggest_rules", "updated_at", "updated_by"]


@admin.register(UnificationRun)
class UnificationRunAdmin(ReadOnlyAdmin):
    list_display = ["at", "seconds"]
    list_filter = ["at"]


@admin.register(Trial)
class TrialAdmin(ReadOnlyAdmin):
    list_display = ["at", "by", "is_done", "job"]
    list_filter = ["at"]


@admin.register(ActivityType)
class ActivityTypeAdmin(ReadOnlyAdmin):
    list_display = ["type", "table", "time", "title", "amount"]
    search_fields = ["type", "table", "title"]
    list_filter = ["table"]


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    list_display = ["left_table", "left_id", "right_table", "right_id", "verdict", "origin", "by", "at"]
    search_fields = ["=left_id", "=right_id", "=act"]
    list_filter = ["verdict", "origin", "at"]


@admin.register(IdentityEvent)
class IdentityEventAdmin(ReadOnlyAdmin):
    list_display = ["profile_id", "kind", "other_id", "records", "at"]
    search_fields = ["=profile_id", "=other_id"]
    list_filter = ["kind", "at"]
