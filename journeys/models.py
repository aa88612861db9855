"""Journeys, their published versions, and who stands where in them."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from core.models import Definition
from core.roles import VisibleQuerySet
from core.text import fold
from journeys.goals import goal_words
from messaging.conversions import MAX_DAYS

MAX_SLUG = 100  # the ledger of messages keeps the short name as a key


class Journey(Definition):
    """What a marketer draws. `draft` is the graph being edited; people walk through the frozen versions."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        LIVE = "live", _("Live")
        PAUSED = "paused", _("Paused")
        COMPLETED = "completed", _("Completed")
        STOPPED = "stopped", _("Stopped")

    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT, db_index=True)
    draft = models.JSONField(_("draft"), default=dict, blank=True)
    revision = models.PositiveIntegerField(_("draft revision"), default=0)
    conversion_activity = models.CharField(_("conversion activity"), max_length=100, blank=True)
    conversion_days = models.PositiveSmallIntegerField(
        _("conversion window in days"),
        default=14,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_DAYS)],
    )

    class Meta(Definition.Meta):
        verbose_name = _("journey")
        verbose_name_plural = _("journeys")
        permissions = [("publish_journey", _("Can publish, pause and stop journeys"))]

    def _free_slug(self) -> str:
        """Short enough for the ledger's keys, and never the address of the page that makes journeys."""
        base = slugify(fold(self.name))[:MAX_SLUG].strip("-") or "unnamed"
        taken = {*Journey.objects.filter(slug__startswith=base).values_list("slug", flat=True), "new"}
        return next(slug for n in range(1, len(taken) + 2) if (slug := base if n == 1 else f"{base}-{n}") not in taken)

    def get_absolute_url(self) -> str:
        return reverse("journeys:detail", args=[self.slug])

    @property
    def is_running(self) -> bool:
        return self.state in {self.State.LIVE, self.State.PAUSED}

    @property
    def goal_words(self) -> str:
        return goal_words(self.conversion_activity, self.conversion_days)

    def latest(self) -> "JourneyVersion | None":
        return self.versions.order_by("-number").first()


class JourneyVersion(models.Model):
    """A published graph. It never changes; whoever entered on it stays on it. Only the newest takes new people."""

    journey = models.ForeignKey(Journey, models.CASCADE, related_name="versions", verbose_name=_("journey"))
    number = models.PositiveIntegerField(_("number"))
    graph = models.JSONField(_("graph"))
    frozen: Any = models.JSONField(
        _("pinned parts"),
        null=True,
        blank=True,
        help_text=_(
            "Per step: what was pinned, at publication or, before anything was loaded, at the first enrolment."
        ),
    )
    published_at = models.DateTimeField(_("published"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("published by"),
    )
    enrolled_at = models.DateTimeField(_("first enrolment"), null=True, blank=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("journey version")
        verbose_name_plural = _("journey versions")
        ordering = ["journey", "-number"]
        constraints = [models.UniqueConstraint(fields=["journey", "number"], name="one_version_per_number")]

    def __str__(self) -> str:
        return f"{self.journey} · {self.number}"


class Enrolment(models.Model):
    """One run of one person.

    `step` is where the person stands, or stood last. `due_at` is when they may leave it; null once the run is over.
    `trail` holds every step left, in order, as 32 × its place in the version's graph + the number of the exit taken;
    `trail_seconds` when that was, in seconds after `entered_at`. Together 6 bytes a step instead of a row of their own.
    """

    class State(models.TextChoices):
        ACTIVE = "active", _("Under way")
        DONE = "done", _("Completed")
        LEFT = "left", _("Left early")
        STOPPED = "stopped", _("Stopped")

    journey = models.ForeignKey(Journey, models.CASCADE, related_name="enrolments", verbose_name=_("journey"))
    version = models.ForeignKey(
        JourneyVersion, models.CASCADE, related_name="enrolments", db_index=False, verbose_name=_("version")
    )
    profile_id = models.CharField(_("customer"), max_length=64)
    entered_as = models.CharField(
        _("entered as"), max_length=64, blank=True, default="", help_text=_("The customer's id before a merge.")
    )
    occurrence = models.PositiveSmallIntegerField(_("occurrence"), default=1)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.ACTIVE)
    reason = models.CharField(_("reason"), max_length=60, blank=True)
    step = models.CharField(_("step"), max_length=40)
    entered_at = models.DateTimeField(_("entered"))
    arrived_at = models.DateTimeField(_("arrived at the step"))
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    trail: Any = ArrayField(models.SmallIntegerField(), default=list, verbose_name=_("steps left"))
    trail_seconds: Any = ArrayField(models.IntegerField(), default=list, verbose_name=_("when they were left"))

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("person in a journey")
        verbose_name_plural = _("people in journeys")
        constraints = [
            models.UniqueConstraint(
                fields=["journey", "profile_id", "occurrence"], name="one_enrolment_per_occurrence"
            ),
            models.CheckConstraint(
                condition=models.Q(state="active", due_at__isnull=False)
                | (~models.Q(state="active") & models.Q(due_at__isnull=True)),
                name="due_while_active",
            ),
        ]
        indexes = [
            models.Index(
                fields=["version", "step", "due_at"], name="enrolment_due", condition=models.Q(state="active")
            ),
            models.Index(fields=["profile_id"], name="enrolment_profile"),
            models.Index(fields=["entered_as"], name="enrolment_entered_as", condition=~models.Q(entered_as="")),
            models.Index(fields=["version", "state", "step"], name="enrolment_place"),
        ]

    def __str__(self) -> str:
        return f"{self.profile_id} · {self.version}"


class StepFlow(models.Model):
    """How many people ever moved: one counter per step and way to move, whatever the audience and however long.

    `entered`: came to the step. `passed`: left it by exit `outcome`. `done`, `left`, `stopped`: their run ended there,
    with `reason`. People who wait at a step = entered - passed - done - left - stopped, exactly, at any moment.
    """

    class Event(models.TextChoices):
        ENTERED = "entered", _("Arrived")
        PASSED = "passed", _("Passed")
        DONE = "done", _("Completed")
        LEFT = "left", _("Left early")
        STOPPED = "stopped", _("Stopped")

    version = models.ForeignKey(JourneyVersion, models.CASCADE, related_name="flows", verbose_name=_("version"))
    step = models.CharField(_("step"), max_length=40)
    event = models.CharField(_("event"), max_length=10, choices=Event.choices)
    outcome = models.PositiveSmallIntegerField(_("exit"), default=0)
    reason = models.CharField(_("reason"), max_length=60, blank=True)
    people = models.PositiveBigIntegerField(_("people"))

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("movement")
        verbose_name_plural = _("movements")
        constraints = [
            models.UniqueConstraint(
                fields=["version", "step", "event", "outcome", "reason"], name="one_counter_per_movement"
            )
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.event} {self.people}"


class StepTrouble(models.Model):
    """A step that people cannot leave at the moment, and why. They are kept there, and it is tried again at
    `retry_at`."""

    version = models.ForeignKey(JourneyVersion, models.CASCADE, related_name="troubles", verbose_name=_("version"))
    step = models.CharField(_("step"), max_length=40)
    message = models.TextField(_("what is wrong"))
    tries = models.PositiveIntegerField(_("tries"), default=1)
    since = models.DateTimeField(_("since"))
    retry_at = models.DateTimeField(_("next try"))

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("step in trouble")
        verbose_name_plural = _("steps in trouble")
        constraints = [models.UniqueConstraint(fields=["version", "step"], name="one_trouble_per_step")]

    def __str__(self) -> str:
        return f"{self.version} {self.step}"
