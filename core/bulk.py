"""One verb for many rows of a list."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth import get_permission_codename
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from core.errors import KindredError
from core.list_parts import BulkAction, Text
from core.roles import actor

MOST_REFUSALS = 5  # so many are named


def for_each(model: Any, run: Callable[..., Any], words: Any) -> Callable[[HttpRequest, list[str]], str]:
    """Runs `run(one, by=user)` for each row of the model that the user may see. Those that it is not for are named,
    with the reason, and left as they are. `words` tells how many were done, as `%(n)s`. Raises what refused the last
    one where none was done."""

    def act(request: HttpRequest, ids: list[str]) -> str:
        done, refused = 0, list[tuple[str, KindredError]]()
        for one in model.objects.visible_to(request.user).filter(pk__in=[pk for pk in ids if pk.isdecimal()]):
            name = str(one)
            try:
                run(one, by=actor(request))
            except KindredError as error:
                refused.append((name, error))
            else:
                done += 1
        if refused and not done:
            raise refused[-1][1]
        for name, why in refused[:MOST_REFUSALS]:
            messages.warning(request, why.html if name in why.message else format_html("{}: {}", name, why.html))
        return str(words % {"n": done})

    return act


def deletion(model: Any, run: Callable[..., Any], words: Any, confirm: Text) -> BulkAction:
    """Deletes what is picked by `run`, as in `for_each`: for who may delete such rows."""
    permission = f"{model._meta.app_label}.{get_permission_codename('delete', model._meta)}"
    act = for_each(model, run, words)
    return BulkAction("delete", _("Delete"), act, permission, confirm=confirm, icon="trash", danger=True)
