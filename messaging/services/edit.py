"""Saving, copying and removing e-mails, and sending a test."""

import uuid

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import Conflict, InvalidInput
from core.roles import Actor, require
from core.usage import InUse
from messaging import checks, usage
from messaging.consent import key
from messaging.delivery import deliver_due
from messaging.models import EmailTemplate, Message
from messaging.models.template import CONTENT_FIELDS
from messaging.services.freeze import freeze


def save_template(template: EmailTemplate, *, by: Actor = None, quiet: bool = False) -> EmailTemplate:
    """Saves the draft. `quiet` leaves no line in the history (an editor saves every few moments)."""
    is_new = template.pk is None
    require(by, "messaging.add_emailtemplate" if is_new else "messaging.change_emailtemplate")
    if not template.name.strip():
        raise InvalidInput(_("Give the e-mail a name."), fields={"name": [_("Give the e-mail a name.")]})
    try:
        template.clean_fields(exclude={"name", "slug"})
    except ValidationError as error:
        name, found = next(iter(error.message_dict.items()))
        raise InvalidInput(found[0], place=name, fields=error.message_dict) from error
    with transaction.atomic():
        template.updated_by = by
        if is_new:
            template.created_by = by
        template.save()
        if not quiet:
            audit.record(by, "template.create" if is_new else "template.change", template)
    return template


def duplicate_template(template: EmailTemplate, *, by: Actor = None) -> EmailTemplate:
    content = {name: getattr(template, name) for name in CONTENT_FIELDS}
    copy = EmailTemplate(name=_("Copy of %(name)s") % {"name": template.name}, **content)
    return save_template(copy, by=by)


def delete_template(template: EmailTemplate, *, by: Actor = None) -> None:
    """Raises Conflict while something sends the e-mail, and when it was sent: its messages keep it."""
    require(by, "messaging.delete_emailtemplate")
    if uses := usage.emails.of(template.slug):
        raise InUse(_("“%(name)s” is used by %(uses)s. Remove it there first."), uses, name=template.name)
    with transaction.atomic():
        audit.record(by, "template.delete", template)
        if Message.objects.filter(template_version__template=template).exists():
            raise Conflict(
                _("“%(name)s” was sent to people; its messages need it. It stays, and nothing sends it any more.")
                % {"name": template.name}
            )
        template.versions.all().delete()
        template.delete()


def restore_version(template: EmailTemplate, number: int, *, by: Actor = None) -> EmailTemplate:
    """Makes an earlier version the draft again."""
    version = template.versions.get(number=number)
    for name in CONTENT_FIELDS:
        setattr(template, name, getattr(version, name))
    return save_template(template, by=by)


def send_test(template: EmailTemplate, address: str, profile_id: str = "", *, by: Actor = None) -> Message:
    """Sends the draft to one address, with the values of one person, through the ledger; returns the settled message.

    Raises InvalidInput when the draft has errors. Must not run inside a transaction.
    """
    require(by, "messaging.change_emailtemplate")
    checks.require_sendable(template)
    address = key(address)
    now = timezone.now()
    with transaction.atomic():
        message = Message.objects.create(
            cause=f"test/{uuid.uuid4()}",
            profile_id=profile_id,
            address=address,
            template_version=freeze(template, by=by),
            is_test=True,
            planned_at=now,
            due_at=now,
        )
        audit.record(by, "template.test", template)
    deliver_due(1, only=[message.pk])
    message.refresh_from_db()
    return message
