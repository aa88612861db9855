"""Search for anything (Ctrl-K). Rooms register a provider; the site asks them all."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise

if TYPE_CHECKING:  # AppConfigs import this module before there are models
    from django.contrib.auth.models import User


@dataclass(frozen=True)
class Hit:
    """`kind` is the heading under which the hit is listed, translated."""

    label: str
    url: str
    kind: str
    icon: str
    hint: str = ""


@dataclass(frozen=True)
class Action:
    """What one may begin from anywhere: the address of a page or form that makes something new."""

    label: str | Promise
    url_name: str
    permission: str
    icon: str = "plus-lg"


Provider = Callable[["User", str], list[Hit]]
_providers: list[Provider] = []
_actions: list[Action] = []


def register(provider: Provider) -> None:
    """A provider returns at most 6 hits that the user may see, within 50 ms, for a non-empty query."""
    if provider not in _providers:
        _providers.append(provider)


def search(user: "User", query: str) -> list[Hit]:
    return [hit for provider in _providers for hit in provider(user, query)] if query.strip() else []


def add_action(action: Action) -> None:
    if action not in _actions:
        _actions.append(action)


def actions(user: "User") -> list[Action]:
    return [action for action in _actions if user.has_perm(action.permission)]
