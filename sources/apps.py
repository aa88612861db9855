from functools import partial

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core.roles import crud, view

EVERYTHING = ("source", "sourcetable", "sourcecolumn", "load")


class SourcesConfig(AppConfig):
    name = "sources"
    verbose_name = _("Data sources and ingestion")
    role_permissions = {
        "analyst": crud("sources", *EVERYTHING) | {"sources.view_quarantine"},
        "marketer": view("sources", *EVERYTHING),
        "sales": view("sources", *EVERYTHING),
        "viewer": view("sources", *EVERYTHING),
    }

    def ready(self) -> None:
        from core import home, nav, palette, sections
        from core.nav import NavItem
        from jobs import housekeeping
        from lake.relationships import register_removal
        from lake.words import register_meanings
        from sources import doors, jobs, relations, uploads, workspace, workspace_relationships
        from sources.models import Load
        from sources.semantics import label

        jobs.register()
        register_meanings(label)
        register_removal(relations.refuse)
        sections.register(workspace.SourcesSection())
        sections.register(workspace_relationships.RelationshipsSection())
        nav.add("data", NavItem(_("Sources"), "sources:list", "database-add", "sources.view_source", 10))
        palette.register(doors.hits)
        palette.add_action(palette.Action(_("Add a source"), "sources:add", "sources.add_source"))
        home.register_todos(doors.todos)
        home.register_kpis(doors.kpis)
        home.register_story_step(doors.story_step)
        housekeeping.register(partial(housekeeping.forget_history, Load, ["table", "state"], "started_at"))
        housekeeping.register(uploads.forget_unused)
