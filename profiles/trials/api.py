"""What if: the trial of another configuration, under `/api/v1/`."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import BaseRouter

from core.rest_bodies import Body
from core.roles import actor, require
from profiles.models import Trial
from profiles.trials import services as trials


class ProposalSerializer(Body):
    """What is different from the saved configuration, as in the workspace file; nothing compares what is saved."""

    tables = serializers.ListField(child=serializers.CharField(), required=False)
    default_country = serializers.CharField(required=False)
    rules = serializers.JSONField(required=False)
    values = serializers.DictField(child=serializers.JSONField(), required=False)
    merge = serializers.JSONField(required=False)
    groups = serializers.JSONField(required=False)


class TrialSerializer(serializers.ModelSerializer[Trial]):
    """`state`: waiting, running, done, failed or cancelled. `report`: empty until it is done. `stale`: why the
    comparison may no longer hold (configuration, live, data, decisions)."""

    by = serializers.SlugRelatedField[Any](slug_field="username", read_only=True)
    state = serializers.SerializerMethodField()
    error = serializers.SerializerMethodField()
    changed = serializers.SerializerMethodField()
    stale = serializers.SerializerMethodField()

    class Meta:
        model = Trial
        fields = ["id", "at", "by", "job", "state", "error", "proposal", "changed", "stale", "report"]

    def get_state(self, trial: Trial) -> str:
        return trials.state_of(trial)

    def get_error(self, trial: Trial) -> str:
        return trial.job.error if trial.job else ""

    def get_changed(self, trial: Trial) -> list[str]:
        return trials.changed(trial)

    def get_stale(self, trial: Trial) -> list[str]:
        return trials.stale(trial)


class PublishSerializer(Body):
    anyway = serializers.BooleanField(default=False, help_text="though what it was made from has changed since")


class TrialViewSet(viewsets.GenericViewSet[Trial]):
    """One at a time: a new one takes the place of the last."""

    queryset = Trial.objects.all()
    serializer_class = TrialSerializer
    pagination_class = None
    filter_backends: list[Any] = []

    @extend_schema(responses=TrialSerializer)
    def list(self, request: Request) -> Response:
        """The trial that there is, with the comparison when it is done; 404 where nothing is tried."""
        return Response(TrialSerializer(trials.found()).data)

    @extend_schema(request=ProposalSerializer, responses={202: TrialSerializer})
    def create(self, request: Request) -> Response:
        """Tries the configuration with what is given changed; progress is on the job."""
        given = ProposalSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        trial = trials.start(by=actor(request), **given.validated_data)
        return Response(TrialSerializer(trial).data, status=202)

    @extend_schema(request=PublishSerializer, responses={202: OpenApiTypes.OBJECT})
    @action(detail=False, methods=["post"])
    def publish(self, request: Request) -> Response:
        """Saves what was tried and starts a run of everything. 409 with the code “stale” where the comparison may no
        longer hold."""
        require(actor(request), "profiles.change_unification")
        given = PublishSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        job = trials.publish(trials.found(), by=actor(request), **given.validated_data)
        return Response({"job": job.pk}, status=202)

    @extend_schema(request=None, responses={204: None})
    @action(detail=False, methods=["post"])
    def drop(self, request: Request) -> Response:
        """Nothing of it stays."""
        require(actor(request), "profiles.delete_trial")
        trials.drop(trials.found(), by=actor(request))
        return Response(status=204)


def register(router: BaseRouter) -> None:
    router.register("unification-trial", TrialViewSet, "unification-trial")
