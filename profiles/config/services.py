"""The verbs: how records become people."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.core.cache import cache
from django.db import transaction

from core import audit
from core.errors import InvalidInput
from core.hashing import digest
from core.models import Workspace
from core.roles import Actor, require
from jobs.models import Job
from jobs.refresh import start
from lake.queries import snapshot
from profiles.config import checking
from profiles.config.merging import (
    check_groups,
    check_settings,
    columns_of,
    configured_groups,
    group_columns,
    planned,
    refuse_if_used,
)  # fmt: skip
from profiles.config.setup import setup_of
from profiles.inputs.mapping import mapped, table_inputs, why_not
from profiles.models import Unification
from profiles.unify.config.group_rules import dump_groups, parse_groups
from profiles.unify.config.policies import MergeSettings, dump_settings, parse_settings
from profiles.unify.config.rules import MatchRule, dump_rules, parse_rules
from profiles.unify.matching.suggest import suggest
from profiles.unify.run import prepare
from profiles.unify.values.stated import dump_stated, parse_stated
from profiles.unify.weighing.evidence import Evidence

STAGES = ("unify", "link", "activities")
SUGGEST = "suggest"
USUAL = "usual"
REMEMBER_SECONDS = 600


def save_unification(
    *,
    tables: Sequence[str | Mapping[str, Any]] | None = None,
    default_country: str | None = None,
    rules: str | Sequence[dict[str, Any]] | None = None,
    values: Mapping[str, Any] | None = None,
    merge: MergeSettings | dict[str, Any] | None = None,
    groups: str | Sequence[dict[str, Any]] | None = None,
    by: Actor = None,
) -> Unification:
    """Changes what is given, as in the workspace file. `tables`: names, or `{table, unmatched: false}` where records
    that match no other table's make no customers. `rules`: "suggest", or a list; `values`: aliases, ignored and trusted
    values by meaning or column; `groups`: "usual", or a list. Takes effect with the next run.

    Raises InvalidInput with the place of the mistake, Conflict for an attribute that would be gone while it is used,
    NotAllowed.
    """
    require(by, "profiles.change_unification")
    before = state_of(Unification.current())
    config = proposed(
        tables=tables, default_country=default_country, rules=rules, values=values, merge=merge, groups=groups
    )
    changed = {key: value for key, value in state_of(config).items() if before[key] != value}
    if changed:
        with transaction.atomic():
            config.updated_by = by
            config.save()
            audit.record(by, "unification.change", config, changed=sorted(changed))
    return config


def proposed(
    *,
    tables: Sequence[str | Mapping[str, Any]] | None = None,
    default_country: str | None = None,
    rules: str | Sequence[dict[str, Any]] | None = None,
    values: Mapping[str, Any] | None = None,
    merge: MergeSettings | dict[str, Any] | None = None,
    groups: str | Sequence[dict[str, Any]] | None = None,
) -> Unification:
    """The configuration with what is given changed, checked as `save_unification` does, and not saved."""
    config = Unification.current()
    if default_country is None and not config.tables:
        default_country = Workspace.current().default_country  # nobody has decided for another one yet
    if tables is not None:
        config.tables, config.only_matched = checking.tables_of(tables)
    if default_country is not None:
        config.default_country = checking.country_of(default_country)
    if rules == SUGGEST:
        config.suggest_rules = True
    elif rules is not None:
        parsed = parse_rules(rules)
        costly = [rule for rule in parsed if rule not in parse_rules(config.rules)]
        config.rules, config.suggest_rules = dump_rules(parsed), False
        checking.check_cost(snapshot(), config, costly)
    if not config.suggest_rules:
        checking.check_columns(parse_rules(config.rules), config.tables)
    if values is not None:
        stated = parse_stated(values)
        checking.check_stated(stated, config.tables)
        config.values = dump_stated(stated)
    if merge is not None:
        config.merge = _checked_merge(config, parse_settings(merge))
    if groups is not None:
        config.groups = _checked_groups(config, groups)
    return config


def state_of(config: Unification) -> dict[str, Any]:
    """As the workspace file writes it; suggested rules are the word "suggest"."""
    rules = SUGGEST if config.suggest_rules else config.rules
    return {
        "tables": [
            {"table": name, "unmatched": False} if name in config.only_matched else name for name in config.tables
        ],
        "default_country": config.default_country,
        "rules": rules,
        "values": config.values,
        "merge": config.merge,
        "groups": USUAL if config.groups is None else config.groups,
    }


def _checked_merge(config: Unification, settings: MergeSettings) -> dict[str, Any]:
    """As it is stored. What profiles have today may only go when nothing uses it."""
    now = snapshot()
    check_settings(now, config.tables, settings)
    before = planned(now, config.tables, parse_settings(config.merge))
    after = planned(now, config.tables, settings)
    gone = columns_of(before, config.tables) - columns_of(after, config.tables)
    refuse_if_used(now, gone, "unification.merge")
    return dump_settings(settings)


def _checked_groups(config: Unification, groups: str | Sequence[dict[str, Any]]) -> list[dict[str, Any]] | None:
    """As they are stored; None for the usual ones."""
    now = snapshot()
    parsed = None if groups == USUAL else parse_groups(groups)
    before = {column.name for column in group_columns(configured_groups(now, config))}
    stored = None if parsed is None else dump_groups(parsed)
    if parsed is not None and all(now.has(name) for name in config.tables):
        check_groups(planned(now, config.tables, parse_settings(config.merge)), config.tables, parsed)
    changed = Unification(tables=config.tables, merge=config.merge, groups=stored)
    after = {column.name for column in group_columns(configured_groups(now, changed))}
    refuse_if_used(now, before - after, "unification.groups")
    return stored


def suggest_rules(*, by: Actor = None) -> Unification:
    """Writes the rules that the data suggests as an explicit list, to be edited. Reads all tables: seconds per million.

    Raises InvalidInput when a table is not loaded.
    """
    require(by, "profiles.change_unification")
    return save_unification(rules=dump_rules(suggested()), by=by)


def suggested() -> list[MatchRule]:
    """What the data suggests; nothing is changed. Who looks at it and takes it does not wait twice. Raises as
    `suggest_rules` does."""
    config, now = Unification.current(), snapshot()
    meanings = {name: mapped(now.info(name)) for name in config.tables}
    asked = [now.version, config.tables, config.only_matched, config.default_country, config.values, meanings]
    key = f"profiles.suggested.{digest(json.dumps(asked))}"
    kept = cache.get(key)
    if kept is not None:
        return parse_rules(kept)
    setup = replace(setup_of(config), rules=None)
    found = suggest(Evidence(prepare(table_inputs(now, config.tables), setup)))
    cache.set(key, dump_rules(found), REMEMBER_SECONDS)
    return found


def run_unification(*, by: Actor = None) -> Job:
    """Asks the workers to unify, link and gather activities. Raises Conflict while a refresh runs, InvalidInput where a
    table cannot take part."""
    require(by, "profiles.change_unification")
    now = snapshot()
    for name in Unification.current().tables:
        if why := why_not(now, name):
            raise InvalidInput(why, place=name)
    return start(STAGES, by=by)
