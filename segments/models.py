"""Segments: named rules, and how their sizes went."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.models import Definition
from core.roles import VisibleQuerySet


class Segment(Definition):
    """A rule with a name. Live ones have members in the lake (`segments.members`), kept up by the refresh."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        LIVE = "live", _("Live")

    rule = models.JSONField(_("rule"), default=dict)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT, db_index=True)
    size = models.PositiveBigIntegerField(_("members"), null=True, blank=True)
    refreshed_at = models.DateTimeField(_("refreshed"), null=True, blank=True)
    problem = models.TextField(_("problem"), blank=True)

    class Meta(Definition.Meta):
        verbose_name = _("segment")
        verbose_name_plural = _("segments")
        permissions = [("export_segment", "Can export members of segments")]

    @property
    def is_live(self) -> bool:
        return self.state == self.State.LIVE

    def get_absolute_url(self) -> str:
        return reverse("segments:detail", args=[self.slug])


class SegmentRun(models.Model):
    """The size of a live segment after one refresh. `joined` and `left` are against the refresh before."""

    segment = models.ForeignKey(Segment, models.CASCADE, related_name="runs", verbose_name=_("segment"))
    at = models.DateTimeField(_("when"))
    size = models.PositiveBigIntegerField(_("members"))
    of_all = models.PositiveBigIntegerField(_("customers"), default=0)
    joined = models.PositiveBigIntegerField(_("joined"), default=0)
    left = models.PositiveBigIntegerField(_("left"), default=0)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("segment run")
        verbose_name_plural = _("segment runs")
        indexes = [models.Index(fields=["segment", "-at"])]

    def __str__(self) -> str:
        return f"{self.segment} {self.at:%Y-%m-%d %H:%M}"
