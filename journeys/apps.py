from django.apps import AppConfig
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
