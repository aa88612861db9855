from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import audit_words, nav


class WorkspaceConfig(AppConfig):
    name = "workspace"
    verbose_name = _("Workspace file")

    def ready(self) -> None:
        from workspace.words import told

        item = nav.NavItem(
            _("Workspace file"), "workspace:index", "file-earmark-code", "core.change_workspace", order=40
        )
        nav.add("settings", item)
        audit_words.register_detail("changes", told)
