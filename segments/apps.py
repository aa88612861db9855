from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

_VIEW = {"segments.view_segment", "segments.view_segmentrun"}
_EDIT = _VIEW | {f"segments.{verb}_segment" for verb in ("add", "change", "delete", "export")}


class SegmentsConfig(AppConfig):
    name = "segments"
    verbose_name = _("Segments")
    role_permissions = {"analyst": _EDIT, "marketer": _EDIT, "sales": _VIEW, "viewer": _VIEW}

    def ready(self) -> None:
        from core import sections
        from jobs import stages
        from rules import references
        from segments import queries, usage
        from segments.stage import STAGE
        from segments.workspace import SegmentsSection

        sections.register(SegmentsSection())
        stages.register(STAGE)
        references.register_segments(queries.references)
        usage.register(queries.refers_to)
