"""What a group rule would bring together, tried on the customers of today. Seconds per million customers."""

from dataclasses import dataclass
from typing import Any

from lake.queries import Snapshot
from profiles.models import Profile, Unification
from profiles.tables import PROFILES
from profiles.unify.config.group_rules import GroupRule
from profiles.unify.households.groups import columns_needed, group_people
from profiles.unify.values.stated import parse_stated

EXAMPLES = 6


@dataclass(frozen=True)
class GroupPreview:
    """`report`: as of a run. `examples`: the members of some groups."""

    report: dict[str, Any]
    examples: list[list[Profile]]


def preview(now: Snapshot, config: Unification, rule: GroupRule) -> GroupPreview | None:
    """None before the first run."""
    if not now.has(PROFILES):
        return None
    rule = rule.model_copy(update={"active": True})
    meanings = {column.name: column.semantic for column in now.info(PROFILES).columns if column.semantic}
    rows = now.table(PROFILES)
    people = now.arrow(rows.select("profile_id", *columns_needed(list(rows.columns), meanings, [rule])))
    found = group_people(people, meanings, [rule], config.default_country, stated=parse_stated(config.values))
    members: dict[str, list[str]] = {}
    for row in found.members.slice(0, EXAMPLES * 20).to_pylist():
        members.setdefault(row["group_id"], []).append(row["profile_id"])
    shown = list(members.values())[:EXAMPLES]
    known = Profile.objects.defer("search", "identifiers").in_bulk([pk for ids in shown for pk in ids])
    return GroupPreview(found.report[0], [[known[pk] for pk in ids if pk in known] for ids in shown])
