"""What happened to an identity, on the timeline."""

from datetime import datetime

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils.translation import gettext as _

from profiles.customers import history
from profiles.customers.timeline import Activity

TYPE = "identity"


def provider(user: User | None, profile_id: str, before: datetime | None, limit: int) -> list[Activity]:
    return [
        Activity(
            time=item.at,
            type=TYPE,
            title=item.words,
            url=reverse("profiles:detail", args=[item.other_id]),
            record_id=item.other_id,
            icon="fingerprint",
            label=_("Identity"),
        )
        for item in history.of(profile_id, user, before, limit)
    ]
