"""The people who can sign in to a demo: one for each role, with a password that everybody knows."""

from django.contrib.auth.models import Group, User
from django.db import transaction

from core.roles import ROLES

PASSWORD = "kindred"  # noqa: S105 - printed on every start of a demo, never used in production
NAMES = {"administrator": "admin"}  # the others are called like their role


def usernames() -> dict[str, str]:
    """Role → user name."""
    return {role: NAMES.get(role, role) for role in ROLES}


@transaction.atomic
def ensure() -> None:
    """Makes those who are missing. Somebody who changed their password keeps it."""
    for role, username in usernames().items():
        user, created = User.objects.get_or_create(username=username, defaults={"email": f"{username}@kindred.example"})
        if created:
            user.is_staff = user.is_superuser = username == "admin"
            user.set_password(PASSWORD)
            user.save()
        user.groups.add(Group.objects.get(name=role))
