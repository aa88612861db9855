"""What an administrator changes about the workspace, and what a person changes about their API token."""

from typing import Any

from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.home import StoryStep
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


def is_new() -> bool:
    """Nobody has said whose workspace this is: phone numbers, dates and amounts would be read as somebody else's."""
    known, new = Workspace.current(), Workspace()
    settings = ("company_name", "currency", "default_country", "time_zone")
    return all(getattr(known, name) == getattr(new, name) for name in settings)


def story_step(user: User) -> StoryStep | None:
    """The first of all steps, for those who may do it."""
    if not user.has_perm("core.change_workspace"):
        return None
    text = _("Company name, country, currency and time zone: phone numbers, dates and amounts are read by them.")
    return StoryStep(0, _("Say who you are"), text, reverse("core:workspace"), _("Fill them in"), not is_new())


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
