"""Whether a configuration of unification can work, said before anything runs. Reads the catalog and the last run."""

from collections.abc import Mapping, Sequence
from typing import Any

import phonenumbers
from django.utils.translation import gettext as _

from core import formats
from core.errors import InvalidInput
from lake.queries import Snapshot, snapshot
from profiles.config.words import meaning
from profiles.inputs.last_compared import features_of_rules, last_records
from profiles.inputs.mapping import split_name
from profiles.models import Unification
from profiles.unify.config.rules import MatchRule
from profiles.unify.pairs.cost import Cost, TooManyPairs, refuse_too_costly
from profiles.unify.reading.records import Records
from profiles.unify.values.stated import Stated


def tables_of(value: Sequence[str | Mapping[str, Any]]) -> tuple[list[str], list[str]]:
    """The names, and which of the tables only add to customers whom others know. Raises InvalidInput."""
    names, only_matched = [], []
    for number, item in enumerate(value):
        name, unmatched = _table_of(item, f"unification.tables[{number}]")
        place = f"unification.tables[{name}]"
        split_name(name)
        if name in names:
            raise InvalidInput(_("“%(table)s” is named twice.") % {"table": name}, place=place)
        names.append(name)
        if not unmatched:
            only_matched.append(name)
    if names and len(only_matched) == len(names):
        message = _("No table makes customers by itself. Let unmatched records of at least one table become customers.")
        raise InvalidInput(message, place="unification.tables")
    return names, only_matched


def _table_of(item: Any, place: str) -> tuple[str, bool]:
    if isinstance(item, str):
        return item, True
    known = isinstance(item, Mapping) and set(item) <= {"table", "unmatched"}
    if not known or not isinstance(item.get("table"), str) or not isinstance(item.get("unmatched", True), bool):
        message = _("Write a table as source.table, or as {table: source.table, unmatched: false}.")
        raise InvalidInput(message, place=place)
    return item["table"], item.get("unmatched", True)


def country_of(text: str) -> str:
    code = text.strip().upper()
    if code not in phonenumbers.SUPPORTED_REGIONS:
        message = _("“%(code)s” is no country. Write its two letters, for example US or DE.")
        raise InvalidInput(message % {"code": text}, place="unification.default_country")
    return code


def _loaded(tables: Sequence[str]) -> tuple[set[str], set[str]] | None:
    """Columns and meanings of the tables; None while one has not been loaded: it may be stated before."""
    now = snapshot()
    infos = [now.info(name) for name in tables if now.has(name)]
    if len(infos) < len(tables):
        return None
    columns = {column.name for info in infos for column in info.columns}
    return columns, {column.semantic for info in infos for column in info.columns if column.semantic}


def check_stated(stated: Stated, tables: Sequence[str]) -> None:
    """Raises InvalidInput when values are stated of what no loaded table has."""
    loaded = _loaded(tables)
    for name in stated.by if loaded else ():
        column = next((name.removeprefix(f"{table}.") for table in tables if name.startswith(f"{table}.")), name)
        if loaded and column not in loaded[0] | loaded[1]:
            message = _("None of the tables has a column “%(name)s”, or one that means it.") % {"name": name}
            raise InvalidInput(message, place=f"unification.values[{name}]")


def check_columns(rules: Sequence[MatchRule], tables: Sequence[str]) -> None:
    """Raises InvalidInput when a rule names a column, or asks for a meaning, that no loaded table has."""
    loaded = _loaded(tables)
    if loaded is None:
        return
    columns, meanings = loaded
    if meanings & {"person.first_name", "person.last_name", "person.full_name"}:
        meanings |= {"person.name", "person.first_name", "person.last_name"}
    for rule in rules:
        for condition in (*rule.when, *rule.unless):
            if condition.column and condition.column not in columns:
                message = _("None of the tables has a column “%(name)s”.") % {"name": condition.column}
                raise InvalidInput(message, place=f"unification.rules[{rule.name}]")
            if condition.semantic and condition.semantic not in meanings:
                message = _("None of the tables has a column that means “%(name)s”.") % {"name": condition.semantic}
                raise InvalidInput(message, place=f"unification.rules[{rule.name}]")


def check_cost(now: Snapshot, config: Unification, rules: Sequence[MatchRule]) -> None:
    """Raises InvalidInput when a rule asks for more pairs than can be compared, as the values of the last run tell.
    What was not compared then is looked at when a run begins. Seconds per million records."""
    active = [rule for rule in rules if rule.active]
    known = last_records(now, config, features_of_rules(active)) if active else None
    if known is not None:
        check_cost_of(known.records, active)


def check_cost_of(records: Records, rules: Sequence[MatchRule]) -> None:
    """The same by records at hand."""
    try:
        refuse_too_costly(records, rules)
    except TooManyPairs as error:
        raise cost_in_words(error.cost) from error


def cost_in_words(cost: Cost) -> InvalidInput:
    words = {
        "rule": cost.rule,
        "pairs": formats.number(cost.pairs),
        "sharing": formats.number(cost.sharing),
        "what": ", ".join(meaning(name) for name in cost.features),
        "value": cost.value,
    }
    message = _(
        "“%(rule)s” would compare %(pairs)s pairs: %(sharing)s records alone have the same %(what)s, “%(value)s”."
        " Ask for one more thing that must be the same, or state that the value is to be ignored."
    )
    return InvalidInput(message % words, place=f"unification.rules[{cost.rule}]")
