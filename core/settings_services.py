"""What an administrator changes about the workspace, and what a person changes about their API token."""

from typing import Any

from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.home import Todo
from core.models import ApiToken, Workspace
from core.rest_tokens import digest_of, new_text
from core.roles import Actor, require

TIME_ZONE_KEY = "workspace:time_zone"


@transaction.atomic
def change_workspace(values: dict[str, Any], *, by: Actor) -> Workspace:
    """Sets some of the workspace's fields. Raises ValidationError."""
    require(by, "core.change_workspace")
    workspace = Workspace.current()
    changed = {name: value for name, value in values.items() if getattr(workspace, name) != value}
    for name, value in changed.items():
        setattr(workspace, name, value)
    if changed:
        workspace.full_clean()
        workspace.save()
        audit.record(by, "workspace.change", workspace, **changed)
        transaction.on_commit(lambda: cache.delete(TIME_ZONE_KEY))
    return workspace


def todos(user: User) -> list[Todo]:
    """A new workspace does not know whose it is: names, phone numbers and amounts would be read as somebody else's."""
    known, new = Workspace.current(), Workspace()
    settings = ("company_name", "currency", "default_country", "time_zone")
    is_new = all(getattr(known, name) == getattr(new, name) for name in settings)
    if not is_new or not user.has_perm("core.change_workspace"):
        return []
    text = _("Say who you are: company name, country, currency and time zone. E-mails, phones and amounts use them.")
    return [Todo(text, reverse("core:workspace"), _("Fill them in"), "info")]


@transaction.atomic
def create_token(user: User) -> str:
    """The text of a new token for the API, which is kept nowhere; the old one stops working."""
    text = new_text()
    ApiToken.objects.update_or_create(user=user, defaults={"digest": digest_of(text), "created_at": timezone.now()})
    audit.record(user, "token.create", user)
    return text


@transaction.atomic
def revoke_token(user: User) -> None:
    if ApiToken.objects.filter(user=user).delete()[0]:
        audit.record(user, "token.revoke", user)
