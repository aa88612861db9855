"""Sources under `/api/v1/`: sources, source-tables, loads. Secrets can be written and are never read back."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import BaseRouter

from core.errors import InvalidInput
from core.rest_bodies import ModelBody
from core.roles import actor, require
from core.text import whole
from lake.queries import snapshot
from sources import queries, services, uploads
from sources.models import Load, Source, SourceColumn, SourceTable
from sources.preview import preview

QUARANTINE_PAGE = 1_000


class SourceSerializer(ModelBody[Source]):
    config = serializers.DictField(required=False)
    secrets = serializers.DictField(write_only=True, required=False, help_text="url, password or storage_options")

    class Meta:
        model = Source
        fields = ["id", "name", "slug", "connector", "label", "config", "secrets", "created_at", "updated_at"]
        read_only_fields = ["slug", "created_at", "updated_at"]


class ColumnSerializer(serializers.ModelSerializer[SourceColumn]):
    class Meta:
        model = SourceColumn
        fields = [
            "name",
            "type",
            "semantic",
            "currency",
            "format",
            "label",
            "is_sensitive",
            "is_present",
            "stated",
            "reason",
        ]
        read_only_fields = fields


class TableSerializer(ModelBody[SourceTable]):
    """`columns` in a request states `{name: {type, semantic, currency, format, label, sensitive}}`."""

    source = serializers.SlugRelatedField(slug_field="slug", queryset=Source.objects.all())  # type: ignore[assignment]
    full_name = serializers.CharField(read_only=True)
    key = serializers.ListField(child=serializers.CharField(), required=False)
    config = serializers.DictField()
    columns = serializers.DictField(child=serializers.DictField(), write_only=True, required=False)

    class Meta:
        model = SourceTable
        fields = [
            "id",
            "source",
            "name",
            "full_name",
            "label",
            "config",
            "key",
            "active",
            "state",
            "problem",
            "rows",
            "rejected",
            "loaded_at",
            "columns",
        ]
        read_only_fields = ["state", "problem", "rows", "rejected", "loaded_at"]
        validators: list[Any] = []


class LoadSerializer(serializers.ModelSerializer[Load]):
    table = serializers.CharField(source="table.full_name", read_only=True)

    class Meta:
        model = Load
        fields = [
            "id",
            "table",
            "state",
            "rows_read",
            "rows_loaded",
            "rows_rejected",
            "bytes",
            "started_at",
            "finished_at",
            "message",
            "place",
            "notes",
            "reasons",
        ]


class UploadSerializer(serializers.Serializer[Any]):
    file = serializers.FileField(write_only=True)
    path = serializers.CharField(read_only=True)


class SourceViewSet(viewsets.ModelViewSet[Source]):
    serializer_class = SourceSerializer
    queryset = Source.objects.all()
    lookup_field = "slug"
    search_fields = ["name", "label"]
    filterset_fields = ["connector"]
    http_method_names = ["get", "post", "patch", "delete", "head", "options"]

    def get_queryset(self) -> QuerySet[Source]:
        return Source.objects.visible_to(self.request.user)

    def perform_create(self, serializer: serializers.BaseSerializer[Source]) -> None:
        serializer.instance = services.create_source(**serializer.validated_data, by=actor(self.request))

    def perform_update(self, serializer: serializers.BaseSerializer[Source]) -> None:
        assert serializer.instance is not None
        data = {
            name: value for name, value in serializer.validated_data.items() if name in ("label", "config", "secrets")
        }
        serializer.instance = services.save_source(serializer.instance, **data, by=actor(self.request))

    def perform_destroy(self, instance: Source) -> None:
        services.remove_source(instance, by=actor(self.request))

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def test(self, request: Request, slug: str) -> Response:
        """Whether the source can be reached."""
        require(actor(request), "sources.change_source")
        services.test_source(self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request={"multipart/form-data": UploadSerializer}, responses={201: UploadSerializer})
    @action(detail=False, methods=["post"], parser_classes=[MultiPartParser])
    def upload(self, request: Request) -> Response:
        """Keeps a file on the server; `path` is what a table's config names."""
        file = request.FILES.get("file")
        if file is None:
            raise InvalidInput("Send a file in the field “file”.", place="file")
        path = uploads.store_upload(file, by=actor(request))
        return Response({"path": str(path)}, status=status.HTTP_201_CREATED)

    @extend_schema(request=OpenApiTypes.OBJECT, responses=OpenApiTypes.OBJECT)
    @action(detail=True, methods=["post"])
    def preview(self, request: Request, slug: str) -> Response:
        """The first rows of a table with this config, with inferred types, meanings and key. Nothing is stored."""
        seen = preview(self.get_object(), dict(_mapping(request.data)), by=actor(request))
        columns = [
            {
                "name": c.name,
                "type": c.plan.type,
                "format": c.plan.format,
                "currency": c.plan.currency,
                "semantic": c.semantic,
                "reason": c.reason,
            }
            for c in seen.layout.columns
        ]
        return Response({"columns": columns, "key": seen.layout.key, "rows": seen.rows, "notes": seen.notes})


