"""Rules by hand, as a good engineer would write them: DuckDB prepares, joins and compares, SciPy makes the clusters."""

import sys
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
from pyarrow import parquet
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from bench.common import measured, tell
from bench.unify.rules import LARGEST_DATE_DIFFERENCE, NAME_ALIKE, RULES, Rule
from bench.unify.standard import standardise

_ALIKE = """greatest(
    least(jaro_winkler_similarity(a.first, b.first), jaro_winkler_similarity(a.last, b.last)),
    least(jaro_winkler_similarity(a.first, b.last), jaro_winkler_similarity(a.last, b.first)))"""
_SWAPPED = "a.birth[1:4] || a.birth[7:8] || a.birth[5:6] = b.birth"


def pairs_of(rule: Rule) -> str:
    """One join per rule."""
    join = [f"a.{key} = b.{key}" for key in rule.keys] + ["a.rec < b.rec"]
    where = []
    if "birth" not in rule.keys:
        where.append(f"coalesce(damerau_levenshtein(a.birth, b.birth) <= {LARGEST_DATE_DIFFERENCE}, true)")
    if rule.name == "equal":
        join += ["a.first = b.first", "a.last = b.last"]
    elif rule.name:
        where.append(f"{_ALIKE} >= {NAME_ALIKE}")
    if rule.near:
        where.append(f"(damerau_levenshtein(a.birth, b.birth) <= 1 OR {_SWAPPED})")
    condition = " AND ".join(where) or "true"
    return f"SELECT a.rec AS one, b.rec AS other FROM people a JOIN people b ON {' AND '.join(join)} WHERE {condition}"


def unify(folder: Path, target: Path) -> int:
    database = duckdb.connect()
    standardise(database, folder)
    found = database.execute(" UNION ".join(pairs_of(rule) for rule in RULES)).fetchnumpy()
    records = database.execute("SELECT tbl, record_id FROM people ORDER BY rec").to_arrow_table()
    one, other = found["one"], found["other"]
    graph = coo_matrix((np.ones(len(one), np.int8), (one, other)), shape=(records.num_rows, records.num_rows))
    _count, labels = connected_components(graph, directed=False)
    named = {"table": records["tbl"], "record_id": records["record_id"], "cluster": pa.array(labels)}
    parquet.write_table(pa.table(named), target)
    return len(one)


if __name__ == "__main__":
    folder, target = map(Path, sys.argv[1:3])
    tell(measured(lambda: unify(folder, target)))
