from pathlib import Path
from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import BaseRouter

from core.rest_bodies import refuse_unknown
from core.roles import actor, require
from core.sections import ApplyContext, Change
from workspace import services
from workspace.document import Document, parse

FILE = inline_serializer("WorkspaceFile", {"text": serializers.CharField(help_text="The file's YAML")})
CHANGES = inline_serializer(
    "WorkspaceChange",
    {
        "action": serializers.ChoiceField(["add", "change", "remove"]),
        "path": serializers.CharField(),
        "before": serializers.JSONField(),
        "after": serializers.JSONField(),
    },
    many=True,
)


class WorkspaceViewSet(viewsets.ViewSet):
    """The workspace file: read it, compare it, apply it. Services check the permission."""

    permission_classes = [IsAuthenticated]

    @extend_schema(responses={200: FILE})
    def list(self, request: Request) -> Response:
        return Response({"text": services.export(actor(request))})

    @extend_schema(request=FILE, responses={200: CHANGES})
    @action(detail=False, methods=["post"])
    def diff(self, request: Request) -> Response:
        return Response(_rows(services.diff(_document(request), _context(request))))

    @extend_schema(request=FILE, responses={200: CHANGES})
    @action(detail=False, methods=["post"])
    def apply(self, request: Request) -> Response:
        return Response(_rows(services.apply(_document(request), _context(request))))


def _document(request: Request) -> Document:
    """Nothing is read for who may not apply it."""
    require(actor(request), services.PERMISSION)
    refuse_unknown(request.data, ["text"])
    return parse(str(request.data.get("text", "")) if isinstance(request.data, dict) else "")


def _context(request: Request) -> ApplyContext:
    return ApplyContext(folder=Path(settings.DATA_DIR), by=actor(request))


def _rows(changes: list[Change]) -> list[dict[str, Any]]:
    return [{"action": c.action, "path": c.path, "before": c.before, "after": c.after} for c in changes]


def register(router: BaseRouter) -> None:
    """Adds this room's viewsets under `/api/v1/`."""
    router.register("workspace", WorkspaceViewSet, basename="workspace")
