from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CdpSiteConfig(AppConfig):
    name = "cdp_site"
    verbose_name = _("Site")

    def ready(self) -> None:
        from cdp_site import checks

        assert checks.production
