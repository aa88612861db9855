"""Data › Unify › Merge: one attribute in the side panel, or a new one of one's own."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.errors import InvalidInput, KindredError
from core.text import humanize, label_key
from lake.queries import Snapshot, snapshot
from profiles.config import merge_forms
from profiles.config.merging import columns_of, configured_groups, group_columns, planned
from profiles.models import Unification
from profiles.unify.config.policies import RESERVED, Choosing, MergeSettings, parse_settings
from profiles.unify.merging.attributes import Attribute, Plan
from profiles.views.merge_parts import choices, column_words, dumped, labels_of, loaded, panel, saved, tried


@permission_required("profiles.view_unification", raise_exception=True)
@require_http_methods(["GET", "POST"])
def attribute(request: HttpRequest, name: str = "") -> HttpResponse:
    """One attribute in the side panel, a new one of one's own without a name: what it is made of and which value wins.
    "try" shows what would change, "remove" leads back to the usual."""
    if not request.user.has_perm("profiles.change_unification") and (request.method == "POST" or not name):
        raise PermissionDenied
    now, config = snapshot(), Unification.current()
    settings = parse_settings(config.merge)
    made = planned(now, config.tables, settings)
    found = next((one for one in (*made.attributes, *made.excluded) if one.name == name), None)
    if name and found is None:
        raise Http404
    state, shown, status = _stored(found), {}, 200
    if request.method == "POST":
        try:
            wanted, changed = _changed(request, now, config, settings, name)
            if "try" not in request.POST:
                return saved(request, merge=changed)
            shown = tried(now, config, settings, changed, {wanted})
        except KindredError as error:
            shown, status = {"error": error}, 422
        state = _typed(request)
    usual, labels = _usual_columns(now, config, name), labels_of(now, config, made)
    context = {
        "attribute": found,
        "label": labels.get(name, ""),
        "is_own": usual is None,
        "is_changed": name in {one.attribute for one in settings.attributes},
        "was_collected": bool(found and found.list_name),
        "groups": [(one.name, humanize(one.name)) for one in made.groups],
        "columns": _columns(now, config, made, found, state["columns"]),
        "state": state,
        **choices(now, config, state["places"]),
    }
    return panel(request, "profiles/merge_attribute.html", context | shown, status)


def _changed(
    request: HttpRequest, now: Snapshot, config: Unification, settings: MergeSettings, name: str
) -> tuple[str, MergeSettings]:
    """The attribute and the settings that the form asks for. Raises InvalidInput."""
    made, usual = planned(now, config.tables, settings), _usual_columns(now, config, name)
    if "remove" in request.POST:
        return name, merge_forms.without_attribute(settings, dumped(made), name, is_own=usual is None)
    label = request.POST.get("label", "").strip()
    others = {label_key(text): text for key, text in labels_of(now, config, made).items() if key != name}
    if label and label_key(label) in others:
        message = _("There is an attribute “%(name)s” already. Choose another name.")
        raise InvalidInput(message % {"name": others[label_key(label)]}, place="merge.attributes")
    wanted = name or merge_forms.name_of(label, _taken(now, config, made))
    return wanted, merge_forms.with_attribute(settings, dumped(made), wanted, request.POST, usual)


def _taken(now: Snapshot, config: Unification, made: Plan) -> frozenset[str]:
    """The columns that a new attribute must not be."""
    groups = {column.name for column in group_columns(configured_groups(now, config))}
    return RESERVED | groups | columns_of(made, config.tables) | {one.name for one in made.excluded}


def _usual_columns(now: Snapshot, config: Unification, name: str) -> list[str] | None:
    """What is combined by itself, as source.table.column; None for an attribute of one's own."""
    made = planned(now, config.tables, MergeSettings())
    found = next((one for one in made.attributes if one.name == name), None)
    return [f"{loaded(now, config)[number]}.{column}" for number, column in found.columns] if found else None


def _stored(found: Attribute | None) -> dict[str, Any]:
    """The form of what is stored; of nothing yet where there is none. `columns` None: those that it is made of."""
    if found is None:
        return merge_forms.stored(Choosing()) | {"columns": [], "together": ""}
    more = {"label": found.policy.label, "exclude": found.policy.exclude, "collect": bool(found.list_name)}
    return merge_forms.stored(found.policy) | more | {"columns": None, "together": found.group}


def _typed(request: HttpRequest) -> dict[str, Any]:
    """The form as it was sent."""
    ticked = {name: name in request.POST for name in ("exclude", "collect")}
    typed = {name: request.POST.get(name, "").strip() for name in ("label", "together")}
    return merge_forms.chosen(request.POST) | ticked | typed | {"columns": request.POST.getlist("column")}


def _columns(
    now: Snapshot, config: Unification, made: Plan, mine: Attribute | None, ticked: list[str] | None
) -> list[dict[str, Any]]:
    """Every column that may be part of the attribute, its own first. `home`: the attribute that it is part of today."""
    tables, labels = loaded(now, config), labels_of(now, config, made)
    homes = {place: one.name for one in (*made.attributes, *made.excluded) for place in one.columns}
    keys = [(number, column) for number, table in enumerate(tables) for column in now.info(table).key]
    homes |= {place: "" for place in keys if place not in homes}
    found = []
    for place, home in homes.items():
        name, is_mine = f"{tables[place[0]]}.{place[1]}", mine is not None and home == mine.name
        on = is_mine if ticked is None else name in ticked
        other = "" if is_mine else labels.get(home, "")
        found.append({"name": name, "label": column_words(now, config, place), "home": other, "on": on})
    known = {column["name"] for column in found}
    unloaded = [name for name in (mine.policy.columns if mine else ()) if name not in known]
    found += [{"name": name, "label": name, "home": "", "on": ticked is None or name in ticked} for name in unloaded]
    return sorted(found, key=lambda column: not column["on"])