class TableViewSet(viewsets.ModelViewSet[SourceTable]):
    serializer_class = TableSerializer
    queryset = SourceTable.objects.all()
    search_fields = ["name", "label", "source__name"]
    filterset_fields = ["state", "active", "source__slug"]
    http_method_names = ["get", "post", "patch", "delete", "head", "options"]

    def get_queryset(self) -> QuerySet[SourceTable]:
        return queries.visible_tables(actor(self.request))

    def perform_create(self, serializer: serializers.BaseSerializer[SourceTable]) -> None:
        data = dict(serializer.validated_data)
        source = data.pop("source")
        if source.tables.filter(name=data["name"]).exists():
            raise InvalidInput(
                "This source has a table of this name already.", place="name", fields={"name": ["taken"]}
            )
        serializer.instance = services.save_table(source, **data, by=actor(self.request))

    def perform_update(self, serializer: serializers.BaseSerializer[SourceTable]) -> None:
        table = serializer.instance
        assert table is not None
        data = {name: value for name, value in serializer.validated_data.items() if name not in ("source", "name")}
        data.setdefault("config", table.config)
        serializer.instance = services.save_table(table.source, name=table.name, **data, by=actor(self.request))

    def perform_destroy(self, instance: SourceTable) -> None:
        services.remove_table(instance, by=actor(self.request))

    @extend_schema(responses=ColumnSerializer(many=True))
    @action(detail=True, pagination_class=None, filterset_fields=[])
    def columns(self, request: Request, pk: str) -> Response:
        return Response(ColumnSerializer(self.get_object().columns.all(), many=True).data)

    @extend_schema(request=None, responses={202: OpenApiTypes.OBJECT}, parameters=[OpenApiParameter("full", bool)])
    @action(detail=True, methods=["post"])
    def load(self, request: Request, pk: str) -> Response:
        """Asks the workers for a load; the job's id."""
        full = request.query_params.get("full") in ("1", "true")
        job = services.start_load(self.get_object(), full=full, by=actor(request))
        return Response({"job": job.pk}, status=status.HTTP_202_ACCEPTED)

    @extend_schema(
        responses=OpenApiTypes.OBJECT, parameters=[OpenApiParameter("code", str), OpenApiParameter("offset", int)]
    )
    @action(detail=True)
    def quarantine(self, request: Request, pk: str) -> Response:
        """Rows that were set aside, 1,000 at a time."""
        require(actor(request), "sources.view_quarantine")
        table, now = self.get_object(), snapshot()
        if not now.has(table.quarantine_name):
            return Response({"count": 0, "results": []})
        rows = now.table(table.quarantine_name)
        if code := request.query_params.get("code"):
            rows = rows.filter(rows.code == code)
        page = rows.limit(QUARANTINE_PAGE, offset=whole(request.query_params.get("offset"), 0))
        return Response({"count": now.scalar(rows.count()), "results": now.arrow(page).to_pylist()})


class LoadViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Load]):
    serializer_class = LoadSerializer
    queryset = Load.objects.all()
    filterset_fields = ["state", "table"]

    def get_queryset(self) -> QuerySet[Load]:
        return Load.objects.visible_to(self.request.user).select_related("table__source")


def _mapping(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise InvalidInput("Send a JSON object.")
    return value


def register(router: BaseRouter) -> None:
    """Adds this room's viewsets under `/api/v1/`."""
    router.register("sources", SourceViewSet, basename="source")
    router.register("source-tables", TableViewSet, basename="source-table")
    router.register("loads", LoadViewSet, basename="load")
