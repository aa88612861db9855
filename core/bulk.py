"""One verb for many rows of a list."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest

from core.errors import KindredError
from core.roles import actor

MOST_REFUSALS = 5  # so many are named


def for_each(
    visible_to: Callable[[Any], QuerySet[Any]], run: Callable[..., Any], words: Any
) -> Callable[[HttpRequest, list[str]], str]:
    """Runs `run(one, by=user)` for each that the user may see. Those that it is not for are named, with the reason, and
    left as they are. `words` tells how many were done, as `%(n)s`. Raises what refused the last one where none was
    done."""

    def act(request: HttpRequest, ids: list[str]) -> str:
        done, refused = 0, list[tuple[str, KindredError]]()
        for one in visible_to(request.user).filter(pk__in=[pk for pk in ids if pk.isdecimal()]):
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
            messages.warning(request, why.message if name in why.message else f"{name}: {why.message}")
        return str(words % {"n": done})

    return act
