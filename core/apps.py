from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = _("Workspace")
    role_permissions = {
        "analyst": {"core.view_workspace", "core.view_auditentry"},
        "marketer": {"core.view_workspace"},
        "sales": {"core.view_workspace"},
        "viewer": {"core.view_workspace"},
    }

    def ready(self) -> None:
        from core.roles import grant_roles

        post_migrate.connect(grant_roles, dispatch_uid="core.grant_roles")
