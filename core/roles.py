"""Roles are groups. Each room says in its AppConfig what a role may do there; the permission lives in the query."""

from typing import TYPE_CHECKING, Any, Self, TypeAlias, TypeVar, cast

from django.apps import AppConfig, apps
from django.db import models
from django.utils.translation import gettext as _

from core.errors import NotAllowed

if TYPE_CHECKING:  # AppConfigs import this module before there are models
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User

ADMINISTRATOR = "administrator"
ANALYST = "analyst"
MARKETER = "marketer"
SALES = "sales"
VIEWER = "viewer"
ROLES = (ADMINISTRATOR, ANALYST, MARKETER, SALES, VIEWER)

Actor: TypeAlias = "User | None"
M = TypeVar("M", bound=models.Model)


class VisibleQuerySet(models.QuerySet[M]):
    """A queryset that knows who may see its rows."""

    def visible_to(self, user: "AbstractBaseUser | AnonymousUser") -> Self:
        """All rows for users with the view permission, none for others."""
        meta = self.model._meta
        return self if user.has_perm(f"{meta.app_label}.view_{meta.model_name}") else self.none()  # type: ignore[union-attr]


def actor(request: Any) -> "User":
    """The signed-in user of a page's or the API's request. Raises NotAllowed for anonymous ones."""
    if not request.user.is_authenticated:
        raise NotAllowed(_("Sign in first."))
    return cast("User", request.user)


def require(by: Actor, permission: str) -> None:
    """Raises NotAllowed when the user lacks `app.codename`. `None` is the system itself, which may do everything."""
    if by is not None and not by.has_perm(permission):
        raise NotAllowed(_("Your role does not allow this. Ask an administrator for the permission."), place=permission)


def crud(app_label: str, *models_: str) -> set[str]:
    """All four permissions on models of an app."""
    return {f"{app_label}.{action}_{model}" for model in models_ for action in ("view", "add", "change", "delete")}


def view(app_label: str, *models_: str) -> set[str]:
    """The view permission on models of an app."""
    return {f"{app_label}.view_{model}" for model in models_}


def grant_roles(sender: AppConfig | None = None, **kwargs: Any) -> None:
    """Makes the groups and gives each what the rooms declare. Administrators get every permission of every room."""
    from django.contrib.auth.models import Group, Permission  # models: not importable while apps load

    declared: dict[str, set[str]] = {role: set() for role in ROLES}
    rooms = [config for config in apps.get_app_configs() if hasattr(config, "role_permissions")]
    for config in rooms:
        for role, names in config.role_permissions.items():
            declared[role] |= set(names)
    known = {f"{p.content_type.app_label}.{p.codename}": p for p in Permission.objects.select_related("content_type")}
    labels = {config.label for config in rooms}
    declared[ADMINISTRATOR] |= {name for name in known if name.split(".")[0] in labels | {"auth"}}
    for role, names in declared.items():
        group, _created = Group.objects.get_or_create(name=role)
        group.permissions.set([known[name] for name in names if name in known])
