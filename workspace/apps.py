from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import nav


class WorkspaceConfig(AppConfig):
    name = "workspace"
    verbose_name = _("Workspace file")

    def ready(self) -> None:
        item = nav.NavItem(
            _("Workspace file"), "workspace:index", "file-earmark-code", "core.change_workspace", order=40
        )
        nav.add("settings", item)
