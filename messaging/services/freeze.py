"""Making the version of an e-mail that is sent."""

import hashlib
import json
from typing import Any

from django.db import transaction

from core.roles import Actor
from messaging import catalog
from messaging.models import EmailTemplate, TemplateVersion, TrackedLink
from messaging.models.template import CONTENT_FIELDS


def freeze(template: EmailTemplate, *, by: Actor = None) -> TemplateVersion:
    """The version with exactly this content: an existing one, or a new one with its tracked links.

    The types and currencies of its tokens are frozen with it. Nothing is refused here: `checks.require_sendable` does.
    """
    compiled = catalog.compile_draft(template)
    content: dict[str, Any] = {name: getattr(template, name) for name in CONTENT_FIELDS}
    content["tokens"] = catalog.token_rows(compiled)
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    with transaction.atomic():
        EmailTemplate.objects.select_for_update().get(pk=template.pk)
        versions = TemplateVersion.objects.filter(template=template)
        if found := versions.filter(digest=digest).first():
            return found
        number = max(versions.values_list("number", flat=True), default=0) + 1
        version = TemplateVersion.objects.create(
            template=template, number=number, digest=digest, created_by=by, **content
        )
        TrackedLink.objects.bulk_create(
            TrackedLink(template_version=version, position=position, url=url)
            for position, url in enumerate(compiled.links)
        )
    return version
