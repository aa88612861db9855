"""The settings' list pages."""

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core import people
from core.audit_words import WORDS, details_words, verb_words
from core.errors import Conflict
from core.lists import BulkAction, Choice, Column, DateRange, ListPage
from core.models import AuditEntry
from core.roles import ADMINISTRATOR, actor
from core.text import fold


def _name(user: User) -> str:
    return user.get_full_name() or user.username


def _role(user: User) -> str:
    role = people.role_of(user)
    return str(people.ROLE_LABELS[role]) if role else gettext("No role")


def _state(user: User) -> tuple[str, str]:
    if not user.is_active:
        return gettext("No access"), ""
    return (gettext("Active"), "good") if user.has_usable_password() else (gettext("Invited"), "info")


def _deactivate(request: HttpRequest, ids: list[str]) -> str:
    """Refused as a whole when one of them may not lose access."""
    me = actor(request)
    chosen = User.objects.filter(pk__in=[pk for pk in ids if pk.isdecimal()], is_active=True)
    if any(user.pk == me.pk for user in chosen):
        raise Conflict(gettext("You cannot take away your own access. Ask another administrator."))
    done = [people.set_active(user, False, by=me) for user in chosen]
    return ngettext("%d person can no longer sign in.", "%d people can no longer sign in.", len(done)) % len(done)


def _by_state(rows: QuerySet[User], state: str) -> QuerySet[User]:
    return rows.filter(is_active=state == "active")


def _by_role(rows: QuerySet[User], role: str) -> QuerySet[User]:
    held = Q(groups__name=role) | Q(is_superuser=True) if role == ADMINISTRATOR else Q(groups__name=role)
    return rows.filter(held).distinct()


PEOPLE = ListPage(
    name="people",
    personal="person.export",
    columns=[
        Column("name", _("Name"), value=_name, link=True, sort="first_name"),
        Column("username", _("User name")),
        Column("email", _("E-mail")),
        Column("role", _("Role"), value=_role),
        Column("state", _("State"), pill=_state, sort="is_active"),
        Column("last_login", _("Last sign-in"), "ago"),
        Column("date_joined", _("Added"), "ago", hidden=True),
    ],
    search=["username", "first_name", "last_name", "email"],
    filters=[
        Choice("role", _("Role"), choices=list(people.ROLE_LABELS.items()), by=_by_role),
        Choice("state", _("State"), choices=[("active", _("Active")), ("none", _("No access"))], by=_by_state),
    ],
    bulk=[
        BulkAction(
            "deactivate", _("Take access away"), _deactivate, "auth.change_user",
            confirm=_("They are signed out and cannot sign in again until you let them. What they made stays."),
            danger=True,
        )
    ],
    default_sort="username",
    url=lambda user: reverse("core:person", args=[user.pk]),
    panel=True,
    search_hint=_("Name or e-mail"),
)  # fmt: skip


def _verbs() -> list[tuple[str, str]]:
    """All that there are: asking a long trail which of them are in it would read all of it."""
    return sorted(((verb, str(words)) for verb, words in WORDS.items()), key=lambda choice: fold(choice[1]))


def _people() -> list[tuple[str, str]]:
    return [(str(user.pk), _name(user)) for user in User.objects.order_by("username")[:200]]


def details(entry: AuditEntry) -> str:
    return details_words(entry.verb, entry.details)


def _who(entry: AuditEntry) -> str:
    return _name(entry.user) if entry.user else gettext("Kindred itself")


AUDIT = ListPage(
    name="audit",
    columns=[
        Column("at", _("When"), "ago"),
        Column("user", _("Who"), value=_who, sort="user__username", one_line=True),
        Column("verb", _("What"), value=lambda entry: verb_words(entry.verb), sort="verb"),
        Column("label", _("Name")),
        Column("details", _("Details"), value=details, template="core/audit_details.html", sort=False),
        Column("kind", _("Kind"), hidden=True),
        Column("target", _("Id"), hidden=True),
    ],
    search=["label", "verb", "user__username"],
    filters=[
        Choice("user", _("Who"), choices=_people, field="user_id"),
        Choice("verb", _("What"), choices=_verbs),
        DateRange("at", _("When")),
    ],
    default_sort="-at",
    key=lambda entry: str(entry.pk),
)  # fmt: skip
