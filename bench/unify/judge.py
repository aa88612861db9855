"""How right a contender is, by the truth of every record."""

import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

from bench.common import alone, measured, tell


@dataclass(frozen=True)
class Quality:
    """Pairwise. `mixed`: of the `households` with at least two known members, those of which two became one person."""

    precision: float
    recall: float
    f1: float
    largest: int
    largest_true: int
    mixed: int
    households: int


_PAIRS = "SELECT coalesce(sum(n * (n - 1) // 2), 0) FROM (SELECT count(*) AS n FROM found GROUP BY {})"
_LARGEST = "SELECT max(n) FROM (SELECT count(*) AS n FROM found GROUP BY {})"


def judge(clusters: Path, truth: Path) -> Quality:
    """Raises ValueError where a record is missing, or there twice."""
    database = duckdb.connect()
    database.execute(
        f"CREATE TABLE found AS SELECT t.*, cluster FROM '{truth}' t JOIN '{clusters}' c USING (\"table\", record_id)"
    )

    def number(statement: str) -> int:
        row = database.execute(statement).fetchone()
        assert row
        return int(row[0])

    records = number(f"SELECT count(*) FROM '{truth}'")
    if not records == number("SELECT count(*) FROM found") == number(f"SELECT count(*) FROM '{clusters}'"):
        raise ValueError(f"{clusters} does not hold each record of {truth} once.")
    said, true = number(_PAIRS.format("cluster")), number(_PAIRS.format("person"))
    both = number(_PAIRS.format("cluster, person"))
    of_household = "SELECT count(*) FROM (SELECT household FROM {} GROUP BY 1 HAVING count(DISTINCT person) > 1)"
    together = (
        "(SELECT household, person FROM found WHERE (cluster, household) IN (SELECT (cluster, household) FROM found"
        " GROUP BY cluster, household HAVING count(DISTINCT person) > 1))"
    )
    known = "(SELECT household, person FROM found WHERE household IS NOT NULL)"
    return Quality(
        precision=both / said if said else 1.0,
        recall=both / true if true else 1.0,
        f1=2 * both / max(1, said + true),
        largest=number(_LARGEST.format("cluster")),
        largest_true=number(_LARGEST.format("person")),
        mixed=number(of_household.format(together)),
        households=number(of_household.format(known)),
    )


def judge_alone(clusters: Path, truth: Path) -> Quality:
    """The same in a process of its own: what it takes here would count as the peak memory of those started later."""
    run, _peak = alone("bench.unify.judge", str(clusters), str(truth))
    return Quality(**run.result)


if __name__ == "__main__":
    tell(measured(lambda: asdict(judge(Path(sys.argv[1]), Path(sys.argv[2])))))
