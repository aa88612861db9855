"""Rows that every room shares: the workspace's own settings, the audit trail, and the base of what users define."""

import itertools
from collections.abc import Container
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from core import places
from core.roles import VisibleQuerySet
from core.sessions import Session as Session
from core.text import fold


def zone_named(name: str | None) -> ZoneInfo:
    """UTC where the system does not know it."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


class Workspace(models.Model):
    """The one row of settings that a person changes in the browser."""

    company_name = models.CharField(_("company name"), max_length=200, default="Kindred")
    currency = models.CharField(_("currency"), max_length=3, default="USD", validators=[RegexValidator(r"^[A-Z]{3}$")])
    default_country = models.CharField(_("default country"), max_length=2, default="US")
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    company_address = models.TextField(_("postal address"), blank=True, max_length=500)
    from_name = models.CharField(
        _("sender of e-mails"), max_length=200, blank=True, validators=[RegexValidator(r"^[^\r\n]*$")]
    )
    from_email = models.EmailField(_("address of the sender"), blank=True)
    locale = models.CharField(_("language of e-mails"), max_length=20, default="en")
    consent_required = models.BooleanField(_("marketing only with consent"), default=False)
    extra = models.JSONField(_("other settings"), default=dict, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("workspace")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_workspace")]

    def __str__(self) -> str:
        return self.company_name

    def clean(self) -> None:
        """Else mails would be in English and days begin at midnight in Greenwich, and nobody would say why."""
        wrong = {}
        if zone_named(self.time_zone).key != self.time_zone:
            wrong["time_zone"] = _("There is no time zone of this name. Write it as Europe/Berlin.")
        if self.locale not in places.languages():
            wrong["locale"] = _("There is no such language. Write it as de or de_AT.")
        if wrong:
            raise ValidationError(wrong)

    @classmethod
    def current(cls) -> "Workspace":
        return cls.objects.get_or_create(pk=1)[0]

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which days begin and times are shown."""
        return zone_named(self.time_zone)


def natural_slug(name: str) -> str:
    return slugify(fold(name))[:180] or "unnamed"


class Definition(models.Model):
    """Whatever a user defines and names. The slug is made from the name once, and stays."""

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("short name"), max_length=200, unique=True, allow_unicode=True)
    description = models.TextField(_("description"), blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("created by")
    )
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("changed by")
    )

    objects = VisibleQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.slug:
            self.slug = self._free_slug()
        super().save(*args, **kwargs)

    @classmethod
    def slug_of(cls, called: str) -> str:
        """The short name of what has this short name or, failing that, this name; else the text itself."""
        known = list(cls._default_manager.filter(models.Q(slug=called) | models.Q(name__iexact=called)).order_by("pk"))
        return min(known, key=lambda one: one.slug != called).slug if known else called

    @property
    def natural_slug(self) -> str:
        """The short name that its name gives, as long as nothing else has it."""
        return natural_slug(self.name)

    def _free_slug(self) -> str:
        base, taken = self.natural_slug, self.taken_slugs()
        return next(slug for n in itertools.count(1) if (slug := base if n == 1 else f"{base}-{n}") not in taken)

    def taken_slugs(self) -> Container[str]:
        """The short names that it cannot have."""
        return set(type(self)._default_manager.exclude(pk=self.pk).values_list("slug", flat=True))


class AuditEntry(models.Model):
    """Who changed what and when. Never holds personal data of customers, only ids and names of definitions."""

    at = models.DateTimeField(_("when"), auto_now_add=True, db_index=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("who")
    )
    verb = models.CharField(_("what"), max_length=60, db_index=True)
    kind = models.CharField(_("kind"), max_length=60)
    target = models.CharField(_("target"), max_length=200)
    label = models.CharField(_("name"), max_length=250)
    details = models.JSONField(_("details"), default=dict, blank=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        indexes = [models.Index(fields=["kind", "target", "-at"])]

    def __str__(self) -> str:
        return f"{self.verb} {self.label}"


class ApiToken(models.Model):
    """What a program signs in with instead of a person; may do what they may. `digest`: SHA-256 of its text, in hex."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_token", verbose_name=_("person")
    )
    digest = models.CharField(_("digest"), max_length=64, unique=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self) -> str:
        return str(self.user)


class SavedView(models.Model):
    """One person's name for a list's search, filters, sort and columns."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views", verbose_name=_("person")
    )
    list = models.CharField(_("list"), max_length=60)
    name = models.CharField(_("name"), max_length=100)
    query = models.TextField(_("query"), blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        constraints = [models.UniqueConstraint(fields=["user", "list", "name"], name="saved_view_once")]

    def __str__(self) -> str:
        return self.name
