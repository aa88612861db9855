"""`/api/v1/jobs/` and `POST /api/v1/refresh/`."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import BaseRouter

from core.rest_bodies import Body
from core.roles import actor
from jobs import refresh, services
from jobs.models import Job, StageRun


class StageRunSerializer(serializers.ModelSerializer[StageRun]):
    seconds = serializers.FloatField(read_only=True)

    class Meta:
        model = StageRun
        fields = ("name", "state", "rows", "seconds", "note", "started_at", "finished_at")


class JobSerializer(serializers.ModelSerializer[Job]):
    """`share` is done over total, 0 to 1; null while the end is unknown. `time_left` is in seconds."""

    by = serializers.SlugRelatedField(slug_field="username", read_only=True)  # type: ignore[var-annotated]
    label = serializers.CharField(read_only=True)  # type: ignore[assignment]
    share = serializers.FloatField(read_only=True, allow_null=True)
    rate = serializers.FloatField(read_only=True, allow_null=True)
    time_left = serializers.SerializerMethodField()
    seconds = serializers.FloatField(read_only=True)

    class Meta:
        model = Job
        fields = (
            "id", "kind", "label", "params", "state", "by", "attempts", "done", "total", "share", "rate",
            "time_left", "seconds", "message", "result", "error", "error_place", "created_at", "started_at",
            "finished_at",
        )  # fmt: skip
        read_only_fields = fields

    def get_time_left(self, job: Job) -> float | None:
        return job.time_left.total_seconds() if job.time_left is not None else None


class JobDetailSerializer(JobSerializer):
    stages = StageRunSerializer(many=True, read_only=True)

    class Meta(JobSerializer.Meta):
        fields = (*JobSerializer.Meta.fields, "stages")  # type: ignore[assignment]


class JobViewSet(viewsets.ReadOnlyModelViewSet[Job]):
    """Background work, newest first."""

    queryset = Job.objects.all()
    serializer_class = JobSerializer
    filterset_fields = ("state", "kind", "key")
    search_fields = ("kind", "message", "error")
    ordering_fields = ("created_at", "started_at", "finished_at")

    def get_queryset(self) -> QuerySet[Job]:
        jobs = Job.objects.visible_to(self.request.user).select_related("by")
        return jobs.prefetch_related("stages") if self.action == "retrieve" else jobs

    def get_serializer_class(self) -> type[JobSerializer]:
        return JobDetailSerializer if self.action == "retrieve" else JobSerializer

    @extend_schema(request=None, responses=JobSerializer)
    @action(detail=True, methods=["post"], permission_classes=[IsAuthenticated])
    def cancel(self, request: Request, pk: str) -> Response:
        """Stops a waiting job at once and a running one at its next step."""
        return Response(JobSerializer(services.cancel(self.get_object(), by=actor(request))).data)

    @extend_schema(request=None, responses=JobSerializer)
    @action(detail=True, methods=["post"], permission_classes=[IsAuthenticated])
    def retry(self, request: Request, pk: str) -> Response:
        """Queues a failed or cancelled job again."""
        return Response(JobSerializer(services.retry(self.get_object(), by=actor(request))).data)


class RefreshRequest(Body):
    """Which steps (all by default), and whether unchanged ones run too."""

    stages = serializers.ListField(child=serializers.CharField(), required=False)
    full = serializers.BooleanField(default=False)


class RefreshViewSet(viewsets.ViewSet):
    permission_classes = [IsAuthenticated]

    @extend_schema(request=RefreshRequest, responses={202: JobSerializer})
    def create(self, request: Request) -> Response:
        """Starts a refresh; 409 while another one waits or runs."""
        asked = RefreshRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        values = asked.validated_data
        job = refresh.start(values.get("stages"), values["full"], by=actor(request))
        return Response(JobSerializer(job).data, status=status.HTTP_202_ACCEPTED)


def register(router: BaseRouter) -> None:
    """Adds this room's viewsets under `/api/v1/`."""
    router.register("jobs", JobViewSet, basename="job")
    router.register("refresh", RefreshViewSet, basename="refresh")
