"""Rules over HTTP: what they may speak of, what they say, how many meet them. For the builder, and open to others."""

from collections.abc import Collection
from typing import Any

from django.core.cache import cache
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import BaseRouter
from rest_framework.viewsets import ViewSet

from core.errors import Conflict
from core.roles import actor
from lake.queries import snapshot
from lake.watch import QueryUnwanted
from rules import picker, services
from rules.language import Rule, parse
from rules.problems import superseded
from rules.words import Words, describe

PARTS = ("funnel", "sample")
REMEMBER_SECONDS = 600


class MayUseRules(BasePermission):
    def has_permission(self, request: Request, view: Any) -> bool:
        return bool(request.user and request.user.has_perm("rules.use"))


class RuleSerializer(serializers.Serializer[Any]):
    rule = serializers.JSONField(help_text="A rule, as in docs/rules.md.")


class CountSerializer(RuleSerializer):
    """`sequence` numbers the questions of one `builder`: a question is refused once a later one has arrived."""

    parts = serializers.MultipleChoiceField(choices=PARTS, required=False)
    sequence = serializers.IntegerField(required=False, min_value=0)
    builder = serializers.RegexField(r"^[\w-]{1,64}$", required=False)


class RuleViewSet(ViewSet):
    permission_classes = [MayUseRules]

    @extend_schema(responses=OpenApiTypes.OBJECT)
    @action(detail=False)
    def attributes(self, request: Request) -> Response:
        """Attributes, related tables, segments and operators, as the builder offers them."""
        return Response(picker.catalog(snapshot(), actor(request)))

    @extend_schema(
        parameters=[OpenApiParameter(name, OpenApiTypes.STR) for name in ("attribute", "table", "q")],
        responses=OpenApiTypes.OBJECT,
    )
    @action(detail=False)
    def values(self, request: Request) -> Response:
        """The most frequent values of an attribute (of a related table) that hold some text."""
        asked = request.query_params
        found = picker.values(
            snapshot(), actor(request), asked.get("attribute", ""), asked.get("table", ""), asked.get("q", "")[:100]
        )
        return Response({"values": found})

    @extend_schema(request=RuleSerializer, responses=OpenApiTypes.OBJECT)
    @action(detail=False, methods=["post"])
    def describe(self, request: Request) -> Response:
        """The rule in plain words."""
        return Response({"words": describe(_data(RuleSerializer, request)["rule"])})

    @extend_schema(request=CountSerializer, responses=OpenApiTypes.OBJECT)
    @action(detail=False, methods=["post"])
    def count(self, request: Request) -> Response:
        """How many customers meet the rule now; with parts also block by block, and five of them."""
        data = _data(CountSerializer, request)
        rule, parts = parse(data["rule"]), data.get("parts", set())
        try:
            return Response(_answer(rule, parts, _superseded_by(request, data)) | {"sequence": data.get("sequence")})
        except QueryUnwanted as error:
            raise Conflict(superseded(), code="superseded") from error


def _answer(rule: Rule, parts: Collection[str], unwanted: services.Unwanted | None) -> dict[str, Any]:
    lake, now = snapshot(), timezone.localtime()  # in the workspace's zone: `core.middleware.WorkspaceTimeZone`
    counted = services.count(rule, lake, now, funnel="funnel" in parts, unwanted=unwanted)
    answer: dict[str, Any] = {
        "total": counted.total,
        "of_all": counted.of_all,
        "share": counted.share,
        "words": describe(rule, lake),
    }
    if "funnel" in parts:
        words = Words(lake)
        texts = [words.node(node) for node in rule.nodes]
        answer["blocks"] = [
            {"path": block.path, "words": text, "alone": block.alone, "left": block.left}
            for block, text in zip(counted.blocks, texts, strict=False)
        ]
    if "sample" in parts:
        people = services.sample(rule, snapshot=lake, now=now, unwanted=unwanted)
        answer["sample"] = [{"id": p.profile_id, "name": p.name, "email": p.email} for p in people]
    return answer


def _data(serializer: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    checked = serializer(data=request.data)
    checked.is_valid(raise_exception=True)
    return dict(checked.validated_data)


def _superseded_by(request: Request, data: dict[str, Any]) -> services.Unwanted | None:
    """Tells whether a later question of the same builder has arrived: then nobody waits for this answer any more."""
    sequence, builder = data.get("sequence"), data.get("builder")
    if sequence is None or not builder:
        return None
    key = f"rules.sequence.{request.user.pk}.{builder}"
    if cache.get(key, -1) < sequence:
        cache.set(key, sequence, REMEMBER_SECONDS)
    return lambda: bool(cache.get(key, -1) > sequence)


def register(router: BaseRouter) -> None:
    """Adds this room's viewsets under `/api/v1/`."""
    router.register("rules", RuleViewSet, basename="rules")
