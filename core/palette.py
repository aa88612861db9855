"""Search for anything (Ctrl-K). Rooms register a provider; the site asks them all."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

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


Provider = Callable[["User", str], list[Hit]]
_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """A provider returns at most 6 hits that the user may see, within 50 ms, for a non-empty query."""
    if provider not in _providers:
        _providers.append(provider)


def search(user: "User", query: str) -> list[Hit]:
    return [hit for provider in _providers for hit in provider(user, query)] if query.strip() else []
