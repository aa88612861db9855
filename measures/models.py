"""What is measured, and what it was."""

from collections.abc import Container

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.models import Definition
from core.roles import VisibleQuerySet
from rules.catalog import ID

FUNCTIONS = ("count", "sum", "average", "min", "max", "first", "last")


OWN_COLUMNS = (ID, f"{ID}_right")
"""Columns of `measures.customer`, while it is made, that are no measures."""


def _column_of(slug: str) -> str:
    return slug.replace("-", "_")


class _Columns(set[str]):
    def __contains__(self, slug: object) -> bool:
        return super().__contains__(_column_of(str(slug)))


class Measure(Definition):
    """A calculation over rows that belong to customers, e.g. the sum of order totals of the last year.

    `table` is the source table ("shop.orders"), `column` what is calculated with (empty: rows are counted), `where` a
    group of conditions on the rows in the rule language, `within` a time window as there. Null: no restriction.
    """

    class Of(models.TextChoices):
        CUSTOMER = "customer", _("each customer")
        BUSINESS = "business", _("the business")

    class Function(models.TextChoices):
        COUNT = "count", _("number of")
        SUM = "sum", _("sum of")
        AVERAGE = "average", _("average of")
        MIN = "min", _("smallest")
        MAX = "max", _("largest")
        FIRST = "first", _("earliest")
        LAST = "last", _("latest")

    of = models.CharField(_("calculated for"), max_length=10, choices=Of.choices, default=Of.CUSTOMER)
    function = models.CharField(_("calculation"), max_length=10, choices=Function.choices)
    table = models.CharField(_("table"), max_length=250)
    column = models.CharField(_("column"), max_length=250, blank=True)
    where = models.JSONField(_("conditions"), null=True, blank=True)
    within = models.JSONField(_("time window"), null=True, blank=True)
    problem = models.TextField(_("problem"), blank=True, editable=False)

    class Meta(Definition.Meta):
        verbose_name = _("measure")
        verbose_name_plural = _("measures")

    @property
    def column_name(self) -> str:
        """Its column in `measures.customer`."""
        return _column_of(self.slug)

    def taken_slugs(self) -> Container[str]:
        """Columns are called by them, where - and _ are one."""
        others = Measure.objects.exclude(pk=self.pk).values_list("slug", flat=True)
        return _Columns({*OWN_COLUMNS, *map(_column_of, others)})

    def get_absolute_url(self) -> str:
        return reverse("measures:detail", args=[self.slug])


class MeasureValue(models.Model):
    """A value of a measure at one refresh: of the business, or the average over customers. Money is in minor units."""

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="values")
    at = models.DateTimeField(_("when"), db_index=True)
    value = models.FloatField(_("value"), null=True)
    text = models.TextField(_("value as text"), blank=True)
    type = models.CharField(_("type"), max_length=20)
    currency = models.CharField(_("currency"), max_length=3, blank=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("measured value")
        verbose_name_plural = _("measured values")
        ordering = ["-at"]
        indexes = [models.Index(fields=["measure", "-at"])]

    def __str__(self) -> str:
        return f"{self.measure_id} {self.at:%Y-%m-%d}"
