"""Where data comes from: sources, their tables and columns, and every load of a table."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.crypto import EncryptedJSONField
from core.models import Definition
from core.roles import VisibleQuerySet
from core.text import humanize
from lake.specs import TableSpec
from lake.words import full_title
from sources.values.plan import spelled

NAME_PATTERN = r"^[^\W_][\w \-]*$"
safe_name = RegexValidator(
    NAME_PATTERN, _("Use letters, digits, spaces, - and _ only, and begin with a letter or a digit.")
)


class Source(Definition):
    """One system that data comes from. `name` is the first part of its tables' names in the lake, and never changes."""

    connector = models.CharField(_("kind"), max_length=30)
    label = models.CharField(_("label"), max_length=200, blank=True)
    config = models.JSONField(_("settings"), default=dict, blank=True)
    secrets = EncryptedJSONField(_("secrets"), default=dict, blank=True)
    unchecked = models.JSONField(_("uploaded files whose columns are not checked yet"), default=list, blank=True)

    class Meta(Definition.Meta):
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        constraints = [models.UniqueConstraint(fields=["name"], name="one_source_per_name")]

    def __str__(self) -> str:
        return self.label or humanize(self.name)

    def get_absolute_url(self) -> str:
        return reverse("sources:detail", args=[self.slug])


