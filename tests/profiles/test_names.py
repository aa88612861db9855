"""Names of tables that write them differently."""

import pyarrow as pa

from profiles.unify.records import TableInput
from profiles.unify.rules import parse_rules
from profiles.unify.run import unify
from profiles.unify.setup import Setup

SAME_NAME = parse_rules([{"name": "Same name", "when": [{"semantic": "person.name"}]}])
SETUP = Setup(country="US", rules=tuple(SAME_NAME))


def test_a_name_in_one_column_equals_the_same_name_in_two() -> None:
    columns = {"given": "person.first_name", "family": "person.last_name"}
    apart = pa.table({"id": ["1", "2"], "given": ["Mary", None], "family": ["Garfield", None]})
    whole = pa.table({"id": ["3", "4"], "name": ["GARFIELD, Mary", None]})
    tables = [
        TableInput("x", "apart", ("id",), apart, columns),
        TableInput("x", "whole", ("id",), whole, {"name": "person.full_name"}),
    ]
    found = unify(tables, SETUP, lambda records: pa.nulls(records.count, pa.timestamp("us", "UTC")))
    people = dict(zip(found.links["record_id"].to_pylist(), found.links["profile_id"].to_pylist(), strict=True))
    assert people["1"] == people["3"]
    assert len(set(people.values())) == 3
