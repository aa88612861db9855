from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core.roles import crud, view

_ALL = ("emailtemplate", "templateversion", "message", "trackedlink", "interaction", "consent", "suppression")


class MessagingConfig(AppConfig):
    name = "messaging"
    verbose_name = _("Messages, delivery and consent")
    role_permissions = {
        "marketer": crud("messaging", "emailtemplate", "suppression")
        | view("messaging", *_ALL)
        | {"messaging.change_message", "messaging.add_consent", "messaging.change_consent"},
        "analyst": view("messaging", *_ALL),
        "sales": view("messaging", *_ALL),
        "viewer": view("messaging", *_ALL),
    }
