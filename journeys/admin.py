"""Journeys in the admin: definitions can be looked up and described; what the run-time writes is read-only."""

from django.contrib import admin

from core.admin import ReadOnlyAdmin
from journeys.models import Enrolment, Journey, JourneyVersion, StepFlow, StepTrouble


@admin.register(Journey)
class JourneyAdmin(ReadOnlyAdmin):
    list_display = ["name", "state", "conversion_activity", "conversion_days", "updated_at", "updated_by"]
    list_filter = ["state"]
    search_fields = ["name", "slug", "description"]
    list_select_related = ["updated_by"]


@admin.register(JourneyVersion)
class JourneyVersionAdmin(ReadOnlyAdmin):
    list_display = ["journey", "number", "published_at", "published_by", "enrolled_at"]
    list_filter = ["published_at"]
    search_fields = ["journey__name", "journey__slug"]
    list_select_related = ["journey", "published_by"]


@admin.register(Enrolment)
class EnrolmentAdmin(ReadOnlyAdmin):
    list_display = ["profile_id", "journey", "state", "step", "entered_at", "arrived_at", "due_at"]
    list_filter = ["state", "journey"]
    search_fields = ["=profile_id"]
    list_select_related = ["journey"]


@admin.register(StepFlow)
class StepFlowAdmin(ReadOnlyAdmin):
    list_display = ["version", "step", "event", "outcome", "people", "reason"]
    list_filter = ["event"]
    search_fields = ["step", "version__journey__name"]
    list_select_related = ["version__journey"]


@admin.register(StepTrouble)
class StepTroubleAdmin(ReadOnlyAdmin):
    list_display = ["version", "step", "message", "tries", "since", "retry_at"]
    search_fields = ["version__journey__name", "step", "message"]
    list_select_related = ["version__journey"]
