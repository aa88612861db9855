"""Live counts of five segments through HTTP, against hand-written SQL on the same files in a DuckDB of its own.

Ours is the builder's own request: session, permission, parsing, compiling, counting, the rule in words, JSON. Theirs is
the statement alone, by somebody who knows the tables, in a process that is warm and reads the same Parquet files.
"""

import datetime
from collections.abc import Sequence
from typing import Any

from bench.common import Result, Run, arguments, cpu, django, in_turns, measured, percentile, report, wall
from bench.data import prepare
from bench.peer import Peer
from bench.site import Site

MOST_RATIO = 1.5
MOST_P95_MS = 200
WARM_UP = 3

RULES: dict[str, dict[str, Any]] = {
    "loyal": {"all": [{"attribute": "loyalty_points", "op": "gt", "value": 1000}]},
    "city and age": {
        "all": [
            {"attribute": "city", "op": "in", "value": ["Berlin", "Seattle", "Paris"]},
            {"attribute": "birth_date", "op": "before", "value": "1980-01-01"},
            {"none": [{"attribute": "tier", "op": "eq", "value": "Gold"}]},
        ]
    },
    "spent lately": {
        "all": [
            {"attribute": "loyalty_points", "op": "gt", "value": 500},
            {
                "related": "shop.orders",
                "having": {"sum": "total", "op": "gt", "value": 100},
                "within": {"last": 90, "unit": "days"},
            },
        ]
    },
    "lapsed buyers": {
        "all": [
            {"related": "shop.orders", "having": {"count": True, "op": "gte", "value": 5}},
            {"related": "shop.orders", "having": {"exists": False}, "within": {"last": 90, "unit": "days"}},
        ]
    },
    "shoes or spend": {
        "any": [
            {
                "related": "shop.orders",
                "where": {"all": [{"attribute": "category", "op": "eq", "value": "shoes"}]},
                "within": {"last": 30, "unit": "days"},
            },
            {"attribute": "lifetime_spend", "op": "gte", "value": 900},
        ]
    },
}

# {p}, {m}, {o}: the tables; {d30}, {d90}: the orders of the last so many days.
SQL = {
    "loyal": "SELECT count(*) FROM {p} WHERE loyalty_points > 1000",
    "city and age": "SELECT count(*) FROM {p} WHERE lower(city) IN ('berlin', 'seattle', 'paris')"
    " AND birth_date < DATE '1980-01-01' AND (tier IS NULL OR lower(tier) <> 'gold')",
    "spent lately": "SELECT count(*) FROM {p} WHERE loyalty_points > 500 AND profile_id IN (SELECT profile_id FROM {o}"
    " WHERE {d90} GROUP BY profile_id HAVING sum(total) > 10000)",
    "lapsed buyers": "SELECT count(*) FROM (SELECT profile_id FROM {o} GROUP BY profile_id HAVING count(*) >= 5"
    " AND count(*) FILTER ({d90}) = 0)",
    "shoes or spend": "SELECT count(*) FROM (SELECT profile_id FROM {o} WHERE lower(category) = 'shoes' AND {d30}"
    " UNION SELECT profile_id FROM {m} WHERE lifetime_spend >= 90000)",
}


def statement(name: str, files: dict[str, list[str]]) -> str:
    now = datetime.datetime.now(datetime.UTC)

    def within(days: int) -> str:
        start = now - datetime.timedelta(days=days)
        return f"ordered_at BETWEEN TIMESTAMPTZ '{start.isoformat()}' AND TIMESTAMPTZ '{now.isoformat()}'"

    tables = {key: f"read_parquet({found})" for key, found in files.items()}
    return SQL[name].format(**tables, d30=within(30), d90=within(90))


def main(argv: Sequence[str] | None = None) -> None:
    options = arguments(argv, 1_000_000, runs=15)
    django()
    prepare(options.people)
    from lake.queries import snapshot

    lake = snapshot()
    names = {"p": "unified.profiles", "m": "measures.customer", "o": "linked.shop.orders"}
    files = {key: lake.files(name) for key, name in names.items()}
    found: list[Result] = []
    seen: list[Run] = []
    with Site() as site, Peer() as peer:
        for name, rule in RULES.items():

            def ours(rule: dict[str, Any] = rule) -> Run:
                before = site.cpu()
                run = measured(lambda: site.post("/rules/count/", {"rule": rule})["total"])
                return Run(run.wall, site.cpu() - before, run.result)

            def theirs(name: str = name) -> Run:
                return peer.value(statement(name, files))

            for _ in range(WARM_UP):
                ours(), theirs()
            mine, other = in_turns(ours, theirs, options.runs)
            answers = {run.result for run in (*mine, *other)}
            assert len(answers) == 1, f"{name}: the counts differ: {answers}"
            seen += mine
            found.append(_result(name, mine, other))
    found += _summary(found, seen)
    report(found, options.json)


def _result(name: str, mine: list[Run], other: list[Run]) -> Result:
    ratio = wall(mine) / wall(other)
    return Result(
        "segments", f"{name} ({mine[0].result:,})", wall(mine) * 1000, wall(other) * 1000, "ms", ratio,
        f"≤ {MOST_RATIO:g} ×", ratio <= MOST_RATIO, "ms SQL", sum(r.cpu for r in mine) / len(mine), cpu(other),
    )  # fmt: skip


def _summary(found: list[Result], seen: list[Run]) -> list[Result]:
    """The sum of the five medians, and the slowest in twenty of all requests."""
    ours, theirs = sum(row.ours for row in found), sum(row.theirs or 0 for row in found)
    p95 = percentile((run.wall for run in seen), 95) * 1000
    return [
        Result("segments", "all five", ours, theirs, "ms", ours / theirs, f"≤ {MOST_RATIO:g} ×",
               ours / theirs <= MOST_RATIO, "ms SQL"),
        Result("segments", "p95 of all counts", p95, None, "ms", None, f"< {MOST_P95_MS} ms", p95 < MOST_P95_MS),
    ]  # fmt: skip


if __name__ == "__main__":
    main()
