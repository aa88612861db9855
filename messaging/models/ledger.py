"""The ledger: one row per person and cause, written before anything is sent."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.roles import VisibleQuerySet
from messaging.models.template import TemplateVersion


class State(models.TextChoices):
    PLANNED = "planned", _("Planned")
    HELD = "held", _("On hold")
    CLAIMED = "claimed", _("Being sent")
    ACCEPTED = "accepted", _("Sent")
    REFUSED = "refused", _("Refused")
    UNKNOWN = "unknown", _("Unknown")
    SKIPPED = "skipped", _("Not sent")


class Reason(models.TextChoices):
    """Why a message was skipped or refused. A claimed one is `stopped` or `held` until its sender hears of it."""

    NO_PERSON = "no_person", _("Person no longer exists")
    NO_ADDRESS = "no_address", _("No e-mail address")
    INVALID_ADDRESS = "invalid_address", _("Invalid e-mail address")
    UNSUBSCRIBED = "unsubscribed", _("Unsubscribed")
    SUPPRESSED = "suppressed", _("On the suppression list")
    NO_CONSENT = "no_consent", _("No consent")
    DUPLICATE_ADDRESS = "duplicate_address", _("Address already written to in this step")
    DUPLICATE_PERSON = "duplicate_person", _("Person already written to in this step, under another id")
    MISSING_VALUE = "missing_value", _("Missing value")
    STOPPED = "stopped", _("Stopped")
    HELD = "held", _("On hold")
    EXPIRED = "expired", _("Too late")
    MAILBOX = "mailbox", _("Mailbox does not exist")
    REJECTED = "rejected", _("Rejected by the mail server")
    GAVE_UP = "gave_up", _("Temporary errors until the last attempt")
    CANNOT_RENDER = "cannot_render", _("Content cannot be made")


class Message(models.Model):
    """One intended e-mail to one person for one cause.

    `planned` → `claimed` → `accepted`, `refused` or `unknown`; or `skipped`. `held` is planned, in a journey that is
    paused. `address` is lower-case and empty until
    the row is claimed, unless the planner names one. A claimed row without `handed_over_at` was not yet given to the
    mail server; with it, the answer is outstanding. `settled_at` is when the row reached its last state, in UTC.

    About 260 bytes a row and 330 in indexes at ten million rows; the queue index holds only open rows.
    """

    cause = models.CharField(_("cause"), max_length=200, unique=True)
    profile_id = models.CharField(_("person"), max_length=64, db_index=True)
    address = models.CharField(_("address"), max_length=320, blank=True)
    template_version = models.ForeignKey(
        TemplateVersion, models.PROTECT, related_name="messages", verbose_name=_("version")
    )
    journey_key = models.CharField(_("journey"), max_length=120, blank=True)
    step_key = models.CharField(_("step"), max_length=120, blank=True)
    is_test = models.BooleanField(_("test"), default=False)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.PLANNED)
    reason = models.CharField(_("reason"), max_length=20, choices=Reason.choices, blank=True)
    detail = models.CharField(_("detail"), max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    planned_at = models.DateTimeField(_("planned"))
    due_at = models.DateTimeField(_("due"))
    expires_at = models.DateTimeField(_("not after"), null=True, blank=True)
    claimed_by = models.IntegerField(_("sender process"), null=True, blank=True)
    handed_over_at = models.DateTimeField(_("handed over"), null=True, blank=True)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(state="planned"), name="message_queue"),
            models.Index(fields=["claimed_by"], condition=Q(state="claimed"), name="message_claimed"),
            models.Index(fields=["id"], condition=Q(state="unknown"), name="message_unknown"),
            models.Index(fields=["journey_key", "step_key", "state", "reason"], name="message_by_step"),
            models.Index(
                fields=["address", "journey_key", "step_key"], condition=~Q(address=""), name="message_by_address"
            ),
            models.Index(fields=["settled_at"], condition=Q(settled_at__isnull=False), name="message_settled"),
        ]

    def __str__(self) -> str:
        return self.cause


class TrackedLink(models.Model):
    """A link of a version: the only addresses that a click may lead to."""

    template_version = models.ForeignKey(
        TemplateVersion, models.CASCADE, related_name="links", verbose_name=_("version")
    )
    position = models.PositiveIntegerField(_("position"))
    url = models.TextField(_("address"))

    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ["template_version", "position"]
        verbose_name = _("link")
        verbose_name_plural = _("links")
        constraints = [models.UniqueConstraint(fields=["template_version", "position"], name="one_link_per_position")]

    def __str__(self) -> str:
        return self.url


class InteractionKind(models.TextChoices):
    DELIVERED = "delivered", _("Delivered")
    OPEN = "open", _("Opened")
    CLICK = "click", _("Clicked")
    UNSUBSCRIBE = "unsubscribe", _("Unsubscribed")
    BOUNCE = "bounce", _("Bounced")
    COMPLAINT = "complaint", _("Complained")


class Interaction(models.Model):
    """What happened to a message after it was sent, one row per event. `is_machine`: a scanner, not a person."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="interactions", verbose_name=_("message"))
    kind = models.CharField(_("kind"), max_length=12, choices=InteractionKind.choices)
    at = models.DateTimeField(_("when"), db_index=True)
    link = models.ForeignKey(
        TrackedLink, models.CASCADE, null=True, blank=True, related_name="clicks", verbose_name=_("link")
    )
    client = models.CharField(_("mail program"), max_length=20, blank=True)
    is_machine = models.BooleanField(_("by a machine"), default=False)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("interaction")
        verbose_name_plural = _("interactions")
        indexes = [models.Index(fields=["message", "kind"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d %H:%M}"
