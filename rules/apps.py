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

    def ready(self) -> None:
        from core import audit_words
        from rules.language import Within
        from rules.words import describe, window

        audit_words.register_detail("rule", describe)
        audit_words.register_detail("within", lambda value: window(Within.model_validate(value)))
