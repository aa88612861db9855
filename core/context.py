"""What every page's frame needs."""

from typing import Any

from django.http import HttpRequest

from core import nav


def page(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    return {"navigation": nav.visible_to(user) if user is not None and user.is_authenticated else []}
