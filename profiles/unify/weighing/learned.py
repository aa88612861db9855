"""What was learned from all records: kept from one run to the next, so that a pair weighs the same whoever asks."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from profiles.unify.config.rules import MatchRule, dump_rules, parse_rules
from profiles.unify.values.readings import Readings
from profiles.unify.weighing import frequencies
from profiles.unify.weighing.aspect import BIRTH, DIFFERENT
from profiles.unify.weighing.aspects import USUAL_BORN
from profiles.unify.weighing.frequencies import Frequencies
from profiles.unify.weighing.model import NAME_ALONE, NAMESAKES, Model, Numbers


@dataclass(frozen=True)
class Learned:
    """`rules`: as configured or as suggested. `limits`: the largest groups compared, by key. `model` and `frequencies`
    are there when a rule asks for evidence. `readings`: how columns were read. `records`: of how many."""

    rules: tuple[MatchRule, ...]
    limits: Mapping[str, int]
    records: int
    model: Model | None = None
    frequencies: Frequencies = field(default_factory=lambda: Frequencies({}, {}, 0))
    readings: Readings = field(default_factory=Readings)

    def as_json(self) -> dict[str, Any]:
        """All but the frequencies of values and the readings of columns, which are tables."""
        return {
            "rules": dump_rules(list(self.rules)),
            "limits": dict(self.limits),
            "records": self.records,
            "model": _plain(asdict(self.model)) if self.model else None,
            "totals": dict(self.frequencies.totals),
            "tables": self.frequencies.tables,
        }


def from_json(value: Mapping[str, Any], values: pa.Table, readings: Readings) -> Learned:
    """`values`: as `frequencies.as_table` gives them, or those of the records at hand alone."""
    return Learned(
        rules=tuple(parse_rules(value["rules"])),
        limits=value["limits"],
        records=value["records"],
        model=_model(value["model"]) if value["model"] else None,
        frequencies=frequencies.from_table(values, value["totals"], value["tables"]),
        readings=readings,
    )


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.tolist() if isinstance(value, np.ndarray) else value


def _namesakes(value: Sequence[float]) -> Numbers:
    """Those of an earlier version were counted in other steps: until the next run a name alone says nothing."""
    return np.array(value) if len(value) == NAMESAKES else np.full(NAMESAKES, NAME_ALONE)


def _levels(name: str, levels: Sequence[float]) -> Numbers:
    """An earlier version did not tell dates that differ altogether from those that differ in part: until the next run
    both say the same."""
    found: Numbers = np.array(levels)
    return np.insert(found, DIFFERENT, found[DIFFERENT]) if name == BIRTH and len(found) == len(USUAL_BORN) else found


def _model(value: Mapping[str, Any]) -> Model:
    def tables(found: Mapping[str, Any]) -> dict[str, Any]:
        return {name: _levels(name, levels) for name, levels in found.items()}

    return Model(
        person=tables(value["person"]),
        household=tables(value["household"]),
        strangers=tuple(tables(group) for group in value["strangers"]),
        shares=np.array(value["shares"]),
        overall=tables(value["overall"]),
        matches=value["matches"],
        households=value["households"],
        namesakes=_namesakes(value["namesakes"]),
        shared=tables(value.get("shared", {})),
    )
