"""The records of the last run with what was compared of them, for who tries a rule before it runs."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from lake.queries import Snapshot
from profiles.inputs import state
from profiles.inputs.mapping import mapped, split_name
from profiles.models import Unification, UnificationRun
from profiles.unify.config.rules import MatchRule, own_way
from profiles.unify.reading import compared, hubs
from profiles.unify.reading.records import Hub, Records, TableInput
from profiles.unify.values.stated import parse_stated

NAME = "person.name"
_NAMES = (compared.GIVEN, compared.FAMILY)


@dataclass(frozen=True)
class LastRecords:
    """`numbers`: of each record in the last run; `profile_ids`: whose it is."""

    records: Records
    numbers: npt.NDArray[np.int64]
    profile_ids: pa.Array


def features_of_rules(rules: Sequence[MatchRule]) -> set[str]:
    conditions = [condition for rule in rules for condition in (*rule.when, *rule.unless)]
    return {condition.measured_feature for condition in conditions if not condition.is_evidence}


def last_records(
    now: Snapshot, config: Unification, features: Collection[str], numbers: npt.NDArray[np.int64] | None = None
) -> LastRecords | None:
    """With these features alone, of all records or of those with these numbers, hubs set aside. None where a feature
    was not compared in the last run, or there was none."""
    table = state.last_records(now)
    columns = None if table is None else columns_of(table.column_names, features)
    if table is None or columns is None:
        return None
    rows = np.arange(table.num_rows) if numbers is None else np.asarray(numbers, np.int64)
    table = table.select([*compared.KEYS, compared.PROFILE, *columns]).take(pa.array(rows))
    inputs = [TableInput(*split_name(name), (), pa.table({}), {}) for name in config.tables]
    plain = compared.records_of(table, inputs)
    owners = table.column(compared.PROFILE).combine_chunks()
    return LastRecords(hubs.without(plain, hub_codes(now, config, plain)), rows, owners)


def hub_codes(now: Snapshot, config: Unification, records: Records) -> dict[str, hubs.Codes]:
    """Which values of some records of the last run were set aside in it, by feature. The report of a run names the
    largest alone: where there were more, or a rule compares in its own way, all of its records are looked at again,
    once for a publication (two seconds per million)."""
    report = UnificationRun.latest_report()
    told = [Hub(**hub) for hub in report.get("hubs", [])]
    if report.get("hub_count", 0) <= len(told) and not any(map(own_way, records.features)):
        return hubs.codes_of(records, told)
    every = _set_aside(now, config.default_country, json.dumps(config.values, sort_keys=True))
    return {
        name: pc.drop_null(pc.index_in(every[name], value_set=records.features[name].values)).to_numpy()
        for name in every.keys() & records.features.keys()
    }


@lru_cache(maxsize=2)
def _set_aside(now: Snapshot, country: str, values: str) -> dict[str, pa.Array]:
    table = state.last_records(now)
    if table is None:
        return {}
    asked = [c for c in table.column_names if c in _NAMES or c.startswith((*hubs.SHARED, hubs.BIRTH))]
    inputs = [
        TableInput(*split_name(name), (), pa.table({}), mapped(now.info(name)) if now.has(name) else {})
        for name in Unification.current().tables
    ]
    plain = replace(compared.records_of(table.select([*compared.KEYS, *asked]), inputs), readings=state.readings(now))
    found = hubs.crowded(plain, country, parse_stated(json.loads(values)))
    return {name: plain.features[name].values.take(pa.array(codes)) for name, codes in found.items()}


def columns_of(known: Collection[str], features: Collection[str]) -> list[str] | None:
    """The columns in which these features stand; None where one is missing."""
    known = [c for c in known if c not in (*compared.KEYS, compared.HASH, compared.PROFILE)]
    found = []
    for name in sorted(features):
        mine = [c for c in known if (c in _NAMES if name == NAME else c.partition("#")[0] == name)]
        if not mine:
            return None
        found += mine
    return found
