from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

_VIEW = {"jobs.view_job", "jobs.view_stagerun"}
SWEEP_SECONDS = 30
DAY_SECONDS = 86_400


class JobsConfig(AppConfig):
    name = "jobs"
    verbose_name = _("Background work")
    role_permissions = {
        "analyst": _VIEW | {"jobs.change_job", "jobs.refresh", "jobs.change_schedule"},
        "marketer": _VIEW | {"jobs.refresh"},
        "sales": {"jobs.view_job"},
        "viewer": _VIEW,
    }

    def ready(self) -> None:
        from core import home, nav, palette
        from core.sessions import SessionStore
        from jobs import housekeeping, refresh, services
        from jobs.home import failed_refresh, palette_hits
        from lake.services import clean

        assert refresh.KIND  # importing it registers its kind of work
        nav.add("settings", nav.NavItem(_("Running work"), "jobs:list", "activity", "jobs.view_job", 30))
        nav.add("settings", nav.NavItem(_("Schedule"), "jobs:schedule", "alarm", "jobs.view_job", 40))
        home.register_todos(failed_refresh)
        palette.register(palette_hits)
        for forget in (clean, services.forget_old, SessionStore.clear_expired, housekeeping.forget_temporary_files):
            housekeeping.register(forget)
        post_migrate.connect(_periodic, sender=self, dispatch_uid="jobs.periodic")


def _periodic(**kwargs: Any) -> None:
    from jobs import schedule

    schedule.ensure("Sweep", "jobs.sweep", SWEEP_SECONDS)
    schedule.ensure("Housekeeping", "jobs.housekeeping", DAY_SECONDS)
