"""Journeys over the API: the same services as the pages."""

from typing import Any

from django.db.models import Max, QuerySet
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import BaseRouter
from rest_framework.viewsets import ModelViewSet

from core.formats import major
from core.rest_bodies import ModelBody
from core.roles import Actor, require
from journeys import graph as graphs
from journeys import queries, rehearsal, services
from journeys.analytics import MessageResult
from journeys.analytics import results as results_of
from journeys.models import Enrolment, Journey, JourneyVersion
from journeys.services.drafts import graph_from


class JourneySerializer(ModelBody[Journey]):
    """`draft` is the graph: `{start: {segment, joining, reentry, next}, steps: [{id, kind, next, …}]}`; or nested
    steps, when the start has no `next`."""

    draft = serializers.JSONField(required=False)
    version = serializers.SerializerMethodField(help_text="Number of the newest published version; null for a draft.")

    class Meta:
        model = Journey
        fields = [
            "slug",
            "name",
            "description",
            "state",
            "revision",
            "version",
            "draft",
            "conversion_activity",
            "conversion_days",
            "created_at",
            "updated_at",
        ]
        read_only_fields = ["slug", "state", "created_at", "updated_at"]
        extra_kwargs = {"revision": {"required": False}}

    def get_version(self, journey: Journey) -> int | None:
        if self.parent:  # of a list: read with it
            newest: int | None = journey.newest  # type: ignore[attr-defined]
            return newest
        version = journey.latest()
        return version.number if version else None


class EnrolmentSerializer(serializers.ModelSerializer[Enrolment]):
    version = serializers.IntegerField(source="version.number")

    class Meta:
        model = Enrolment
        fields = [
            "id",
            "profile_id",
            "occurrence",
            "version",
            "state",
            "reason",
            "step",
            "entered_at",
            "arrived_at",
            "due_at",
        ]


class ProblemSerializer(serializers.Serializer[Any]):
    step = serializers.CharField()
    field = serializers.CharField()
    message = serializers.CharField()


