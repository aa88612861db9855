from functools import partial

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import home, nav, palette, roles, sections

_VIEW = roles.view("segments", "segment", "segmentrun")
_EDIT = _VIEW | roles.crud("segments", "segment") | {"segments.export_segment"}


class SegmentsConfig(AppConfig):
    name = "segments"
    verbose_name = _("Segments")
    role_permissions = {roles.ANALYST: _EDIT, roles.MARKETER: _EDIT, roles.SALES: _VIEW, roles.VIEWER: _VIEW}

    def ready(self) -> None:
        from jobs import housekeeping, stages
        from profiles.config import usage as attribute_usage
        from profiles.customers import panels
        from rules import references
        from segments import queries, usage
        from segments.models import SegmentRun
        from segments.stage import STAGE
        from segments.workspace import SegmentsSection
        from sources.usage import linked

        sections.register(SegmentsSection())
        stages.register(STAGE)
        references.register_segments(queries.references)
        usage.segments.register(queries.uses)
        attribute_usage.attributes.register(queries.uses_of_attributes)
        linked.register(queries.uses_of_tables)
        nav.add("segments", nav.NavItem(_("Segments"), "segments:list", "bullseye", "segments.view_segment", order=10))
        palette.register(queries.palette_hits)
        palette.add_action(palette.Action(_("New segment"), "segments:new", "segments.add_segment"))
        home.register_kpis(queries.kpis)
        home.register_todos(queries.todos)
        home.register_story_step(queries.story_step)
        panels.register(queries.panels)
        housekeeping.register(partial(housekeeping.forget_history, SegmentRun, ["segment"], "at"))
