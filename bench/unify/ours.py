"""Our unification, Parquet in, who is who out: with rules that it finds itself, or with those by hand."""

import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import scipy.sparse.csgraph  # noqa: F401 - loading it is not counted, for nobody
from pyarrow import parquet

from bench.common import measured, tell
from bench.unify.rules import NAME_ALIKE, RULES, Rule
from bench.unify.sets import DataSet, load
from profiles.unify.config.rules import Condition, MatchRule
from profiles.unify.matching.cluster import cluster
from profiles.unify.matching.match import match
from profiles.unify.matching.suggest import suggest
from profiles.unify.reading.records import TableInput
from profiles.unify.run import prepare
from profiles.unify.setup import Setup
from profiles.unify.values.normalise import normalise
from profiles.unify.weighing.evidence import Evidence

SEMANTICS = {
    "email": "contact.email",
    "phone": "contact.phone",
    "birth": "person.birth_date",
    "line": "address.line",
    "city": "address.city",
    "postcode": "address.postcode",
}
ANYTHING = pa.array(["Dr. Zoë 1", "+1 212 555 0142"])
BORN_APART = Condition(semantic=SEMANTICS["birth"], compare="differs")


def unify(data: DataSet, target: Path, *, by_hand: bool) -> list[str]:
    """Returns the names of the rules that were used."""
    rules = tuple(_of(rule, data.shared_id) for rule in RULES) if by_hand else None
    tables = [
        TableInput(data.name, table.name, (table.key,), parquet.read_table(data.file(table)), table.meanings)
        for table in data.tables
    ]
    records = prepare(tables, Setup(country=data.country, rules=rules))
    evidence = Evidence(records)
    rules = tuple(suggest(evidence)) if rules is None else rules
    found = cluster(records, match(records, rules, evidence), rules, evidence)
    names = np.array([table.table for table in records.tables])[records.table_index]
    parquet.write_table(pa.table({"table": names, "record_id": records.record_ids, "cluster": pa.array(found)}), target)
    return [rule.name for rule in rules]


def warm_up(data: DataSet) -> None:
    """Loads what is loaded when it is first needed, such as the telephone codes of the world."""
    for meaning in {meaning for table in data.tables for meaning in table.meanings.values()}:
        normalise(ANYTHING, meaning, data.country)


def _of(rule: Rule, shared_id: str) -> MatchRule:
    when = [Condition(semantic=SEMANTICS.get(key, shared_id)) for key in rule.keys]
    if rule.name == "equal":
        when.append(Condition(semantic="person.name"))
    elif rule.name:
        when.append(Condition(semantic="person.name", compare="name", threshold=NAME_ALIKE))
    if rule.near:
        when.append(Condition(semantic=SEMANTICS["birth"], compare="date", threshold="high"))
    return MatchRule(name=rule.title, when=tuple(when), unless=() if "birth" in rule.keys else (BORN_APART,))


if __name__ == "__main__":
    data, target, way = load(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    warm_up(data)
    tell(measured(lambda: unify(data, target, by_hand=way == "rules")))
