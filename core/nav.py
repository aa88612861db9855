"""The left navigation. Rooms add their items in AppConfig.ready; a role sees what it may use."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:  # AppConfigs import this module before there are models
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

SECTIONS: dict[str, str | Promise] = {
    "home": _("Home"),
    "data": _("Data"),
    "customers": _("Customers"),
    "insights": _("Insights"),
    "segments": _("Segments"),
    "journeys": _("Journeys"),
    "sales": _("Sales"),
    "activation": _("Activation"),
    "settings": _("Settings"),
}


@dataclass(frozen=True)
class NavItem:
    """`icon` is a bootstrap-icons name; `permission` is "app.codename" or "" for everyone who is signed in."""

    label: str | Promise
    url_name: str
    icon: str
    permission: str = ""
    order: int = 50


_items: dict[str, list[NavItem]] = {name: [] for name in SECTIONS}


def add(section: str, item: NavItem) -> None:
    if item not in _items[section]:
        _items[section].append(item)


def visible_to(user: "AbstractBaseUser | AnonymousUser") -> list[tuple[str, str | Promise, list[NavItem]]]:
    """(section key, label, items) for every section with something that this user may open."""
    shown = []
    for key, label in SECTIONS.items():
        items = [i for i in _items[key] if not i.permission or user.has_perm(i.permission)]  # type: ignore[union-attr]
        if items:
            shown.append((key, label, sorted(items, key=lambda item: item.order)))
    return shown
