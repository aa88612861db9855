"""Values of people, for mails."""

from collections.abc import Iterable
from typing import Any

from profiles.models import Profile


def values_of(profile_ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Attributes and measures by name, per profile that exists. Money in minor units, dates as ISO text."""
    rows = Profile.objects.filter(pk__in=list(profile_ids)).values_list("pk", "attributes")
    return dict(rows)
