from functools import partial

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import audit_words, home, nav, palette, roles, sections


class MeasuresConfig(AppConfig):
    name = "measures"
    verbose_name = _("Measures")
    role_permissions = {
        roles.ANALYST: roles.crud("measures", "measure") | roles.view("measures", "measurevalue"),
        roles.MARKETER: roles.crud("measures", "measure") | roles.view("measures", "measurevalue"),
        roles.SALES: roles.view("measures", "measure", "measurevalue"),
        roles.VIEWER: roles.view("measures", "measure", "measurevalue"),
    }

    def ready(self) -> None:
        from jobs import housekeeping, stages
        from measures import queries, stage
        from measures.models import MeasureValue
        from measures.words import told
        from measures.workspace import MeasuresSection
        from sources.usage import linked, tables

        stages.register(
            stages.RefreshStage(
                "measures", _("Measures"), stage.run, ["activities"], stage.reads, stage.definition, stage.writes
            )
        )
        sections.register(MeasuresSection())
        audit_words.register_story(["measure.add", "measure.change"], told)
        nav.add(
            "insights", nav.NavItem(_("Measures"), "measures:list", "calculator", "measures.view_measure", order=10)
        )
        palette.register(queries.palette_hits)
        palette.add_action(palette.Action(_("New measure"), "measures:create", "measures.add_measure"))
        home.register_kpis(queries.kpis)
        home.register_todos(queries.todos)
        housekeeping.register(partial(housekeeping.forget_history, MeasureValue, ["measure"], "at"))
        tables.register(queries.uses_of_tables)
        linked.register(queries.uses_of_linked)
