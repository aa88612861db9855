"""Who may be written to."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.roles import VisibleQuerySet
from messaging.models.template import Purpose


class Channel(models.TextChoices):
    EMAIL = "email", _("E-mail")


class ConsentState(models.TextChoices):
    OPTED_IN = "opted_in", _("Opted in")
    OPTED_OUT = "opted_out", _("Opted out")


class Consent(models.Model):
    """What the owner of an address allowed, one row per change. The newest per address, channel and purpose holds."""

    address = models.CharField(_("address"), max_length=320)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices, default=Channel.EMAIL)
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose.choices, default=Purpose.MARKETING)
    state = models.CharField(_("state"), max_length=10, choices=ConsentState.choices)
    source = models.CharField(_("source"), max_length=60)
    at = models.DateTimeField(_("when"), default=timezone.now, db_index=True)
    message = models.ForeignKey(
        "messaging.Message", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("message")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("recorded by"),
    )

    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        indexes = [models.Index(fields=["address", "channel", "purpose", "-at", "-id"], name="consent_newest")]

    def __str__(self) -> str:
        return f"{self.address}: {self.get_state_display()}"


class SuppressionReason(models.TextChoices):
    HARD_BOUNCE = "hard_bounce", _("Mailbox does not exist")
    UNSUBSCRIBED = "unsubscribed", _("Unsubscribed")
    COMPLAINT = "complaint", _("Complained")
    MANUAL = "manual", _("Added by hand")


class Suppression(models.Model):
    """An address that is not written to. An empty purpose means: for no purpose at all."""

    address = models.CharField(_("address"), max_length=320)
    reason = models.CharField(_("reason"), max_length=12, choices=SuppressionReason.choices)
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose.choices, blank=True)
    detail = models.CharField(_("detail"), max_length=300, blank=True)
    at = models.DateTimeField(_("since"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("added by")
    )

    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("suppressed address")
        verbose_name_plural = _("suppressed addresses")
        constraints = [
            models.UniqueConstraint(fields=["address", "reason", "purpose"], name="one_suppression_per_reason")
        ]
        indexes = [models.Index(fields=["-at", "id"], name="suppression_newest")]  # as the page lists them

    def __str__(self) -> str:
        return self.address
