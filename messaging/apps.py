from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from core import home, nav, palette, roles, sections

DELIVER_SECONDS = 5  # how often the clock looks for due messages; a journey's own are sent at once
_ALL = ("emailtemplate", "templateversion", "message", "trackedlink", "interaction", "consent", "suppression")


class MessagingConfig(AppConfig):
    name = "messaging"
    verbose_name = _("Messages, delivery and consent")
    role_permissions = {
        roles.MARKETER: roles.crud("messaging", "emailtemplate", "suppression")
        | roles.view("messaging", *_ALL)
        | {"messaging.change_message", "messaging.add_consent", "messaging.change_consent"},
        roles.ANALYST: roles.view("messaging", *_ALL),
        roles.SALES: roles.view("messaging", *_ALL),
        roles.VIEWER: roles.view("messaging", *_ALL),
    }

    def ready(self) -> None:
        from anymail.signals import tracking

        from messaging import mirrors, provider, queries, tasks, timeline
        from messaging.workspace import TemplatesSection
        from profiles.config import usage
        from profiles.customers import panels
        from profiles.customers import timeline as customer

        assert tasks.deliver  # importing it registers its kind of work
        mirrors.register_all()
        tracking.connect(provider.on_event, dispatch_uid="messaging.provider")
        sections.register(TemplatesSection())
        permission = "messaging.view_message"
        nav.add(
            "journeys",
            nav.NavItem(_("Messages"), "messaging:list", "envelope", "messaging.view_emailtemplate", order=20),
        )
        nav.add("journeys", nav.NavItem(_("Consent"), "messaging:consent", "hand-thumbs-up", permission, order=30))
        nav.add("journeys", nav.NavItem(_("Delivery"), "messaging:delivery", "send", permission, order=40))
        palette.register(queries.palette_hits)
        palette.add_action(palette.Action(_("New e-mail"), "messaging:template_create", "messaging.add_emailtemplate"))
        home.register_todos(queries.todos)
        panels.register(queries.profile_panels)
        customer.register(timeline.activities)
        usage.attributes.register(queries.uses_of_attributes)
        post_migrate.connect(_periodic, sender=self, dispatch_uid="messaging.periodic")


def _periodic(**kwargs: Any) -> None:
    from jobs import schedule

    schedule.ensure("Send messages", "messaging.tasks.deliver", DELIVER_SECONDS)
