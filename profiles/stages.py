"""This room's stages of the refresh. Their modules are imported when a refresh asks for them."""

from collections.abc import Callable
from typing import Any

from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from jobs.stages import RefreshStage, register


def register_all() -> None:
    for name, label, after, module in (
        ("unify", _("Unify customers"), "load", "profiles.running.stage"),
        ("link", _("Link records to customers"), "unify", "profiles.activities.linking"),
        ("activities", _("Gather activities"), "link", "profiles.activities.stage"),
    ):
        run, reads, definition, writes = (_later(f"{module}.{part}") for part in _PARTS)
        register(RefreshStage(name, label, run, [after], reads, definition, writes))


_PARTS = ("run", "reads", "definition", "writes")


def _later(path: str) -> Callable[..., Any]:
    def call(*args: Any) -> Any:
        return import_string(path)(*args)

    return call
