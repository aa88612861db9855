"""The rehearsal's data are the same every time, and what was never tuned to stays well told apart."""

from random import Random

import numpy as np
import pyarrow as pa
import pytest

import bench.unify.sets  # noqa: F401 - registers the sets
from bench.unify.rehearsal.invented import PERSON, SETS, System
from profiles.unify.matching.cluster import cluster
from profiles.unify.matching.match import match
from profiles.unify.matching.suggest import suggest
from profiles.unify.reading.records import TableInput
from profiles.unify.run import prepare
from profiles.unify.setup import Setup
from profiles.unify.weighing.evidence import Evidence


@pytest.mark.parametrize("name", sorted(SETS))
def test_a_set_is_the_same_every_time_and_has_something_to_find(name: str) -> None:
    made = SETS[name](Random(7))
    assert [system.rows for system in made.systems] == [system.rows for system in SETS[name](Random(7)).systems]
    people = [row[PERSON] for system in made.systems for row in system.rows]
    assert 500 < len(people) - len(set(people)) < len(people)
    assert all(set(system.meanings) <= {column for row in system.rows for column in row} for system in made.systems)


def _input(system: System) -> TableInput:
    columns = dict.fromkeys(column for row in system.rows for column in row if column != PERSON)
    data = {column: pa.array([row.get(column) for row in system.rows]) for column in columns}
    keys = pa.array([f"{number:05d}" for number in range(len(system.rows))])
    return TableInput("x", system.name, ("key",), pa.table(data | {"key": keys}), system.meanings)


def _pairs(*labels: np.ndarray) -> int:
    counts = np.unique(np.stack(labels), axis=1, return_counts=True)[1]
    return int((counts * (counts - 1) // 2).sum())


@pytest.mark.parametrize(("name", "least"), [("historical", 0.95), ("papers", 0.97)])
def test_people_and_things_are_told_apart(name: str, least: float) -> None:
    made = SETS[name](Random(7))
    records = prepare([_input(system) for system in made.systems], Setup(country=made.country))
    evidence = Evidence(records)
    rules = suggest(evidence)
    found = cluster(records, match(records, rules, evidence), rules, evidence)
    person = np.array([int(row[PERSON]) for system in made.systems for row in system.rows])
    assert 2 * _pairs(found, person) / (_pairs(found) + _pairs(person)) > least
