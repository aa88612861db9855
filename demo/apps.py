from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class DemoConfig(AppConfig):
    name = "demo"
    verbose_name = _("The demo workspace")

    def ready(self) -> None:
        from core import nav

        if settings.USES_SINK:
            nav.add("settings", nav.NavItem(_("Demo mailbox"), "demo:mails", "mailbox", "core.view_workspace", 90))
