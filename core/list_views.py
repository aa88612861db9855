"""Saved views: a name for a list's search, filters, sort and columns, per person."""

from django.http import HttpRequest, QueryDict

from core.models import SavedView
from core.roles import actor

_KEPT_OUT = ("page", "export")
NAME_MAX = 100


def saved_views(request: HttpRequest, name: str) -> list[dict[str, object]]:
    """This person's views of one list, with the one that is open marked."""
    if not request.user.is_authenticated:
        return []
    here = _settled(request.GET)
    rows = SavedView.objects.filter(user=request.user, list=name)
    return [{"pk": row.pk, "name": row.name, "query": row.query, "active": row.query == here} for row in rows]


def apply_saved_view(request: HttpRequest, name: str) -> None:
    """Saves the view in the URL under the posted name, or deletes the posted one."""
    if delete := request.POST.get("delete_view"):
        SavedView.objects.filter(user=actor(request), list=name, pk=delete if delete.isdecimal() else 0).delete()
        return
    label = request.POST["save_view"].strip()[:NAME_MAX]
    if label:
        SavedView.objects.update_or_create(
            user=actor(request), list=name, name=label, defaults={"query": _settled(request.GET)}
        )


def _settled(query: QueryDict) -> str:
    kept = [(key, value) for key, values in sorted(query.lists()) for value in values if key not in _KEPT_OUT and value]
    out = QueryDict(mutable=True)
    for key, value in kept:
        out.appendlist(key, value)
    return out.urlencode()
