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
        from core import home, nav, palette, sections
        from core.roles import grant_roles
        from core.settings_services import story_step
        from core.workspace import WorkspaceSection

        nav.add("settings", nav.NavItem(_("People and roles"), "core:people", "person-gear", "auth.view_user", 10))
        nav.add("settings", nav.NavItem(_("Workspace"), "core:workspace", "building", "core.view_workspace", 20))
        nav.add("settings", nav.NavItem(_("Audit"), "core:audit", "clock-history", "core.view_auditentry", 80))
        nav.add("settings", nav.NavItem(_("API"), "core:tokens", "code-slash", "", 90))
        palette.add_action(palette.Action(_("Add person"), "core:person_add", "auth.add_user"))
        sections.register(WorkspaceSection())
        home.register_story_step(story_step)
        post_migrate.connect(grant_roles, dispatch_uid="core.grant_roles")
