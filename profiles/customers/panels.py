"""Side panels of the customer page. Higher rooms (segments, journeys, messages) register theirs in AppConfig.ready."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString


@dataclass(frozen=True)
class Panel:
    """One box of the side column: a template with its context; low `order` first."""

    title: str | Promise
    template: str
    context: dict[str, Any] = field(default_factory=dict)
    order: int = 50

    @property
    def html(self) -> SafeString:
        return render_to_string(self.template, self.context)


Provider = Callable[[User, str], list[Panel]]
_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """`provider(user, profile_id)` returns what this user may see of this person, within 30 ms; [] for nothing."""
    if provider not in _providers:
        _providers.append(provider)


def panels(user: User, profile_id: str) -> list[Panel]:
    return sorted((p for provider in _providers for p in provider(user, profile_id)), key=lambda panel: panel.order)
