"""The forms of the merge step, as settings. Pure parsing of a posted form; the settings check themselves."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from core.errors import InvalidInput
from profiles.unify.policies import MergeSettings, dump_settings, parse_settings

Stated = dict[str, Any]


def with_attribute(settings: MergeSettings, name: str, data: QueryDict, usual: Sequence[str]) -> MergeSettings:
    """The settings with what the form says of one attribute. `usual`: the columns that are combined by themselves, as
    source.table.column. Raises InvalidInput."""
    columns = data.getlist("column")
    stated: Stated = {
        "attribute": name,
        "label": str(data.get("label", "")).strip(),
        "policy": data.get("policy", settings.of(name).policy),
        "trust": _trust(data),
        "columns": [] if set(columns) == set(usual) else columns,
        "exclude": "exclude" in data,
    }
    wanted, was = "collect" in data, data.get("was_collected") == "1"
    collect = settings.of(name).collect if wanted == was else wanted
    others = [item for item in _list(settings, "attributes") if item["attribute"] != name]
    mine = {key: value for key, value in (stated | {"collect": collect}).items() if value not in ("", [], False, None)}
    if collect is False:
        mine["collect"] = False
    if mine.get("policy") == "trust":
        mine.pop("policy")
    return parse_settings({**dump_settings(settings), "attributes": [*others, mine] if len(mine) > 1 else others})


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


def _trust(data: Mapping[str, Any]) -> list[str]:
    """Tables with a place, in the order of their places. Raises InvalidInput where two have the same one."""
    places = sorted(
        (int(place), name.removeprefix("trust-"))
        for name, place in data.items()
        if name.startswith("trust-") and str(place).isdecimal() and int(place) > 0
    )
    taken = [place for place, _name in places]
    for place, name in places:
        if taken.count(place) > 1:
            message = _("Two tables have place %(place)d. Give each a place of its own.") % {"place": place}
            raise InvalidInput(message, place=f"merge.trust[{name}]")
    return [name for _place, name in places]


def _list(settings: MergeSettings, key: str) -> list[Stated]:
    found: list[Stated] = dump_settings(settings).get(key, [])
    return found
