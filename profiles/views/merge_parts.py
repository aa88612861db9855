"""What the pages of the merge step share: names in words, the choice of a winner, saving with undo."""

from collections.abc import Collection, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from core import htmx
from core.errors import KindredError
from core.roles import actor
from core.text import humanize
from lake.queries import Snapshot
from lake.words import table_title
from profiles.config import services
from profiles.config.merge_preview import preview
from profiles.config.merging import planned
from profiles.config.words import POLICY_WORDS, meaning
from profiles.inputs.mapping import profile_columns
from profiles.models import Unification
from profiles.unify.config.policies import MergeSettings
from profiles.unify.merging.attributes import Attribute, Plan
from profiles.unify.reading.whole_addresses import OF, part_of

# What undo takes back, of this browser: what the last change changed of the configuration, before and after it.
UNDO = "unify_merge_before"


def labels_of(now: Snapshot, config: Unification, made: Plan) -> dict[str, str]:
    """What the attributes are called."""
    specs = profile_columns(now, loaded(now, config), (*made.attributes, *made.excluded))
    return {spec.name: spec.label or humanize(spec.name) for spec in specs}


def loaded(now: Snapshot, config: Unification) -> list[str]:
    return [name for name in config.tables if now.has(name)]


def column_words(now: Snapshot, config: Unification, place: tuple[int, str]) -> str:
    """ "Shop · Customers: email", "Loyalty · Members: address › City"."""
    column, part = part_of(place[1])
    words = f"{column}{OF}{meaning(f'address.{part}')}" if part else column
    return f"{table_title(now, loaded(now, config)[place[0]])}: {words}"


def origins(now: Snapshot, config: Unification, made: Plan, attribute: Attribute) -> list[str]:
    """Every column that an attribute is made of, also those of full names out of which it is taken."""
    found = [column_words(now, config, place) for place in attribute.columns]
    full = made.split_from(attribute)
    words = [column_words(now, config, place) for place in full.columns] if full else []
    return [*found, *(_("%(column)s, taken apart") % {"column": column} for column in words)]


def choices(now: Snapshot, config: Unification, places: Mapping[str, int]) -> dict[str, Any]:
    """What partials/merge_choice.html offers. `places`: those of the tables in an own order of trust."""
    tables = [{"name": name, "label": table_title(now, name), "place": places.get(name, 0)} for name in config.tables]
    return {"policies": POLICY_WORDS.items(), "tables": tables, "places": range(1, len(tables) + 1)}


def tried(
    now: Snapshot, config: Unification, before: MergeSettings, after: MergeSettings, names: Collection[str]
) -> dict[str, Any]:
    """What partials/merge_preview.html shows of these attributes, and of what travels with them."""
    made, wanted = planned(now, config.tables, after), set(names)
    for group in made.groups:
        if wanted & set(group.attributes):
            wanted |= set(group.attributes)
    labels = labels_of(now, config, made)
    found = preview(now, config, before, after, wanted)
    changes = [(labels.get(change.attribute, change.attribute), change) for change in found.examples]
    return {"preview": found, "changes": changes}


def dumped(made: Plan) -> list[dict[str, Any]]:
    """What travels together today, as it is stored."""
    return [group.model_dump(mode="json", exclude_defaults=True) for group in made.groups]


def panel(request: HttpRequest, template: str, context: dict[str, Any], status: int) -> HttpResponse:
    layout = htmx.PANEL if htmx.is_fragment(request) else htmx.PANEL_AS_PAGE
    return render(request, template, context | {"panel_layout": layout}, status=status)


def saved(request: HttpRequest, **changes: Any) -> HttpResponse:
    """Saves as `services.save_unification` does, remembers what undo takes back, and leads to the page. Raises
    KindredError."""
    before = services.state_of(Unification.current())
    after = services.state_of(services.save_unification(by=actor(request), **changes))
    request.session[UNDO] = {key: [before[key], after[key]] for key in changes}
    messages.success(request, _("Saved. It takes effect with the next run."))
    return htmx.go_to(request, reverse("profiles:merge"))


def taken_back(request: HttpRequest) -> HttpResponse:
    """Undoes the last change of this browser, unless somebody has changed the same since."""
    kept = request.session.pop(UNDO, {})
    state = services.state_of(Unification.current())
    if any(state[key] != after for key, (_before, after) in kept.items()):
        messages.error(request, _("It was changed again since. Nothing was taken back."))
        return htmx.go_to(request, reverse("profiles:merge"))
    try:
        services.save_unification(by=actor(request), **{key: before for key, (before, _after) in kept.items()})
    except KindredError as error:
        messages.error(request, error.html)
    else:
        messages.success(request, _("Taken back."))
    return htmx.go_to(request, reverse("profiles:merge"))
