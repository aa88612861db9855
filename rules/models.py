"""The room keeps no rows: rules live in what uses them. Its one permission stands here."""

from django.db import models


class RuleUse(models.Model):  # noqa: DJ008 - has no rows
    """Carries the permission to try rules on customers: search attributes, count, see sample people."""

    class Meta:
        managed = False
        default_permissions = ()
        permissions = [("use", "Can try rules on customers")]
