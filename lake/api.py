"""`/api/v1/tables/` and `/api/v1/relationships/`."""

from typing import Any, cast

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import BaseRouter

from core import audit
from core.csv_files import csv_response
from core.rest_bodies import ModelBody
from core.roles import actor, require
from core.text import whole
from lake import export
from lake.models import Relationship, TableVersion
from lake.queries import snapshot
from lake.relationships import relate, unrelate
from lake.words import full_title

MOST_ROWS = 1_000


class LakeColumnSerializer(serializers.Serializer[Any]):
    """`stats` are empty for sensitive columns that the caller may not see."""

    name = serializers.CharField()
    type = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    semantic = serializers.CharField()
    currency = serializers.CharField()
    sensitive = serializers.BooleanField()
    stats = serializers.DictField(allow_null=True)


class LakeTableSerializer(serializers.ModelSerializer[TableVersion]):
    size = serializers.IntegerField(source="bytes")

    class Meta:
        model = TableVersion
        fields = ("name", "label", "grain", "key", "version", "rows", "size", "sorted_by", "published_at")


class LakeTableDetailSerializer(LakeTableSerializer):
    columns = serializers.SerializerMethodField()

    class Meta(LakeTableSerializer.Meta):
        fields = (*LakeTableSerializer.Meta.fields, "columns")  # type: ignore[assignment]

    @extend_schema(responses=LakeColumnSerializer(many=True))
    def get_columns(self, row: TableVersion) -> list[dict[str, Any]]:
        user = cast(User, self.context["request"].user)
        sees_all = user.has_perm("lake.view_sensitive")
        return [{**c, "stats": c["stats"] if sees_all or not c["sensitive"] else None} for c in row.columns]


class TableViewSet(viewsets.ReadOnlyModelViewSet[TableVersion]):
    """The tables of the newest publication, found by name."""

    queryset = TableVersion.objects.filter(is_current=True)
    serializer_class = LakeTableSerializer
    lookup_field = "name"
    lookup_value_regex = "[^/]+"
    search_fields = ("name", "label")
    ordering_fields = ("name", "rows", "published_at")

    def get_queryset(self) -> QuerySet[TableVersion]:
        return TableVersion.objects.visible_to(self.request.user).filter(is_current=True)

    def get_serializer_class(self) -> type[LakeTableSerializer]:
        return LakeTableDetailSerializer if self.action == "retrieve" else LakeTableSerializer

    @extend_schema(
        parameters=[OpenApiParameter("limit", OpenApiTypes.INT, description="at most 1,000, 50 by default")],
        responses={200: OpenApiTypes.OBJECT},
        filters=False,
    )
    @action(detail=True, pagination_class=None)
    def rows(self, request: Request, name: str) -> Response:
        """The first rows. Money is in major units; sensitive values are null for those who may not see them."""
        limit = min(whole(request.query_params.get("limit"), 50), MOST_ROWS)
        return Response({"rows": export.api_rows(snapshot(), self.get_object().name, actor(request), limit)})

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.BINARY}, filters=False)
    @action(detail=True, pagination_class=None)
    def export(self, request: Request, name: str) -> StreamingHttpResponse:
        """The whole table as CSV, streamed."""
        require(actor(request), "lake.export_table")
        row = self.get_object()
        audit.exported(actor(request), "table.export", full_title(row))
        lines = export.csv_lines(snapshot(), row.name, actor(request))
        return csv_response(row.name, lines)


class RelationshipSerializer(ModelBody[Relationship]):
    class Meta:
        model = Relationship
        fields = ("id", "from_table", "from_column", "to_table", "origin", "created_at")
        read_only_fields = ("id", "origin", "created_at")
        validators: list[Any] = []  # stating one that is there is no error


class RelationshipViewSet(
    mixins.CreateModelMixin,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.DestroyModelMixin,
    viewsets.GenericViewSet[Relationship],
):
    """Rows of `from_table` belong to the row of `to_table` whose key is in `from_column`."""

    queryset = Relationship.objects.all()
    serializer_class = RelationshipSerializer
    filterset_fields = ("from_table", "to_table", "origin")
    search_fields = ("from_table", "from_column", "to_table")

    def get_queryset(self) -> QuerySet[Relationship]:
        return Relationship.objects.visible_to(self.request.user)

    def perform_create(self, serializer: serializers.BaseSerializer[Relationship]) -> None:
        serializer.instance = relate(**serializer.validated_data, by=actor(self.request))

    def perform_destroy(self, instance: Relationship) -> None:
        unrelate(instance.from_table, instance.from_column, instance.to_table, by=actor(self.request))


def register(router: BaseRouter) -> None:
    """Adds this room's viewsets under `/api/v1/`."""
    router.register("tables", TableViewSet, basename="table")
    router.register("relationships", RelationshipViewSet, basename="relationship")
