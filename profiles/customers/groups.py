"""The groups that a person belongs to, with their members: for the customer's page and the API."""

from dataclasses import dataclass

from django.contrib.auth.models import User

from lake.queries import Snapshot, snapshot
from lake.words import column_title
from profiles.config.merging import ID_MEANING
from profiles.customers.panels import Panel
from profiles.models import Profile
from profiles.tables import GROUPS

MEMBERS_SHOWN = 12


@dataclass(frozen=True)
class GroupOfPeople:
    """`members`: the first of `size`, by name; the person is one of them."""

    name: str
    label: str
    id: str
    size: int
    members: list[Profile]

    @property
    def more(self) -> int:
        return self.size - len(self.members)


def groups_of(now: Snapshot, profile: Profile, user: User) -> list[GroupOfPeople]:
    """In the order of the catalog."""
    if not now.has(GROUPS):
        return []
    found = []
    for attribute in now.attributes():
        group_id = profile.attributes.get(attribute.name)
        if attribute.semantic == ID_MEANING and group_id:
            rows = now.lookup(GROUPS, {"group_id": group_id}, ["profile_id"])
            people = Profile.objects.visible_to(user).filter(pk__in=rows.column("profile_id").to_pylist())
            members = list(people.order_by("sort_name", "pk").defer("search", "identifiers")[:MEMBERS_SHOWN])
            name = attribute.name.removesuffix("_id")
            found.append(GroupOfPeople(name, column_title(attribute), group_id, rows.num_rows, members))
    return found


def panels(user: User, profile_id: str) -> list[Panel]:
    profile = Profile.objects.visible_to(user).filter(pk=profile_id).defer("search", "identifiers").first()
    if profile is None:
        return []
    return [
        Panel(group.label, "profiles/partials/group_panel.html", {"group": group, "profile": profile}, order=10)
        for group in groups_of(snapshot(), profile, user)
    ]
