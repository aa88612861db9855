import gc
from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

_CATALOG = {"lake.view_tableversion", "lake.view_catalogversion", "lake.view_relationship"}


class LakeConfig(AppConfig):
    name = "lake"
    verbose_name = _("The columnar store and its catalog")
    role_permissions = {
        "analyst": _CATALOG
        | {"lake.add_relationship", "lake.change_relationship", "lake.delete_relationship"}
        | {"lake.view_sensitive", "lake.export_table", "lake.view_mirrorstate"},
        "marketer": _CATALOG,
        "viewer": _CATALOG,
    }

    def ready(self) -> None:
        from celery.signals import worker_process_init
        from django.conf import settings

        from core import audit_words, nav, palette
        from lake import checks as checks  # registers them
        from lake import engine
        from lake.relationships import origin_words
        from lake.search import find

        folder = settings.DATA_DIR / "tmp"
        engine.configure(
            engine.Limits(memory=settings.LAKE_MEMORY_LIMIT, threads=settings.LAKE_THREADS, folder=str(folder)),
            settings.LAKE_ENGINE,
        )
        worker_process_init.connect(_get_ready, weak=False, dispatch_uid="lake.warm_up")
        nav.add("data", nav.NavItem(_("Tables"), "lake:tables", "table", "lake.view_tableversion", 40))
        nav.add(
            "data", nav.NavItem(_("Relationships"), "lake:relationships", "diagram-3", "lake.view_relationship", 50)
        )
        audit_words.register_story(["relationship.add"], origin_words)
        palette.register(find)
        palette.add_action(palette.Action(_("Add relationship"), "lake:relationship_add", "lake.add_relationship"))


def _get_ready(**_kwargs: Any) -> None:
    """Of a worker: opens the engine. What is there by then stays: the garbage collector need not look at it again."""
    from lake import engine

    engine.warm_up()
    gc.collect()
    gc.freeze()
