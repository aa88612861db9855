"""Durable work: a row says what was asked, who works on it, how far it is and how it ended."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from core.roles import VisibleQuerySet
from jobs import registry


class JobQuerySet(VisibleQuerySet["Job"]):
    def active(self) -> "JobQuerySet":
        return self.filter(state__in=Job.ACTIVE)


class Job(models.Model):
    """One piece of work. States: queued → running → done, failed or cancelled; nothing else."""

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    ACTIVE = (State.QUEUED, State.RUNNING)

    kind = models.CharField(_("work"), max_length=60, db_index=True)
    params = models.JSONField(_("parameters"), default=dict, blank=True)
    key = models.CharField(_("key"), max_length=200, null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.QUEUED, db_index=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("started by")
    )
    by_command = models.BooleanField(_("started by a command"), default=False, db_default=False)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    lease_until = models.DateTimeField(_("taken until"), null=True, blank=True)
    rung_at = models.DateTimeField(_("last announced"), null=True, blank=True)
    done = models.BigIntegerField(_("done so far"), default=0)
    total = models.BigIntegerField(_("to do"), null=True, blank=True)
    message = models.CharField(_("message"), max_length=250, blank=True)
    cancel_requested = models.BooleanField(_("asked to stop"), default=False)
    result = models.JSONField(_("result"), default=dict, blank=True)
    error = models.TextField(_("error"), blank=True)
    error_place = models.CharField(_("place"), max_length=250, blank=True)
    created_at = models.DateTimeField(_("asked for"), auto_now_add=True, db_index=True)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        permissions = [("refresh", _("Can refresh the data")), ("change_schedule", _("Can change the schedule"))]
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=models.Q(state__in=["queued", "running"]), name="one_active_job_per_key"
            )
        ]
        indexes = [models.Index(fields=["state", "lease_until"])]

    def __str__(self) -> str:
        return f"{self.label} {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("jobs:detail", args=[self.pk])

    @property
    def label(self) -> str:
        """What it does, in the reader's language; the kind's name where its room is gone."""
        kind = registry.find(self.kind)
        return str(kind.label) if kind else self.kind

    @property
    def started_by(self) -> str:
        """A person's name, or what it was; in the reader's language."""
        if self.by:
            return self.by.get_username()
        return str(_("a command") if self.by_command else _("the schedule"))

    @cached_property
    def subjects(self) -> list[registry.Subject]:
        """What it works on. Costs a query; lists ask for all of their rows at once."""
        return registry.subjects_of(self.kind, [self.params])[0]

    @property
    def unit(self) -> str:
        """What `done` and `total` count, in the reader's language."""
        kind = registry.find(self.kind)
        return str(kind.unit) if kind else ""

    @property
    def is_active(self) -> bool:
        return self.state in self.ACTIVE

    @property
    def seconds(self) -> float:
        """How long it has run, or ran."""
        if self.started_at is None:
            return 0.0
        return ((self.finished_at or timezone.now()) - self.started_at).total_seconds()

    @property
    def share(self) -> float | None:
        """0 to 1, None while the end is unknown."""
        if self.state == self.State.DONE:
            return 1.0
        return min(1.0, self.done / self.total) if self.total else None

    @property
    def percent(self) -> int | None:
        return None if self.share is None else int(self.share * 100)

    @property
    def rate(self) -> float | None:
        """Units per second, on average since the start."""
        return self.done / self.seconds if self.done and self.seconds > 0 else None

    @property
    def shown_rate(self) -> float | None:
        """The rate where it says something: not for a handful of steps."""
        return self.rate if self.rate and self.rate >= 1 else None

    @property
    def time_left(self) -> datetime.timedelta | None:
        """If it goes on like this."""
        if self.state != self.State.RUNNING or not self.rate or not self.total:
            return None
        return datetime.timedelta(seconds=round(max(0, self.total - self.done) / self.rate))


class StageRun(models.Model):
    """One stage of one refresh."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        SKIPPED = "skipped", _("skipped")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    job = models.ForeignKey(Job, models.CASCADE, related_name="stages", verbose_name=_("job"))
    name = models.CharField(_("stage"), max_length=60)
    position = models.PositiveIntegerField(_("position"), default=0)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    note = models.CharField(_("note"), max_length=500, blank=True)
    rows = models.BigIntegerField(_("rows"), default=0)
    done = models.BigIntegerField(_("done so far"), default=0)
    total = models.BigIntegerField(_("to do"), null=True, blank=True)
    message = models.CharField(_("message"), max_length=250, blank=True)
    inputs = models.JSONField(_("input versions"), default=dict)
    outputs = models.JSONField(_("output versions"), default=dict)
    definition = models.CharField(_("definition"), max_length=64, blank=True)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    problems: Sequence[str] = ()  # not stored here: in the job's result

    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ["job", "position"]
        verbose_name = _("refresh step")
        verbose_name_plural = _("refresh steps")
        constraints = [models.UniqueConstraint(fields=["job", "name"], name="one_run_per_stage_and_job")]
        indexes = [models.Index(fields=["name", "state", "-finished_at"])]

    def __str__(self) -> str:
        return f"{self.job_id} {self.name}"

    @property
    def label(self) -> str:
        from jobs import stages

        stage = stages.find(self.name)
        return str(stage.label) if stage else self.name

    @property
    def seconds(self) -> float:
        if self.started_at is None:
            return 0.0
        return ((self.finished_at or timezone.now()) - self.started_at).total_seconds()

    @property
    def rate(self) -> float | None:
        """Rows per second of a finished stage, or of what is done so far."""
        count = self.rows or self.done
        return count / self.seconds if count and self.seconds > 0 else None

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "state": self.state,
            "rows": self.rows,
            "seconds": round(self.seconds, 3),
            "note": self.note,
        } | ({"problems": list(self.problems)} if self.problems else {})
