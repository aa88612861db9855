"""The catalog: which version of every table belongs together, and what the tables and columns mean."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.roles import VisibleQuerySet
from lake.store import folder_name


class CatalogVersion(models.Model):
    """One publication: the consistent set of tables that a reader sees, `{table: Delta version}`."""

    tables = models.JSONField(_("tables"), default=dict)
    note = models.CharField(_("note"), max_length=250, blank=True)
    created_at = models.DateTimeField(_("published"), auto_now_add=True, db_index=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("catalog version")
        verbose_name_plural = _("catalog versions")

    def __str__(self) -> str:
        return f"{self.pk} {self.note}".strip()


class TableVersion(models.Model):
    """What the catalog says about one version of one table. Rows never change, except for `is_current`."""

    name = models.CharField(_("table"), max_length=250)
    version = models.PositiveBigIntegerField(_("version"))
    label = models.CharField(_("name"), max_length=250)
    grain = models.CharField(_("one row per"), max_length=250, blank=True)
    key = models.JSONField(_("key"), default=list)
    columns = models.JSONField(_("columns"), default=list)
    sorted_by = models.JSONField(_("sorted by"), default=list)
    rows = models.PositiveBigIntegerField(_("rows"), default=0)
    bytes = models.PositiveBigIntegerField(_("size"), default=0)
    published_at = models.DateTimeField(_("published"), auto_now_add=True)
    is_current = models.BooleanField(_("current"), default=False)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ["name", "-version"]
        verbose_name = _("table")
        verbose_name_plural = _("tables")
        permissions = [
            ("view_sensitive", _("Can see sensitive columns")),
            ("export_table", _("Can export tables")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="one_row_per_table_version"),
            models.UniqueConstraint(fields=["name"], condition=models.Q(is_current=True), name="one_current_version"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def folder(self) -> str:
        return folder_name(self.name)


class Relationship(models.Model):
    """Rows of one table belong to a row of another: `from_column` holds the other table's key."""

    class Origin(models.TextChoices):
        DECLARED = "declared", _("stated")
        INFERRED = "inferred", _("found")

    from_table = models.CharField(_("table"), max_length=250)
    from_column = models.CharField(_("column"), max_length=250)
    to_table = models.CharField(_("belongs to"), max_length=250)
    origin = models.CharField(_("origin"), max_length=10, choices=Origin, default=Origin.DECLARED)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ["from_table", "from_column", "to_table"]
        verbose_name = _("relationship")
        verbose_name_plural = _("relationships")
        constraints = [
            models.UniqueConstraint(fields=["from_table", "from_column", "to_table"], name="one_relationship"),
        ]

    def __str__(self) -> str:
        return f"{self.from_table}.{self.from_column} → {self.to_table}"

    @property
    def is_stated(self) -> bool:
        return self.origin == self.Origin.DECLARED


class MirrorState(models.Model):
    """How far a mirrored table of operational rows has come."""

    table = models.CharField(_("table"), max_length=250, unique=True)
    watermark = models.DateTimeField(_("up to"), null=True, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    synced_at = models.DateTimeField(_("last copied"), null=True, blank=True)

    class Meta:
        ordering = ["table"]
        verbose_name = _("mirrored table")
        verbose_name_plural = _("mirrored tables")

    def __str__(self) -> str:
        return self.table