class SourceTable(models.Model):
    """One table of a source. `config` says where it is (a path, a query …) and how it is read.

    `stated` names the settings that a person or a file gave ("key", "label"); others are inferred and may change.
    `fingerprint` identifies the input of the last success, `cursor` the highest cursor value that was loaded.
    """

    class State(models.TextChoices):
        NEW = "new", _("not loaded yet")
        LOADED = "loaded", _("loaded")
        FAILED = "failed", _("failed")

    source = models.ForeignKey(Source, models.CASCADE, related_name="tables", verbose_name=_("source"))
    name = models.CharField(_("name"), max_length=120, validators=[safe_name])
    label = models.CharField(_("label"), max_length=200, blank=True)
    config = models.JSONField(_("settings"), default=dict, blank=True)
    key = models.JSONField(_("key columns"), default=list, blank=True)
    stated = models.JSONField(_("stated"), default=list, blank=True)
    active = models.BooleanField(_("active"), default=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.NEW)
    problem = models.TextField(_("problem"), blank=True)
    rows = models.PositiveBigIntegerField(_("rows"), default=0)
    rejected = models.PositiveBigIntegerField(_("rows set aside"), default=0)
    loaded_at = models.DateTimeField(_("last loaded"), null=True, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True, editable=False)
    definition = models.CharField(max_length=64, blank=True, editable=False)
    cursor = models.JSONField(_("cursor"), null=True, blank=True, editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ["source__name", "pk"]
        verbose_name = _("source table")
        verbose_name_plural = _("source tables")
        permissions = [("view_quarantine", _("Can see rows that were set aside"))]
        constraints = [models.UniqueConstraint(fields=["source", "name"], name="one_table_per_source_and_name")]

    def __str__(self) -> str:
        return self.label or humanize(self.name)

    def get_absolute_url(self) -> str:
        return reverse("sources:table", args=[self.source.slug, self.name])

    @property
    def full_name(self) -> str:
        """Its name in the lake: `<source>.<table>`."""
        return f"{self.source.name}.{self.name}"

    @property
    def full_title(self) -> str:
        """ "Shop · Customers": for places where tables of other sources may stand beside it."""
        return full_title(TableSpec(self.full_name, str(self)))

    @property
    def origin(self) -> str:
        """What it is read from, for people: a path, a table or a query; of an upload its file name alone."""
        path = str(self.config.get("path", ""))
        if path.startswith(str(Path(settings.MEDIA_ROOT) / "sources")):
            return Path(path).name
        return path or str(self.config.get("table") or self.config.get("query") or "")

    @property
    def quarantine_name(self) -> str:
        return f"quarantine.{self.full_name}"


class SourceColumn(models.Model):
    """One column. What `stated` names was given by a person or a file and always wins; the rest is inferred at loads.

    `format` is how values are read: a strptime pattern, "iso", "epoch_s", "epoch_ms", "epoch_us" or "days" for times;
    the decimal mark ("." or ",") for numbers and money, "minor" for money in the smallest unit. `semantic` "" means
    none. `is_present` is false once the input no longer has the column.
    """

    class Type(models.TextChoices):
        STRING = "string", _("text")
        INTEGER = "integer", _("whole number")
        NUMBER = "number", _("number")
        BOOLEAN = "boolean", _("yes or no")
        DATE = "date", _("date")
        TIMESTAMP = "timestamp", _("date and time")
        MONEY = "money", _("money")
        LIST = "list", _("list")

    table = models.ForeignKey(SourceTable, models.CASCADE, related_name="columns", verbose_name=_("table"))
    name = models.CharField(_("name"), max_length=250)
    position = models.PositiveIntegerField(_("position"), default=0)
    type = models.CharField(_("type"), max_length=10, choices=Type, default=Type.STRING)
    semantic = models.CharField(_("meaning"), max_length=60, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    format = models.CharField(_("format"), max_length=60, blank=True)
    label = models.CharField(_("label"), max_length=250, blank=True)
    is_sensitive = models.BooleanField(_("sensitive"), default=False)
    is_present = models.BooleanField(_("present in the input"), default=True)
    stated = models.JSONField(_("stated"), default=list, blank=True)
    reason = models.CharField(_("why this meaning"), max_length=250, blank=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ["table", "position", "pk"]
        verbose_name = _("source column")
        verbose_name_plural = _("source columns")
        constraints = [models.UniqueConstraint(fields=["table", "name"], name="one_column_per_table_and_name")]

    def __str__(self) -> str:
        return self.label or humanize(self.name)

    @property
    def spelling(self) -> str:
        """How its values are written, in words; "" where there is nothing to say."""
        return spelled(self.type, self.format)

    def states(self, what: str) -> bool:
        return what in self.stated


class Load(models.Model):
    """One attempt to load one table: what was read, kept and set aside, and why it ended as it did."""

    class State(models.TextChoices):
        RUNNING = "running", _("loading")
        DONE = "done", _("loaded")
        UNCHANGED = "unchanged", _("nothing new")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    table = models.ForeignKey(SourceTable, models.CASCADE, related_name="loads", verbose_name=_("table"))
    job = models.CharField(_("job"), max_length=64, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.RUNNING)
    rows_read = models.PositiveBigIntegerField(_("rows read"), default=0)
    rows_loaded = models.PositiveBigIntegerField(_("rows loaded"), default=0)
    rows_rejected = models.PositiveBigIntegerField(_("rows set aside"), default=0)
    bytes = models.PositiveBigIntegerField(_("bytes read"), default=0)
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    message = models.TextField(_("message"), blank=True)
    place = models.CharField(_("place"), max_length=250, blank=True)
    notes = models.JSONField(_("notes"), default=list, blank=True)
    reasons = models.JSONField(_("rows set aside by reason"), default=dict, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    version = models.PositiveBigIntegerField(_("catalog version"), null=True, blank=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-pk"]
        verbose_name = _("load")
        verbose_name_plural = _("loads")
        indexes = [models.Index(fields=["table", "-started_at"], name="loads_of_a_table")]

    def __str__(self) -> str:
        return f"{self.table} {self.started_at:%Y-%m-%d %H:%M}"

    @property
    def seconds(self) -> float | None:
        return (self.finished_at - self.started_at).total_seconds() if self.finished_at else None

    def finish(self, state: str, **values: Any) -> None:
        self.state, self.finished_at = state, timezone.now()
        for name, value in values.items():
            setattr(self, name, value)
        self.save()
