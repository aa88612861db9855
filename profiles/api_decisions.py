"""Decisions, the review queue and the history of identities under `/api/v1/`."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import BaseRouter

from core.rest import Csv, Newest
from core.rest_bodies import Body, ModelBody
from core.roles import actor
from jobs.models import Job
from profiles.decisions import files as decision_files
from profiles.decisions import services as decisions
from profiles.decisions.services import PAIR, Answer, Pair
from profiles.explaining.why import explanation
from profiles.explaining.words import as_json
from profiles.models import Decision, IdentityEvent
from profiles.review import queue as review_queue
from profiles.review import unmerge
from profiles.unify.judging.questions import SAMPLE
from profiles.unify.judging.review import KINDS

_NAMED = "the id of a customer, or source.table:record id"


class DecisionSerializer(ModelBody[Decision]):
    """Two records and what is true of them: join, apart or unsure. The order of the two does not matter."""

    by = serializers.SlugRelatedField[Any](slug_field="username", read_only=True)

    class Meta:
        model = Decision
        fields = ["id", *PAIR, "verdict", "origin", "probability", "note", "by", "at", "act"]
        read_only_fields = ["origin", "probability", "at", "act"]
        validators: list[Any] = []


class ImportedSerializer(serializers.Serializer[Any]):
    """`bad`: the lines that were left out, and why. `missing`: records that are named and not there (yet)."""

    class BadLineSerializer(serializers.Serializer[Any]):
        line = serializers.IntegerField()
        reason = serializers.CharField()

    kept = serializers.IntegerField()
    missing = serializers.IntegerField()
    bad = BadLineSerializer(many=True)


class RecordSerializer(Body):
    table = serializers.CharField(help_text="source.table")
    record_id = serializers.CharField(help_text="the text of its key")


class UnmergeSerializer(Body):
    """`records` of the customer who are somebody else: not none and not all."""

    customer = serializers.CharField()
    records = RecordSerializer(many=True)


class JoinSerializer(Body):
    one = serializers.CharField(help_text="id of a customer")
    other = serializers.CharField(help_text="id of another customer")


class ActSerializer(Body):
    act = serializers.CharField()


class DoneSerializer(serializers.Serializer[Any]):
    """`act` undoes it; `job` is the run that was started, null while another one is under way."""

    act = serializers.CharField()
    job = serializers.IntegerField(allow_null=True)


class ExplanationSerializer(serializers.Serializer[Any]):
    """`path`: how two hang together, pair by pair; of two people, the pair of their records that is most probably one
    person. `rules`: what each rule makes of that pair. `kept_apart`: decision, contradiction or empty."""

    class StepSerializer(serializers.Serializer[Any]):
        class ReasonSerializer(serializers.Serializer[Any]):
            aspect = serializers.CharField()
            weight = serializers.FloatField(help_text="logarithm of odds; below 0 it speaks against one person")
            words = serializers.CharField()

        left_table = serializers.CharField()
        left_id = serializers.CharField()
        right_table = serializers.CharField()
        right_id = serializers.CharField()
        rule = serializers.CharField(help_text="the rule that matched them, decision, or empty")
        score = serializers.FloatField(allow_null=True)
        probability = serializers.FloatField(allow_null=True)
        reasons = ReasonSerializer(many=True)

    class VerdictSerializer(serializers.Serializer[Any]):
        rule = serializers.CharField()
        failing = serializers.ListField(child=serializers.CharField())
        vetoed_by = serializers.ListField(child=serializers.CharField())

    same = serializers.BooleanField()
    profiles = serializers.ListField(child=serializers.CharField())
    path = StepSerializer(many=True)
    rules = VerdictSerializer(many=True)
    kept_apart = serializers.CharField()


class DecisionViewSet(
    mixins.CreateModelMixin,
    mixins.DestroyModelMixin,
    viewsets.ReadOnlyModelViewSet[Decision],
):
    """Who is one person and who is not, as people decided. Every run obeys; a newer answer replaces the older one."""

    queryset = Decision.objects.all()
    serializer_class = DecisionSerializer
    filterset_fields = [*PAIR, "verdict", "origin", "act"]
    search_fields = ["left_id", "right_id", "note"]
    ordering_fields = ["at", "probability"]

    def get_queryset(self) -> QuerySet[Decision]:
        return Decision.objects.visible_to(self.request.user).select_related("by")

    def perform_create(self, serializer: Any) -> None:
        given = serializer.validated_data
        pair = Pair.of(
            (given["left_table"], given["left_id"]),
            (given["right_table"], given["right_id"]),
        )
        answer = Answer(pair, given["verdict"], given.get("note", ""))
        act = decisions.record([answer], origin=decisions.Origin.LIST, by=actor(self.request))
        serializer.instance = Decision.objects.select_related("by").get(act=act)

    def perform_destroy(self, instance: Decision) -> None:
        decisions.withdraw([instance.pk], by=actor(self.request))

    @extend_schema(
        request={"text/csv": OpenApiTypes.BINARY}, responses=ImportedSerializer, filters=False, parameters=[]
    )
    @action(detail=False, methods=["post"], url_path="import", parser_classes=[Csv])
    def import_(self, request: Request) -> Response:
        """A list of pairs that are always or never one person, as CSV: left_table, left_id, right_table, right_id,
        verdict (join or apart), note. Good lines count, bad ones are reported."""
        data = request.data if isinstance(request.data, bytes) else b""  # without a body nothing was parsed
        return Response(ImportedSerializer(decision_files.import_list(data, by=actor(request))).data)

    @extend_schema(
        responses=ExplanationSerializer,
        filters=False,
        parameters=[OpenApiParameter(name, required=name == "one", description=_NAMED) for name in ("one", "other")],
    )
    @action(detail=False, pagination_class=None)
    def explain(self, request: Request) -> Response:
        """Why two customers or records are one person, or why they are not; of one alone, how it hangs together."""
        one, other = (request.query_params.get(name, "") for name in ("one", "other"))
        return Response(as_json(explanation(one, other)))

    @extend_schema(request=UnmergeSerializer, responses=DoneSerializer)
    @action(detail=False, methods=["post"])
    def unmerge(self, request: Request) -> Response:
        """These records of a customer are somebody else. Starts a run; `job` is null while another one is under way."""
        given = UnmergeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        records = {(record["table"], record["record_id"]) for record in given.validated_data["records"]}
        return _done(*unmerge.take_apart(given.validated_data["customer"], records, by=actor(request)))

    @extend_schema(request=JoinSerializer, responses=DoneSerializer)
    @action(detail=False, methods=["post"])
    def join(self, request: Request) -> Response:
        """Two customers are one person, with all of their records. Starts a run."""
        given = JoinSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        return _done(*unmerge.join(**given.validated_data, by=actor(request)))

    @extend_schema(request=ActSerializer, responses=DoneSerializer)
    @action(detail=False, methods=["post"])
    def undo(self, request: Request) -> Response:
        """Takes back all that was decided with one act, and starts a run."""
        given = ActSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        act = given.validated_data["act"]
        return _done(act, unmerge.undo(act, by=actor(request)))


def _done(act: str, job: Job | None) -> Response:
    return Response({"act": act, "job": job.pk if job else None})


class IdentityEventSerializer(serializers.ModelSerializer[IdentityEvent]):
    """merge: `other_id` is gone, its records belong to `profile_id`. split: records of `profile_id` are now the new
    `other_id`. unmerge: the same, and that was their id before."""

    class Meta:
        model = IdentityEvent
        fields = ["id", "profile_id", "kind", "other_id", "records", "at"]


@extend_schema(parameters=[OpenApiParameter("customer", OpenApiTypes.STR, description="Events of this id")])
class IdentityEventViewSet(viewsets.ReadOnlyModelViewSet[IdentityEvent]):
    """Merges, splits and merges undone, the newest first."""

    queryset = IdentityEvent.objects.all()
    serializer_class = IdentityEventSerializer
    pagination_class = Newest
    ordering_fields = ["id"]
    filterset_fields = ["profile_id", "other_id", "kind"]

    def get_queryset(self) -> QuerySet[IdentityEvent]:
        rows = IdentityEvent.objects.visible_to(self.request.user)
        customer = self.request.query_params.get("customer", "")
        return rows.filter(profile_id=customer) | rows.filter(other_id=customer) if customer else rows


class QuestionSerializer(serializers.Serializer[Any]):
    """A pair that is worth a decision. `left_profile`, `right_profile`: the customers; null for a record of none, of a
    table that only adds to customers. `gain`: the chance that the answer changes the result, by the records that it
    moves. `joined`: whether the last run took them for one person."""

    number = serializers.IntegerField()
    left_table = serializers.CharField(source="pair.left_table")
    left_id = serializers.CharField(source="pair.left_id")
    right_table = serializers.CharField(source="pair.right_table")
    right_id = serializers.CharField(source="pair.right_id")
    left_profile = serializers.CharField(source="left_customer", allow_null=True)
    right_profile = serializers.CharField(source="right_customer", allow_null=True)
    reason = serializers.ChoiceField(choices=[*KINDS, SAMPLE])
    probability = serializers.FloatField(allow_null=True)
    gain = serializers.FloatField()
    joined = serializers.BooleanField(source="is_joined")


class ReviewViewSet(viewsets.GenericViewSet[Decision]):
    """The open questions of the last run, the most useful first; `reason=sample`: those that measure quality."""

    queryset = Decision.objects.all()  # who may see decisions may see what is to be decided
    serializer_class = QuestionSerializer
    filter_backends: list[Any] = []

    @extend_schema(parameters=[OpenApiParameter("reason", OpenApiTypes.STR, enum=[*KINDS, SAMPLE])])
    def list(self, request: Request) -> Response:
        reason = request.query_params.get("reason", "")
        mode = SAMPLE if reason == SAMPLE else review_queue.QUEUE
        every = review_queue.questions(mode=mode)
        rows: Any = [q for q in every if not q.verdict and reason in ("", q.reason)]
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(QuestionSerializer(page, many=True).data)


def register(router: BaseRouter) -> None:
    router.register("decisions", DecisionViewSet, "decision")
    router.register("review", ReviewViewSet, "review")
    router.register("identity-events", IdentityEventViewSet, "identity-event")
