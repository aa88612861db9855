from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import home, nav, palette, sections

CUSTOMERS = {"profiles.view_profile", "profiles.view_profileredirect", "profiles.view_identityevent"}
SETTINGS = {
    f"profiles.view_{model}" for model in ("unification", "unificationrun", "trial", "activitytype", "decision")
}
TRY = {f"profiles.{verb}_trial" for verb in ("add", "change", "delete")}
DECIDE = {f"profiles.{verb}_decision" for verb in ("add", "change", "delete")}
EDIT = {f"profiles.{verb}_{model}" for verb in ("add", "change", "delete") for model in ("unification", "activitytype")}


class ProfilesConfig(AppConfig):
    name = "profiles"
    verbose_name = _("Unified profiles")
    role_permissions = {
        "analyst": CUSTOMERS | SETTINGS | EDIT | TRY | DECIDE,
        "marketer": CUSTOMERS | SETTINGS,
        "sales": CUSTOMERS,
        "viewer": CUSTOMERS | SETTINGS,
    }

    def ready(self) -> None:
        from jobs import housekeeping
        from lake import relationships
        from profiles import home as shown
        from profiles import stages, workspace
        from profiles.activities import linking
        from profiles.config import usage
        from profiles.customers import groups, history_timeline, panels, timeline
        from profiles.trials import job as trial_job
        from profiles.trials import services as trials
        from sources.usage import linked, tables

        stages.register_all()
        assert trial_job.KIND  # importing it registers its kind of work
        sections.register(workspace.UnificationSection())
        sections.register(workspace.ActivitiesSection())
        nav.add("customers", nav.NavItem(_("Customers"), "profiles:list", "people", "profiles.view_profile", order=10))
        nav.add("data", nav.NavItem(_("Unify"), "profiles:unify", "fingerprint", "profiles.view_unification", order=20))
        nav.add(
            "data",
            nav.NavItem(
                _("Activities"), "profiles:activities", "calendar-event", "profiles.view_activitytype", order=50
            ),
        )
        timeline.register(history_timeline.provider)
        panels.register(groups.panels)
        palette.register(shown.hits)
        palette.add_action(palette.Action(_("Add activity"), "profiles:activity_create", "profiles.add_activitytype"))
        home.register_kpis(shown.kpis)
        home.register_todos(shown.todos)
        home.register_story_step(shown.story)
        housekeeping.register(trials.forget_old)
        tables.register(usage.uses_of_tables)
        linked.register(usage.uses_of_linked)
        relationships.register_needs(linking.uses_of)
