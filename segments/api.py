"""Segments over HTTP: the same services as the pages."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import BaseRouter

from core.rest import Pages
from core.rest_bodies import ModelBody
from core.roles import actor
from segments import services
from segments.models import Segment
from segments.rows import MemberRows


class SegmentSerializer(ModelBody[Segment]):
    """`state` changes by the actions publish and unpublish."""

    class Meta:
        model = Segment
        fields = (
            "slug",
            "name",
            "description",
            "rule",
            "state",
            "size",
            "refreshed_at",
            "problem",
            "created_at",
            "updated_at",
        )
        read_only_fields = ("slug", "state", "size", "refreshed_at", "problem", "created_at", "updated_at")
        extra_kwargs = {"rule": {"required": True}}


class MemberSerializer(serializers.Serializer[Any]):
    """`since` is null for drafts."""

    profile_id = serializers.CharField(source="id")
    name = serializers.CharField()
    email = serializers.CharField()
    phone = serializers.CharField()
    since = serializers.DateTimeField(allow_null=True)


class _Members:
    """Rows of a list page as the sequence that the API's pagination expects."""

    def __init__(self, rows: MemberRows) -> None:
        self.rows = rows

    def __len__(self) -> int:
        return self.rows.count()

    def __getitem__(self, part: slice) -> list[Any]:
        return self.rows.slice(part.start or 0, part.stop)


class SegmentViewSet(viewsets.ModelViewSet[Segment]):
    """Segments: rules with a name; live ones keep their members up to date."""

    queryset = Segment.objects.all()
    serializer_class = SegmentSerializer
    lookup_field = "slug"
    filterset_fields = ("state",)
    search_fields = ("name", "description", "slug")
    ordering_fields = ("name", "size", "updated_at", "refreshed_at")

    def get_queryset(self) -> QuerySet[Segment]:
        return Segment.objects.visible_to(self.request.user)

    def perform_create(self, serializer: serializers.BaseSerializer[Segment]) -> None:
        serializer.instance = services.save(by=actor(self.request), **serializer.validated_data)

    def perform_update(self, serializer: serializers.BaseSerializer[Segment]) -> None:
        segment = self.get_object()
        now = {"name": segment.name, "rule": segment.rule, "description": segment.description}
        serializer.instance = services.save(segment=segment, by=actor(self.request), **now | serializer.validated_data)

    def perform_destroy(self, instance: Segment) -> None:
        services.delete(instance, by=actor(self.request))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, slug: str) -> Response:
        """Makes it live."""
        return Response(self.get_serializer(services.publish(self.get_object(), by=actor(request))).data)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def unpublish(self, request: Request, slug: str) -> Response:
        """Makes it a draft; refused while it is used."""
        return Response(self.get_serializer(services.unpublish(self.get_object(), by=actor(request))).data)

    @extend_schema(request=None, responses={201: SegmentSerializer})
    @action(detail=True, methods=["post"])
    def duplicate(self, request: Request, slug: str) -> Response:
        """A draft with the same rule."""
        made = services.duplicate(self.get_object(), by=actor(request))
        return Response(self.get_serializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses=OpenApiTypes.OBJECT)
    @action(detail=True)
    def count(self, request: Request, slug: str) -> Response:
        """How many meet the rule now, of how many."""
        counted = services.count(self.get_object())
        return Response({"total": counted.total, "of_all": counted.of_all, "share": counted.share})

    @extend_schema(
        parameters=[OpenApiParameter("q", OpenApiTypes.STR)], responses=MemberSerializer(many=True), filters=False
    )
    @action(detail=True)
    def members(self, request: Request, slug: str) -> Response:
        """Who is in it: of live segments as of the last refresh."""
        rows = MemberRows.of(self.get_object()).narrow(request.query_params.get("q", ""), (), (), {}, "")
        pages = Pages()
        page: Any = pages.paginate_queryset(_Members(rows), request, view=self)  # type: ignore[arg-type]
        return pages.get_paginated_response(MemberSerializer(page, many=True).data)

    @extend_schema(
        parameters=[OpenApiParameter("profile_id", OpenApiTypes.STR, required=True)], responses=OpenApiTypes.OBJECT
    )
    @action(detail=True)
    def explain(self, request: Request, slug: str) -> Response:
        """Why a customer is in it or not: a verdict for every part of the rule, with the values found."""
        verdict = services.explain(self.get_object(), request.query_params.get("profile_id", ""), by=actor(request))
        return Response({"in": verdict.met, "rule": verdict.as_json()})


def register(router: BaseRouter) -> None:
    """Adds this room's viewsets under `/api/v1/`."""
    router.register("segments", SegmentViewSet, basename="segment")
