"""Rules over HTTP: what they may speak of, what they say, how many meet them. For the builder, and open to others."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import BaseRouter
from rest_framework.viewsets import ViewSet

from core.rest_bodies import Body
from core.roles import actor
from lake.queries import snapshot
from rules import counting, picker
from rules.words import describe


class MayUseRules(BasePermission):
    def has_permission(self, request: Request, view: Any) -> bool:
        return bool(request.user and request.user.has_perm("rules.use"))


class RuleSerializer(Body):
    rule = serializers.JSONField(help_text="A rule, as in docs/rules.md.")


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

    @extend_schema(request=counting.Asked, responses=OpenApiTypes.OBJECT)
    @action(detail=False, methods=["post"])
    def count(self, request: Request) -> Response:
        """How many customers meet the rule now; with parts also block by block, and five of them."""
        return Response(counting.answer(request.data, by=actor(request)))


def _data(serializer: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    checked = serializer(data=request.data)
    checked.is_valid(raise_exception=True)
    return dict(checked.validated_data)


def register(router: BaseRouter) -> None:
    """Adds this room's viewsets under `/api/v1/`."""
    router.register("rules", RuleViewSet, basename="rules")
