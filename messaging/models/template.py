"""What is said: the draft a person edits, and the frozen versions that are sent."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.models import Definition
from core.roles import VisibleQuerySet


class BodyFormat(models.TextChoices):
    HTML = "html", _("HTML")
    MJML = "mjml", _("MJML")


class Purpose(models.TextChoices):
    """Why we write. Consent is given and withdrawn per purpose."""

    MARKETING = "marketing", _("Marketing")
    TRANSACTIONAL = "transactional", _("Transactional")


class Content(models.Model):
    """What a draft and a version have in common.

    `defaults` maps a token's label to the text used where a person has no value. An empty `text` is made from the body;
    an empty sender is the workspace's.
    """

    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose.choices, default=Purpose.MARKETING)
    subject = models.CharField(_("subject"), max_length=300, blank=True)
    preview_text = models.CharField(_("preview text"), max_length=300, blank=True)
    format = models.CharField(_("format"), max_length=4, choices=BodyFormat.choices, default=BodyFormat.HTML)
    body = models.TextField(_("body"), blank=True)
    text = models.TextField(_("plain text"), blank=True)
    defaults = models.JSONField(_("defaults for missing values"), default=dict, blank=True)
    from_name = models.CharField(_("sender's name"), max_length=120, blank=True)
    from_email = models.EmailField(_("sender's address"), blank=True)
    reply_to = models.EmailField(_("replies go to"), blank=True)

    class Meta:
        abstract = True


CONTENT_FIELDS = (
    "purpose",
    "subject",
    "preview_text",
    "format",
    "body",
    "text",
    "defaults",
    "from_name",
    "from_email",
    "reply_to",
)


class EmailTemplate(Definition, Content):
    """An e-mail as it is being written."""

    class Meta(Definition.Meta):
        abstract = False
        verbose_name = _("e-mail")
        verbose_name_plural = _("e-mails")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("messaging:template_edit", args=[self.pk])


class TemplateVersion(Content):
    """The content as it was when it was published or tested; never changed. Equal content is one version.

    `tokens`: the attributes and measures that it prints, with type and currency as they were.
    """

    template = models.ForeignKey(EmailTemplate, models.PROTECT, related_name="versions", verbose_name=_("e-mail"))
    number = models.PositiveIntegerField(_("version"))
    tokens = models.JSONField(_("tokens"), default=list, blank=True)
    digest = models.CharField(_("fingerprint"), max_length=64)
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("made by")
    )

    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ["template", "-number"]
        verbose_name = _("version of an e-mail")
        verbose_name_plural = _("versions of e-mails")
        constraints = [
            models.UniqueConstraint(fields=["template", "number"], name="one_number_per_template"),
            models.UniqueConstraint(fields=["template", "digest"], name="one_version_per_content"),
        ]

    def __str__(self) -> str:
        return _("%(name)s, version %(number)d") % {"name": self.template.name, "number": self.number}
