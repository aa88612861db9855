"""Making the version of an e-mail that is sent."""

import hashlib
import json

from django.db import transaction

from core.roles import Actor
from messaging.models import EmailTemplate, TemplateVersion
from messaging.models.template import CONTENT_FIELDS


def freeze(template: EmailTemplate, *, by: Actor = None) -> TemplateVersion:
    """The version with exactly this content: an existing one, or a new one. Nothing is checked here (see `checks`)."""
    content = {name: getattr(template, name) for name in CONTENT_FIELDS}
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    with transaction.atomic():
        EmailTemplate.objects.select_for_update().get(pk=template.pk)
        versions = TemplateVersion.objects.filter(template=template)
        if found := versions.filter(digest=digest).first():
            return found
        number = max(versions.values_list("number", flat=True), default=0) + 1
        return TemplateVersion.objects.create(template=template, number=number, digest=digest, created_by=by, **content)