class JourneyViewSet(ModelViewSet[Journey]):
    """Draw, publish and watch journeys."""

    serializer_class = JourneySerializer
    lookup_field = "slug"
    lookup_value_regex = "[^/]+"
    queryset = Journey.objects.none()
    filterset_fields = ["state"]
    search_fields = ["name", "description"]
    ordering_fields = ["name", "updated_at", "created_at"]

    def get_queryset(self) -> QuerySet[Journey]:
        rows = Journey.objects.visible_to(self.request.user).order_by("name")
        return rows.annotate(newest=Max("versions__number")) if self.action == "list" else rows

    @property
    def actor(self) -> Actor:
        return self.request.user if self.request.user.is_authenticated else None

    def perform_create(self, serializer: Any) -> None:
        data = serializer.validated_data
        graph = graph_from(data["draft"]) if "draft" in data else None
        journey = services.create(data["name"], by=self.actor, graph=graph, description=data.get("description", ""))
        serializer.instance = self._goal(journey, data)

    def perform_update(self, serializer: Any) -> None:
        data, journey = serializer.validated_data, serializer.instance
        if "name" in data or "description" in data:
            name, description = data.get("name", journey.name), data.get("description", journey.description)
            journey = services.rename(journey, name, description, by=self.actor)
        if "draft" in data:
            journey = services.save_draft(
                journey, graph_from(data["draft"]), by=self.actor, revision=data.get("revision")
            )
        serializer.instance = self._goal(journey, data)

    def _goal(self, journey: Journey, data: dict[str, Any]) -> Journey:
        activity = data.get("conversion_activity", journey.conversion_activity)
        days = data.get("conversion_days", journey.conversion_days)
        return services.set_goal(journey, activity, days, by=self.actor)

    def perform_destroy(self, instance: Journey) -> None:
        services.delete(instance, by=self.actor)

    @extend_schema(request=None, responses=ProblemSerializer(many=True))
    @action(detail=True, methods=["get"])
    def problems(self, request: Request, slug: str) -> Response:
        """Everything that stands against publishing; an empty list means ready."""
        found = services.validate(graphs.parse(self.get_object().draft))
        return Response([problem.as_dict() for problem in found])

    def _verb(self, run: Any) -> Response:
        run(self.get_object(), by=self.actor)
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=None, responses=JourneySerializer)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, slug: str) -> Response:
        return self._verb(services.publish)

    @extend_schema(request=None, responses=JourneySerializer)
    @action(detail=True, methods=["post"])
    def pause(self, request: Request, slug: str) -> Response:
        return self._verb(services.pause)

    @extend_schema(request=None, responses=JourneySerializer)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, slug: str) -> Response:
        return self._verb(services.resume)

    @extend_schema(request=None, responses=JourneySerializer)
    @action(detail=True, methods=["post"])
    def stop(self, request: Request, slug: str) -> Response:
        return self._verb(services.stop)

    @extend_schema(request=None, responses={201: JourneySerializer})
    @action(detail=True, methods=["post"])
    def duplicate(self, request: Request, slug: str) -> Response:
        copy = services.duplicate(self.get_object(), by=self.actor)
        return Response(self.get_serializer(copy).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=OpenApiTypes.OBJECT)
    @action(detail=True, methods=["get"], url_path="dry-run")
    def dry_run(self, request: Request, slug: str) -> Response:
        """Where the start segment's members would come, counted per step and exit; nothing is sent."""
        return Response(rehearsal.dry_run(graphs.parse(self.get_object().draft), timezone.now()).as_dict())

    @extend_schema(request=None, responses=OpenApiTypes.OBJECT)
    @action(detail=True, methods=["get"])
    def steps(self, request: Request, slug: str) -> Response:
        """Per step of the newest version: who came, waits, passed, completed, left and why."""
        version = self.get_object().latest()
        found = queries.standings(JourneyVersion.objects.filter(pk=version.pk)) if version else {}
        return Response({step_id: standing.as_dict() for step_id, standing in found.items()})

    @extend_schema(request=None, responses=OpenApiTypes.OBJECT)
    @action(detail=True, methods=["get"])
    def results(self, request: Request, slug: str) -> Response:
        """People, messages by state and reason, reactions, conversions and revenue (major units, by currency)."""
        found = results_of(self.get_object())
        return Response(
            {
                "people": vars(found.people),
                "total": _message(found.whole),
                "messages": [_message(message) for message in found.messages],
                "days": [{"day": day, **counts} for day, counts in found.days],
            }
        )

    @extend_schema(request=None, responses=EnrolmentSerializer(many=True))
    @action(detail=True, methods=["get"], filterset_fields=[], search_fields=[])
    def people(self, request: Request, slug: str) -> Response:
        """Who stands where: `?step=…&show=entered|waiting|passed|done|left|stopped`."""
        require(self.actor, "profiles.view_profile")
        versions = JourneyVersion.objects.filter(journey=self.get_object())
        show = request.query_params.get("show", "entered")
        rows = queries.people_at(versions, request.query_params.get("step", ""), show)
        ordered: Any = rows.select_related("version").order_by("pk")
        page: Any = self.paginate_queryset(ordered)
        return self.get_paginated_response(EnrolmentSerializer(page, many=True).data)


def _message(result: MessageResult) -> dict[str, Any]:
    names = (
        "step",
        "name",
        "audience",
        "waiting",
        "sent",
        "skipped",
        "refused",
        "unknown",
        "delivered",
        "opened",
        "clicked",
    )
    more = (
        "unsubscribed",
        "bounced",
        "open_rate",
        "click_rate",
        "converted",
        "orders",
        "conversion_rate",
        "reasons",
    )
    revenue = {currency: str(major(minor, currency)) for currency, minor in result.revenue.items()}
    return {name: getattr(result, name) for name in (*names, *more)} | {"revenue": revenue}


def register(router: BaseRouter) -> None:
    """Adds this room's viewsets under `/api/v1/`."""
    router.register("journeys", JourneyViewSet, basename="journey")
