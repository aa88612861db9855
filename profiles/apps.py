from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import sections

CUSTOMERS = {"profiles.view_profile", "profiles.view_profileredirect"}
SETTINGS = {"profiles.view_unification", "profiles.view_unificationrun", "profiles.view_activitytype"}
EDIT = {f"profiles.{verb}_{model}" for verb in ("add", "change", "delete") for model in ("unification", "activitytype")}


class ProfilesConfig(AppConfig):
    name = "profiles"
    verbose_name = _("Unified profiles")
    role_permissions = {
        "analyst": CUSTOMERS | SETTINGS | EDIT,
        "marketer": CUSTOMERS | SETTINGS,
        "sales": CUSTOMERS,
        "viewer": CUSTOMERS | SETTINGS,
    }

    def ready(self) -> None:
        from profiles import stages, workspace

        stages.register_all()
        sections.register(workspace.UnificationSection())
        sections.register(workspace.ActivitiesSection())
