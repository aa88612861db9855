"""The ledger, what follows from it, and e-mails, to look at."""

from django.contrib import admin

from core.admin import ReadOnlyAdmin
from messaging.models import (
    Consent,
    EmailTemplate,
    Interaction,
    Message,
    Suppression,
    TemplateVersion,
    TrackedLink,
)


@admin.register(EmailTemplate)
class EmailTemplateAdmin(ReadOnlyAdmin):
    list_display = ("name", "subject", "purpose", "format", "updated_at", "updated_by")
    list_filter = ("purpose", "format")
    search_fields = ("name", "subject")
    list_select_related = ("updated_by",)


@admin.register(TemplateVersion)
class TemplateVersionAdmin(ReadOnlyAdmin):
    list_display = ("template", "number", "subject", "created_at", "created_by")
    search_fields = ("template__name", "subject")


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    list_display = ("id", "address", "template_version", "journey_key", "step_key", "state", "reason", "settled_at")
    list_filter = ("state", "reason", "is_test")
    search_fields = ("=address", "=profile_id", "=cause")
    list_select_related = ("template_version__template",)


@admin.register(Interaction)
class InteractionAdmin(ReadOnlyAdmin):
    list_display = ("at", "kind", "message", "link", "client", "is_machine")
    list_filter = ("kind", "is_machine")
    search_fields = ("=message__address",)
    list_select_related = ("message", "link")


@admin.register(TrackedLink)
class TrackedLinkAdmin(ReadOnlyAdmin):
    list_display = ("url", "template_version", "position")
    search_fields = ("url",)


@admin.register(Consent)
class ConsentAdmin(ReadOnlyAdmin):
    list_display = ("address", "purpose", "state", "source", "at", "by")
    list_filter = ("purpose", "state")
    search_fields = ("=address",)


@admin.register(Suppression)
class SuppressionAdmin(ReadOnlyAdmin):
    list_display = ("address", "reason", "purpose", "at", "by")
    list_filter = ("reason",)
    search_fields = ("=address",)
