from django.db.models import QuerySet
from rest_framework import serializers, viewsets
from rest_framework.routers import BaseRouter

from core.rest_bodies import ModelBody
from core.roles import actor
from measures.models import Measure
from measures.services import delete_measure, save_measure


class MeasureSerializer(ModelBody[Measure]):
    class Meta:
        model = Measure
        fields = ("slug", "name", "description", "of", "function", "table", "column", "where", "within", "problem")
        read_only_fields = ("slug", "problem")


class MeasureViewSet(viewsets.ModelViewSet[Measure]):
    """Measures per customer and for the business."""

    queryset = Measure.objects.all()
    serializer_class = MeasureSerializer
    lookup_field = "slug"
    filterset_fields = ("of", "function", "table")
    search_fields = ("name", "description")

    def get_queryset(self) -> QuerySet[Measure]:
        return Measure.objects.visible_to(self.request.user)

    def perform_create(self, serializer: serializers.BaseSerializer[Measure]) -> None:
        serializer.instance = save_measure(Measure(**serializer.validated_data), by=actor(self.request))

    def perform_update(self, serializer: serializers.BaseSerializer[Measure]) -> None:
        measure = self.get_object()
        for name, value in serializer.validated_data.items():
            setattr(measure, name, value)
        serializer.instance = save_measure(measure, by=actor(self.request))

    def perform_destroy(self, instance: Measure) -> None:
        delete_measure(instance, by=actor(self.request))


def register(router: BaseRouter) -> None:
    """Adds this room's viewsets under `/api/v1/`."""
    router.register("measures", MeasureViewSet, basename="measure")
