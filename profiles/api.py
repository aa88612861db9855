"""Customers, their timelines, unification and activity types under `/api/v1/`."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponseRedirect
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import BaseRouter

from core.formats import major
from core.rest import Newest
from core.rest_bodies import Body, ModelBody
from core.roles import actor
from lake.queries import snapshot
from profiles import api_decisions
from profiles.activities import services as activity_services
from profiles.config import services
from profiles.customers import queries
from profiles.customers.groups import GroupOfPeople, groups_of
from profiles.customers.timeline import PAGE_SIZE, timeline
from profiles.models import ActivityType, Profile, Unification, UnificationRun
from profiles.trials import api as api_trials

MOST = 500


class CustomerSerializer(serializers.ModelSerializer[Profile]):
    """Money is in major units, dates are ISO; unknown values are left out."""

    attributes = serializers.SerializerMethodField()

    class Meta:
        model = Profile
        fields = ["id", "name", "email", "phone", "attributes", "updated_at"]

    def get_attributes(self, profile: Profile) -> dict[str, Any]:
        return queries.typed(profile.attributes, self.context["kinds"])


class ActivitySerializer(serializers.Serializer[Any]):
    """`amount` is in major units of `currency`."""

    time = serializers.DateTimeField()
    type = serializers.CharField()
    title = serializers.CharField()
    amount = serializers.SerializerMethodField()
    currency = serializers.CharField()
    url = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # the name of a field, not of the base
    table = serializers.CharField()
    record_id = serializers.CharField()

    def get_amount(self, item: Any) -> str | None:
        return None if item.amount is None else str(major(item.amount, item.currency))


class TimelineSerializer(serializers.Serializer[Any]):
    """`next` is the `before` of the following page, "" at the end."""

    items = ActivitySerializer(many=True)
    next = serializers.CharField()


class GroupSerializer(serializers.Serializer[Any]):
    """`members`: the ids of the first 12 of `size`, by name."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # the name of a field, not of the base
    id = serializers.CharField()
    size = serializers.IntegerField()
    members = serializers.SerializerMethodField()

    def get_members(self, group: GroupOfPeople) -> list[str]:
        return [member.pk for member in group.members]


class UnificationSerializer(Body):
    """As in the workspace file: `tables` are names, or `{table, unmatched: false}`; `rules` is "suggest" or a list;
    `values` are aliases, ignored and trusted values; `merge` is what is different in merging; `groups` is "usual" or a
    list."""

    tables = serializers.ListField(child=serializers.JSONField(), required=False)
    default_country = serializers.CharField(required=False)
    rules = serializers.JSONField(required=False)
    values = serializers.DictField(child=serializers.JSONField(), required=False)
    merge = serializers.JSONField(required=False)
    groups = serializers.JSONField(required=False)


class RunSerializer(serializers.ModelSerializer[UnificationRun]):
    class Meta:
        model = UnificationRun
        fields = ["id", "at", "seconds", "report"]


class ActivityTypeSerializer(ModelBody[ActivityType]):
    class Meta:
        model = ActivityType
        fields = ["id", "type", "table", "time", "title", "amount", "url"]
        validators: list[Any] = []


class ByName(Newest):
    """By name."""

    ordering = ("sort_name", "id")


