"""People who sign in: adding them, their role, and taking their access away."""

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import audit
from core.errors import Conflict, InvalidInput
from core.roles import ADMINISTRATOR, ANALYST, MARKETER, ROLES, SALES, VIEWER, Actor, require

ROLE_LABELS = {
    ADMINISTRATOR: gettext_lazy("Administrator"),
    ANALYST: gettext_lazy("Analyst"),
    MARKETER: gettext_lazy("Marketer"),
    SALES: gettext_lazy("Sales"),
    VIEWER: gettext_lazy("Viewer"),
}
ROLE_HINTS = {
    ADMINISTRATOR: gettext_lazy("Everything, people and settings included"),
    ANALYST: gettext_lazy("Sources, unification, measures and segments"),
    MARKETER: gettext_lazy("Segments, e-mails and journeys"),
    SALES: gettext_lazy("Looks customers up"),
    VIEWER: gettext_lazy("Sees everything, changes nothing"),
}


def role_of(user: User) -> str:
    """The highest role of a person, "" without one. Reads prefetched groups where there are. Whom `createsuperuser`
    made is an administrator."""
    names = {group.name for group in user.groups.all()} | ({ADMINISTRATOR} if user.is_superuser else set())
    return next((role for role in ROLES if role in names), "")


@transaction.atomic
def add_person(username: str, email: str, role: str, *, first_name: str = "", last_name: str = "", by: Actor) -> User:
    """A person without a password: they choose one through `password_link`."""
    require(by, "auth.add_user")
    if User.objects.filter(username__iexact=username).exists():
        raise InvalidInput(_("Somebody has this user name already. Choose another one."), place="username")
    user = User(username=username, email=email, first_name=first_name, last_name=last_name)
    user.set_unusable_password()
    user.save()
    user.groups.set([_group(role)])
    audit.record(by, "person.add", user, role=role)
    return user


@transaction.atomic
def change_person(user: User, *, email: str, role: str, first_name: str, last_name: str, by: Actor) -> None:
    require(by, "auth.change_user")
    before = role_of(user)
    if before == ADMINISTRATOR and role != ADMINISTRATOR:
        _keep_an_administrator(user)
    user.email, user.first_name, user.last_name = email, first_name, last_name
    if role != ADMINISTRATOR:  # else the role would be a name alone
        user.is_superuser = user.is_staff = False
    user.save(update_fields=["email", "first_name", "last_name", "is_superuser", "is_staff"])
    others = user.groups.exclude(name__in=ROLES)
    user.groups.set([_group(role), *others])
    audit.record(by, "person.change", user, role=role, role_before=before)


@transaction.atomic
def set_active(user: User, active: bool, *, by: Actor) -> None:
    """Takes access away at once, or gives it back. What the person made stays."""
    require(by, "auth.change_user")
    if not active:
        if by is not None and by.pk == user.pk:
            raise Conflict(_("You cannot take away your own access. Ask another administrator."))
        _keep_an_administrator(user)
    user.is_active = active
    user.save(update_fields=["is_active"])
    audit.record(by, "person.activate" if active else "person.deactivate", user)


def password_link(user: User) -> str:
    """An address at which the person chooses a password; it works once and for PASSWORD_RESET_TIMEOUT seconds."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    path = reverse("password_reset_confirm", args=[uid, default_token_generator.make_token(user)])
    return f"{settings.BASE_URL}{path}"


def _group(role: str) -> Group:
    if role not in ROLES:
        raise InvalidInput(_("Choose one of the roles."), place="role")
    return Group.objects.get_or_create(name=role)[0]


def _keep_an_administrator(leaving: User) -> None:
    """Raises Conflict where nobody could administer the workspace any more. Locks, so that two cannot leave at once."""
    group = Exists(Group.objects.filter(name=ADMINISTRATOR, user=OuterRef("pk")))
    administrators = User.objects.select_for_update().filter(group | Q(is_superuser=True), is_active=True)
    left = {user.pk for user in administrators} - {leaving.pk}
    if not left and role_of(leaving) == ADMINISTRATOR:
        raise Conflict(_("This is the last administrator. Give somebody else the role first."))
