"""The same verbs for programs."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import BaseRouter

from core.errors import InvalidInput
from core.rest import Newest
from core.rest_bodies import ModelBody, refuse_unknown
from core.roles import actor, require
from messaging import analytics, checks, consent, services
from messaging.models import EmailTemplate, Interaction, Message, Suppression, TemplateVersion
from messaging.models.template import CONTENT_FIELDS


def _given(request: Request, *names: str) -> dict[str, Any]:
    """The body as an object of these names; anything else counts as an empty one."""
    refuse_unknown(request.data, list(names))
    return request.data if isinstance(request.data, dict) else {}


class EmailTemplateSerializer(ModelBody[EmailTemplate]):
    defaults = serializers.DictField(child=serializers.CharField(allow_blank=True), required=False)

    class Meta:
        model = EmailTemplate
        fields = ["id", "name", "slug", "description", *CONTENT_FIELDS, "created_at", "updated_at"]
        read_only_fields = ["slug"]


class EmailTemplateViewSet(viewsets.ModelViewSet[EmailTemplate]):
    """E-mails as they are written. `/check/` lists what is wrong, `/test/` sends one to `address`."""

    queryset = EmailTemplate.objects.all()
    serializer_class = EmailTemplateSerializer
    filterset_fields = ["purpose", "format"]
    search_fields = ["name", "subject"]

    def perform_create(self, serializer: Any) -> None:
        serializer.instance = services.save_template(EmailTemplate(**serializer.validated_data), by=actor(self.request))

    def perform_update(self, serializer: Any) -> None:
        template = serializer.instance
        for name, value in serializer.validated_data.items():
            setattr(template, name, value)
        services.save_template(template, by=actor(self.request))

    def perform_destroy(self, instance: EmailTemplate) -> None:
        services.delete_template(instance, by=actor(self.request))

    @action(detail=True)
    def check(self, request: Request, pk: str) -> Response:
        found = checks.check(self.get_object())
        return Response([{"level": c.level, "text": c.text, "place": c.place, "line": c.line} for c in found])

    @action(detail=True, methods=["post"])
    def test(self, request: Request, pk: str) -> Response:
        given = _given(request, "address", "profile_id")
        address, person = str(given.get("address", "")), str(given.get("profile_id", ""))
        message = services.send_test(self.get_object(), address, person, by=actor(request))
        return Response(MessageSerializer(message).data)

    @action(detail=True)
    def results(self, request: Request, pk: str) -> Response:
        return Response(analytics.results(analytics.Audience(template_id=self.get_object().pk)).as_json())


class MessageSerializer(serializers.ModelSerializer[Message]):
    class Meta:
        model = Message
        fields = [
            "id",
            "cause",
            "profile_id",
            "address",
            "template_version",
            "journey_key",
            "step_key",
            "state",
            "reason",
            "detail",
            "attempts",
            "planned_at",
            "due_at",
            "settled_at",
        ]


class MessageViewSet(viewsets.ReadOnlyModelViewSet[Message]):
    """The ledger, newest first. `/decide/` settles an unknown message: {"as": "sent"} or {"as": "again"}."""

    queryset = Message.objects.all()
    serializer_class = MessageSerializer
    pagination_class = Newest
    ordering_fields = ["id"]
    filterset_fields = ["state", "reason", "journey_key", "step_key", "profile_id", "template_version"]

    def get_queryset(self) -> QuerySet[Message]:
        return Message.objects.visible_to(self.request.user).filter(is_test=False)

    @action(detail=True, methods=["post"], permission_classes=[IsAuthenticated])
    def decide(self, request: Request, pk: str) -> Response:
        message, by = self.get_object(), actor(request)
        require(by, "messaging.change_message")
        verb = {"sent": services.mark_as_sent, "again": services.send_again}.get(str(_given(request, "as").get("as")))
        if verb is None:
            text = _("Say “sent” or “again”.")
            raise InvalidInput(text, place="as", fields={"as": [text]})
        verb([message.pk], by=by)
        return Response(MessageSerializer(self.get_object()).data)


class InteractionSerializer(serializers.ModelSerializer[Interaction]):
    url = serializers.CharField(source="link.url", default=None, read_only=True)

    class Meta:
        model = Interaction
        fields = ["id", "message", "kind", "at", "url", "client", "is_machine"]


class InteractionViewSet(viewsets.ReadOnlyModelViewSet[Interaction]):
    queryset = Interaction.objects.select_related("link")
    serializer_class = InteractionSerializer
    pagination_class = Newest
    ordering_fields = ["id"]
    filterset_fields = ["kind", "is_machine", "message", "message__journey_key"]


class SuppressionSerializer(ModelBody[Suppression]):
    class Meta:
        model = Suppression
        fields = ["id", "address", "reason", "purpose", "detail", "at"]
        read_only_fields = ["reason", "purpose", "at"]
        validators: list[Any] = []


class SuppressionViewSet(mixins.CreateModelMixin, mixins.DestroyModelMixin, viewsets.ReadOnlyModelViewSet[Suppression]):
    """Addresses that are not written to."""

    queryset = Suppression.objects.all()
    serializer_class = SuppressionSerializer
    pagination_class = Newest
    ordering_fields = ["id"]
    filterset_fields = ["reason", "purpose", "address"]
    search_fields = ["address"]

    def perform_create(self, serializer: Any) -> None:
        given = serializer.validated_data
        serializer.instance = consent.suppress(given["address"], detail=given.get("detail", ""), by=actor(self.request))

    def perform_destroy(self, instance: Suppression) -> None:
        consent.unsuppress(instance, by=actor(self.request))


class TemplateVersionSerializer(serializers.ModelSerializer[TemplateVersion]):
    class Meta:
        model = TemplateVersion
        fields = ["id", "template", "number", *CONTENT_FIELDS, "tokens", "created_at"]


class TemplateVersionViewSet(viewsets.ReadOnlyModelViewSet[TemplateVersion]):
    queryset: QuerySet[TemplateVersion] = TemplateVersion.objects.all()
    serializer_class = TemplateVersionSerializer
    filterset_fields = ["template"]


def register(router: BaseRouter) -> None:
    """Adds this room's viewsets under `/api/v1/`."""
    router.register("templates", EmailTemplateViewSet)
    router.register("template-versions", TemplateVersionViewSet)
    router.register("messages", MessageViewSet)
    router.register("interactions", InteractionViewSet)
    router.register("suppressions", SuppressionViewSet)
