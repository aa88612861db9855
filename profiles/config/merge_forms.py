"""The forms of the merge step, as settings. Pure parsing of a posted form; the settings check themselves."""

import re
from collections.abc import Container, Mapping, Sequence
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from core.errors import InvalidInput
from core.text import fold, humanize
from profiles.unify.config.policies import Choosing, MergeSettings, dump_settings, parse_settings

Stated = dict[str, Any]


def with_attribute(
    settings: MergeSettings, groups: Sequence[Stated], name: str, data: QueryDict, usual: Sequence[str] | None
) -> MergeSettings:
    """The settings with what the form says of one attribute, and of what it travels with.

    `groups`: those of today. `usual`: the columns that are combined by themselves, as source.table.column; None for an
    attribute of one's own, which is nothing without columns. Raises InvalidInput.
    """
    columns, place = data.getlist("column"), f"merge.attributes[{name}]"
    if not columns and usual != []:
        raise InvalidInput(_("Choose at least one column."), place=place)
    for item in settings.attributes:
        both = set(item.columns) & set(columns)
        if both and item.attribute != name:
            words = {"column": min(both), "name": item.label or humanize(item.attribute)}
            raise InvalidInput(_("“%(column)s” belongs to “%(name)s”. Take it out there first.") % words, place=place)
    now = settings.of(name)
    stated: Stated = {
        "attribute": name,
        "label": str(data.get("label", "")).strip(),
        "policy": data.get("policy", now.policy),
        "trust": _trust(data) if "policy" in data else now.trust,
        "columns": [] if usual is not None and set(columns) == set(usual) else columns,
        "exclude": "exclude" in data,
    }
    wanted, was = "collect" in data, data.get("was_collected") == "1"
    collect = now.collect if wanted == was else wanted
    mine = {
        key: value for key, value in (stated | {"collect": collect}).items() if value not in ("", [], (), False, None)
    }
    if collect is False:
        mine["collect"] = False
    if mine.get("policy") == "trust":
        mine.pop("policy")
    changed = {**dump_settings(settings), "attributes": [*_others(settings, name), *([mine] if len(mine) > 1 else [])]}
    return parse_settings(changed | _travelling(groups, name, data.get("together")))


def without_attribute(settings: MergeSettings, groups: Sequence[Stated], name: str, *, is_own: bool) -> MergeSettings:
    """As if nothing had been said of it. One of one's own is gone, also from what it travels with."""
    changed = {**dump_settings(settings), "attributes": _others(settings, name)}
    return parse_settings(changed | (_travelling(groups, name, "") if is_own else {}))


def name_of(label: str, taken: Container[str]) -> str:
    """The column of a new attribute: "Best e-mail" → best_e_mail. Raises InvalidInput without a label, and where there
    is such a column already."""
    name = re.sub(r"\W+", "_", fold(label)).strip("_")
    if not name:
        raise InvalidInput(_("Give the attribute a name."), place="merge.attributes")
    if name in taken:
        raise InvalidInput(_("There is a column “%(name)s” already. Choose another name.") % {"name": name}, place=name)
    return name


def _travelling(groups: Sequence[Stated], name: str, wanted: str | None) -> Stated:
    """`groups` as they are stored after the attribute went to the one that is wanted; nothing where it stays."""
    now = next((group["name"] for group in groups if name in group["attributes"]), "")
    if wanted is None or wanted == now:
        return {}
    moved = []
    for group in groups:
        members = [member for member in group["attributes"] if member != name]
        members += [name] if group["name"] == wanted else []
        moved += [{**group, "attributes": members}] if members else []
    return {"groups": moved}


def with_group(settings: MergeSettings, groups: Sequence[Stated], name: str, data: QueryDict | None) -> MergeSettings:
    """With another group of this name, or without it where `data` is None. `groups`: those of today."""
    others = [group for group in groups if group["name"] != name]
    if data is not None:
        stated = {
            "name": str(data.get("name", "")).strip(),
            "attributes": data.getlist("attribute"),
            "policy": data.get("policy", "trust"),
            "trust": _trust(data),
        }
        others.append(stated)
    return parse_settings({**dump_settings(settings), "groups": others})


def with_recency(settings: MergeSettings, data: Mapping[str, Any], tables: Sequence[str]) -> MergeSettings:
    """`recency-<table>`: the column, "" for the one that is found."""
    named = {table: str(data.get(f"recency-{table}", "")) for table in tables}
    return parse_settings({**dump_settings(settings), "recency": {k: v for k, v in named.items() if v}})


def chosen(data: QueryDict) -> Stated:
    """What a form says so far of which value wins, with the places in an own order of trust; for showing it again."""
    return {"policy": data.get("policy", "trust"), "places": dict(_places(data))}


def stored(policy: Choosing) -> Stated:
    """The same of what is stored."""
    return {"policy": policy.policy, "places": {name: number for number, name in enumerate(policy.trust, 1)}}


def _trust(data: QueryDict) -> list[str]:
    """Tables with a place, in the order of their places. Raises InvalidInput where two have the same one."""
    places = sorted((place, name) for name, place in _places(data))
    taken = [place for place, _name in places]
    for place, name in places:
        if taken.count(place) > 1:
            message = _("Two tables have place %(place)d. Give each a place of its own.") % {"place": place}
            raise InvalidInput(message, place=f"merge.trust[{name}]")
    return [name for _place, name in places]


def _places(data: QueryDict) -> list[tuple[str, int]]:
    """The tables that have a place, as `trust-<table>`."""
    named = [(name.removeprefix("trust-"), str(place)) for name, place in data.items() if name.startswith("trust-")]
    return [(name, int(place)) for name, place in named if place.isdecimal() and int(place) > 0]


def _others(settings: MergeSettings, name: str) -> list[Stated]:
    return [item for item in dump_settings(settings).get("attributes", []) if item["attribute"] != name]
