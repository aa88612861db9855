"""The records of the last run with what was compared of them, for who tries a rule before it runs."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from lake.queries import Snapshot
from profiles import state
from profiles.mapping import split_name
from profiles.models import Unification, UnificationRun
from profiles.unify import compared, hubs
from profiles.unify.records import Hub, Records, TableInput
from profiles.unify.rules import MatchRule

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
    told = [Hub(**hub) for hub in UnificationRun.latest_report().get("hubs", [])]
    owners = table.column(compared.PROFILE).combine_chunks()
    return LastRecords(hubs.without(plain, hubs.codes_of(plain, told)), rows, owners)


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
