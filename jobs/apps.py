from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

_VIEW = {"jobs.view_job", "jobs.view_stagerun"}


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
        from jobs import refresh  # registers its kind of work

        assert refresh.KIND
