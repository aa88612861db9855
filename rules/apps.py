from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RulesConfig(AppConfig):
    name = "rules"
    verbose_name = _("The rule language")
    role_permissions = {
        "analyst": {"rules.use"},
        "marketer": {"rules.use"},
        "sales": set(),
        "viewer": set(),
    }
