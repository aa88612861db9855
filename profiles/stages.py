"""This room's stages of the refresh."""

from django.utils.translation import gettext_lazy as _

from jobs.stages import RefreshStage, register
from profiles import activities, linking, unifying


def register_all() -> None:
    for name, label, after, module in (
        ("unify", _("Unify customers"), "load", unifying),
        ("link", _("Link records to customers"), "unify", linking),
        ("activities", _("Gather activities"), "link", activities),
    ):
        register(RefreshStage(name, label, module.run, [after], module.reads, module.definition, module.writes))
