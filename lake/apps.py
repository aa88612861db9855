from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LakeConfig(AppConfig):
    name = "lake"
    verbose_name = _("The columnar store and its catalog")
