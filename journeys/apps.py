from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from core.roles import crud, view

_MODELS = ("journey", "journeyversion", "enrolment", "stepflow", "steptrouble")


class JourneysConfig(AppConfig):
    name = "journeys"
    verbose_name = _("Journeys")
    role_permissions = {
        "marketer": crud("journeys", "journey") | view("journeys", *_MODELS) | {"journeys.publish_journey"},
        "analyst": view("journeys", *_MODELS),
        "sales": view("journeys", *_MODELS),
        "viewer": view("journeys", *_MODELS),
    }

    def ready(self) -> None:
        from journeys import hooks

        hooks.register()
        post_migrate.connect(_walk_every_few_seconds, sender=self, dispatch_uid="journeys.schedule")


def _walk_every_few_seconds(**kwargs: Any) -> None:
    from jobs import schedule
    from journeys.tasks import EVERY_SECONDS, TASK

    schedule.ensure("Walk journeys", TASK, EVERY_SECONDS)