@extend_schema(parameters=[OpenApiParameter("search", OpenApiTypes.STR, description="Name, e-mail, phone, id, card")])
class CustomerViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Profile]):
    """People. An id that was merged away answers with a redirect to the person who holds its records; one of which no
    record is left with 410."""

    queryset = Profile.objects.all()
    serializer_class = CustomerSerializer
    pagination_class = ByName
    filter_backends: list[Any] = []
    lookup_value_regex = "[^/]+"

    def get_queryset(self) -> QuerySet[Profile]:
        rows = Profile.objects.visible_to(self.request.user)
        text = self.request.query_params.get("search", "").strip()
        return rows.filter(pk__in=queries.found(text).ids) if text else rows

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "kinds": queries.kinds()}

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        profile = queries.person(self.get_queryset(), kwargs["pk"])
        if profile.pk != kwargs["pk"]:
            return HttpResponseRedirect(reverse("api:customer-detail", args=[profile.pk]))
        return Response(self.get_serializer(profile).data)

    @extend_schema(
        parameters=[
            OpenApiParameter("type", OpenApiTypes.STR, many=True),
            OpenApiParameter("before", OpenApiTypes.STR),
            OpenApiParameter("limit", OpenApiTypes.INT),
        ],
        responses=TimelineSerializer,
    )
    @action(detail=True)
    def timeline(self, request: Request, pk: str) -> Response:
        """Activities of all kinds, newest first."""
        profile = queries.person(Profile.objects.visible_to(request.user), pk)
        asked = request.query_params.get("limit", "")
        limit = min(int(asked), MOST) if asked.isdecimal() and int(asked) else PAGE_SIZE
        types, before = request.query_params.getlist("type"), request.query_params.get("before", "")
        page = timeline(profile.pk, types, before, limit, actor(request))
        return Response(TimelineSerializer(page).data)

    @extend_schema(responses=GroupSerializer(many=True))
    @action(detail=True)
    def groups(self, request: Request, pk: str) -> Response:
        """The household and other groups that the person belongs to."""
        profile = queries.person(Profile.objects.visible_to(request.user), pk)
        return Response(GroupSerializer(groups_of(snapshot(), profile, actor(request)), many=True).data)


class UnificationViewSet(viewsets.GenericViewSet[Unification]):
    """How records become people: one configuration."""

    queryset = Unification.objects.all()
    serializer_class = UnificationSerializer
    pagination_class = None
    filter_backends: list[Any] = []

    @extend_schema(responses=UnificationSerializer)
    def list(self, request: Request) -> Response:
        return Response(services.state_of(Unification.current()))

    @extend_schema(request=UnificationSerializer, responses=UnificationSerializer)
    def create(self, request: Request) -> Response:
        """Changes what is given."""
        given = UnificationSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        return Response(services.state_of(services.save_unification(by=actor(request), **given.validated_data)))

    @extend_schema(request=None, responses={202: OpenApiTypes.OBJECT})
    @action(detail=False, methods=["post"])
    def run(self, request: Request) -> Response:
        """Starts a run; progress is on the job."""
        return Response({"job": services.run_unification(by=actor(request)).pk}, status=202)

    @extend_schema(request=None, responses=UnificationSerializer)
    @action(detail=False, methods=["post"])
    def suggest(self, request: Request) -> Response:
        """Writes the rules that the data suggests as an explicit list."""
        return Response(services.state_of(services.suggest_rules(by=actor(request))))


class RunViewSet(viewsets.ReadOnlyModelViewSet[UnificationRun]):
    """Finished runs with their numbers, the newest first."""

    queryset = UnificationRun.objects.all()
    serializer_class = RunSerializer
    filter_backends: list[Any] = []

    def get_queryset(self) -> QuerySet[UnificationRun]:
        return UnificationRun.objects.visible_to(self.request.user)


class ActivityTypeViewSet(viewsets.ModelViewSet[ActivityType]):
    """Which rows of a table are activities."""

    queryset = ActivityType.objects.all()
    serializer_class = ActivityTypeSerializer
    filterset_fields = ["type", "table"]
    search_fields = ["type", "table", "title"]

    def get_queryset(self) -> QuerySet[ActivityType]:
        return ActivityType.objects.visible_to(self.request.user)

    def perform_create(self, serializer: Any) -> None:
        serializer.instance = activity_services.save_activity_type(by=actor(self.request), **serializer.validated_data)

    def perform_update(self, serializer: Any) -> None:
        activity_services.save_activity_type(serializer.instance, by=actor(self.request), **serializer.validated_data)

    def perform_destroy(self, instance: ActivityType) -> None:
        activity_services.remove_activity_type(instance, by=actor(self.request))


def register(router: BaseRouter) -> None:
    router.register("customers", CustomerViewSet, "customer")
    router.register("unification", UnificationViewSet, "unification")
    router.register("unification-runs", RunViewSet, "unification-run")
    router.register("activity-types", ActivityTypeViewSet, "activity-type")
    api_decisions.register(router)
    api_trials.register(router)
