"""Data › Unify › Merge: attributes that travel together, in the side panel."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from core.errors import KindredError
from lake.queries import snapshot
from profiles.config import merge_forms
from profiles.config.merging import planned
from profiles.models import Unification
from profiles.unify.config.policies import GroupPolicy, parse_settings
from profiles.views.merge_parts import choices, dumped, labels_of, panel, saved, tried


@permission_required("profiles.change_unification", raise_exception=True)
@require_http_methods(["GET", "POST"])
def group(request: HttpRequest, name: str = "") -> HttpResponse:
    """One group in the side panel, a new one without a name; "try" shows what would change, "remove" takes it apart."""
    now, config = snapshot(), Unification.current()
    settings = parse_settings(config.merge)
    made = planned(now, config.tables, settings)
    found = next((one for one in made.groups if one.name == name), None)
    if name and found is None:
        raise Http404
    state, shown, status = _stored(found), {}, 200
    if request.method == "POST":
        state = _typed(request)
        try:
            data = None if "remove" in request.POST else request.POST
            changed = merge_forms.with_group(settings, dumped(made), name, data)
            if "try" not in request.POST:
                return saved(request, merge=changed)
            names = {*state["members"], *(found.attributes if found else ())}
            shown = tried(now, config, settings, changed, names)
        except KindredError as error:
            shown, status = {"error": error}, 422
    labels = labels_of(now, config, made)
    elsewhere = {member for one in made.groups if one.name != name for member in one.attributes}
    free = dict.fromkeys([one.name for one in made.attributes if one.name not in elsewhere])
    free |= dict.fromkeys(found.attributes if found else ())  # also those of tables that are not loaded
    members = [(one, labels.get(one, one), one in state["members"]) for one in free]
    context = {"group": found, "attributes": members, "state": state, **choices(now, config, state["places"])}
    return panel(request, "profiles/merge_group.html", context | shown, status)


def _stored(found: GroupPolicy | None) -> dict[str, Any]:
    if found is None:
        return {"name": "", "members": (), "policy": "trust", "places": {}}
    return merge_forms.stored(found) | {"name": found.name, "members": found.attributes}


def _typed(request: HttpRequest) -> dict[str, Any]:
    """The form as it was sent."""
    typed = {"name": request.POST.get("name", ""), "members": request.POST.getlist("attribute")}
    return merge_forms.chosen(request.POST) | typed
